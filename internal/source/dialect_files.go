package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// variantName matches files that name the database that they are for:
// 20200101_a.mysql.up.sql, 001_init_sqlite.sql, V1.a.all.up.sql.
var variantName = lazyregexp.New(`(?i)^(.+?)([._-])(pg|pgsql|psql|postgres|postgresql|cockroach|cockroachdb|crdb|mysql|mariadb|sqlite3?|mssql|sqlserver|oracle|h2|hsqldb|clickhouse|all)((?:\.autocommit)?(?:\.(?:up|down|do|undo))?\.sql)$`)

// A variant is one of several files that do the same for different databases.
type variant struct {
	file      string
	key       string // what the variants have in common
	dialect   string // "" for all that have none of their own
	separator string // in front of the dialect; "" where none is named
}

func variantOf(file string) variant {
	m := variantName.FindStringSubmatch(file)
	if m == nil {
		return variant{file: file, key: variantKey(file)}
	}
	v := variant{file: file, key: variantKey(m[1] + m[4]), dialect: canonicalDialect(m[3]), separator: m[2]}
	if v.dialect == "all" {
		v.dialect = ""
	}
	return v
}

// variantKey is the name without what one variant may need and the others not:
// 3_index.postgres.autocommit.up.sql beside 3_index.up.sql.
func variantKey(name string) string {
	return strings.Replace(strings.ToLower(name), ".autocommit.", ".", 1)
}

// dialectOfNames is the other database that all files name; "" when one does not.
func dialectOfNames(files []string) (dialect, file string) {
	for _, f := range files {
		v := variantOf(f)
		if v.separator != "." || !v.isForeign() {
			return "", ""
		}
	}
	if len(files) == 0 {
		return "", ""
	}
	return variantOf(files[0]).dialect, files[0]
}

// ofOthers are the files of SQL that stand beside PostgreSQL's for other databases. There
// are none unless the same migration is there for two databases: 009_leave_mysql.sql
// alone tells what it does.
func ofOthers(files []string) map[string]bool {
	groups := map[string][]variant{}
	for _, f := range files {
		v := variantOf(f)
		groups[v.key] = append(groups[v.key], v)
	}
	separators := variantSeparators(groups)
	others := map[string]bool{}
	for _, group := range groups {
		own := slices.ContainsFunc(group, func(v variant) bool { return v.dialect == postgresql && separators[v.separator] })
		for _, v := range group {
			if v.isForeign() && separators[v.separator] || v.dialect == "" && own {
				others[v.file] = true
			}
		}
	}
	if len(others) == len(files) {
		return nil // none is PostgreSQL's, which is told of the folder
	}
	return others
}

// variantSeparators are what stands in front of databases in files of which there are
// several for one migration.
func variantSeparators(groups map[string][]variant) map[string]bool {
	separators := map[string]bool{}
	for _, group := range groups {
		for _, v := range group {
			if v.isForeign() && slices.ContainsFunc(group, func(other variant) bool { return other.dialect != v.dialect }) {
				separators[v.separator] = true
			}
		}
	}
	return separators
}

func (v variant) isForeign() bool { return v.dialect != "" && v.dialect != postgresql }

// ours returns the files but those that stand beside PostgreSQL's for other databases.
// Nobody may change the list.
func (d *directory) ours() []string {
	if d.oursFiles == nil {
		var all []string
		for _, f := range d.files {
			if isSQL(f) {
				all = append(all, f)
			}
		}
		d.others = ofOthers(all)
		d.oursFiles = slices.DeleteFunc(slices.Clone(d.files), func(f string) bool { return d.others[f] })
	}
	return d.oursFiles
}

// leftOut says that files are for other databases; "" when none are.
func (d *directory) leftOut() string {
	if d.ours(); len(d.others) == 0 {
		return ""
	}
	first := ""
	for _, f := range d.files {
		if d.others[f] && first == "" {
			first = f
		}
	}
	return fmt.Sprintf("files for other databases are left out, as their names say (%s)", first)
}

package source

import (
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
	word      string // the dialect as the file writes it
}

func variantOf(file string) variant {
	m := variantName.FindStringSubmatch(file)
	if m == nil {
		return variant{file: file, key: variantKey(file)}
	}
	v := variant{file: file, key: variantKey(m[1] + m[4]), dialect: canonicalDialect(m[3]), separator: m[2], word: m[3]}
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

// variantsOf returns the files of SQL of one directory that stand beside PostgreSQL's for
// other databases, and what tells each, which others may have, too. There are none unless
// the same migration is there for two databases: 009_leave_mysql.sql alone tells what it does.
func variantsOf(files []string) map[string]string {
	if !slices.ContainsFunc(files, mayBeForeign) {
		return nil
	}
	groups := map[string][]variant{}
	for _, f := range files {
		v := variantOf(f)
		groups[v.key] = append(groups[v.key], v)
	}
	separators := variantSeparators(groups)
	others := map[string]string{}
	for _, group := range groups {
		own := slices.IndexFunc(group, func(v variant) bool { return v.dialect == postgresql && separators[v.separator] })
		for _, v := range group {
			switch {
			case v.isForeign() && separators[v.separator]:
				others[v.file] = v.mark()
			case v.dialect == "" && own >= 0:
				others[v.file] = group[own].mark()
			}
		}
	}
	if len(others) == len(files) {
		return nil // none is PostgreSQL's, which is told of the folder
	}
	return others
}

// foreignWords are in the names of all files that variantName says are for another database.
// They spare it, of which a folder has thousands of files.
var foreignWords = []string{"cockroach", "crdb", "mysql", "mariadb", "sqlite", "mssql", "sqlserver", "oracle", "h2", "hsqldb", "clickhouse"}

func mayBeForeign(file string) bool {
	file = strings.ToLower(file)
	return slices.ContainsFunc(foreignWords, func(word string) bool { return strings.Contains(file, word) })
}

// variantSeparators are what stands in front of databases in files of which there are
// several for one migration.
func variantSeparators(groups map[string][]variant) map[string]bool {
	separators := map[string]bool{}
	for _, group := range groups {
		for _, v := range group {
			if v.isForeign() && slices.ContainsFunc(group, v.isBeside) {
				separators[v.separator] = true
			}
		}
	}
	return separators
}

// isBeside tells whether another file of the same name, but for the database, shows that v
// is a variant. 1_drop_oracle.sql beside 1_drop.sql, and R__drop_mysql.sql beside
// R__drop.sql, may run both; ways back show nothing.
func (v variant) isBeside(other variant) bool {
	switch {
	case other.dialect == v.dialect || backwardFile.MatchString(v.file):
		return false
	case other.dialect != "" || v.separator == ".":
		return true
	default:
		return numberFirst.MatchString(v.file) && isUnmistakable(v.dialect)
	}
}

func (v variant) isForeign() bool { return v.dialect != "" && v.dialect != postgresql }

// mark is what the name has that others may have, too: "." or "_mysql".
func (v variant) mark() string {
	if v.separator == "." {
		return "."
	}
	return v.separator + v.dialect
}

// IsForOthers returns what tells of the names in a directory that they stand beside
// PostgreSQL's for other databases, in head and, if only by their kind, on the base: one that
// a branch adds does not hide another one. 3_a.mysql.sql does, and 3_a.sql beside
// 3_a.postgres.sql.
func IsForOthers(head, base []string) func(name string) bool {
	now, known := variantsOf(onlySQL(head)), map[string]bool{}
	for _, mark := range variantsOf(onlySQL(base)) {
		known[mark] = true
	}
	return func(name string) bool { return now[name] != "" && known[now[name]] }
}

func onlySQL(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !isSQL(name) })
}

// ours returns the files but those that stand beside PostgreSQL's for other databases.
// Nobody may change the list.
func (d *directory) ours() []string {
	if d.oursFiles == nil {
		d.others = variantsOf(onlySQL(d.files))
		d.oursFiles = slices.DeleteFunc(slices.Clone(d.files), func(f string) bool { return d.others[f] != "" })
	}
	return d.oursFiles
}

// takeAll has every file be the tool's, whatever its name says of databases.
func (d *directory) takeAll() {
	d.oursFiles, d.sqlFiles, d.others = slices.Clone(d.files), nil, nil
}

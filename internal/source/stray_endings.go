package source

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

var (
	// sqlEndings are those that files of SQL have beside .sql.
	sqlEndings = []string{".psql", ".pgsql", ".plpgsql", ".ddl", ".dml"}

	// templateEndings are those of files that a program fills in before they are SQL.
	templateEndings = []string{".tmpl", ".gotmpl", ".tpl", ".template", ".j2", ".jinja", ".jinja2", ".erb", ".ejs", ".hbs", ".mustache", ".liquid"}

	// backwardEnding is that of a way back, whatever comes behind: 0001_a.down.sql.j2.
	backwardEnding = lazyregexp.New(`(?i)(^|[._-])(down|undo|rollback|revert)(\.sql)?\.\w+$`)

	// renderedEnding is what a template is called that makes SQL: 0001_a.up, 0001_a.sql,
	// V1.2, 0001_a.
	renderedEnding = lazyregexp.New(`(?i)(^[^.]*|\.(sql|psql|pgsql|ddl|up|do|\d\w*))$`)
)

// IsTemplateOfSQL tells whether a file is called like one that a program fills in to make
// SQL of it: 0001_a.up.tmpl, b.sql.j2. The name alone does not tell whether it is a migration.
func IsTemplateOfSQL(name string) bool {
	base := path.Base(name)
	ending := strings.ToLower(path.Ext(base))
	return slices.Contains(templateEndings, ending) && renderedEnding.MatchString(base[:len(base)-len(ending)])
}

// IsOtherSQL tells whether a file is called like SQL of another ending than .sql.
func IsOtherSQL(name string) bool {
	return slices.Contains(sqlEndings, strings.ToLower(path.Ext(name)))
}

// StrayEnding tells whether a file counts that is called like SQL with another ending than
// .sql, or like a template of SQL. What is beside migrations, or in a directory that is
// called after them, is one by its ending; elsewhere a template needs a number:
// 0002_b.sql.j2, but not report.sql.j2.
func StrayEnding(name string, besideSQL bool) bool {
	template := IsTemplateOfSQL(name)
	if !template && !IsOtherSQL(name) || backwardEnding.MatchString(path.Base(name)) || !StrayFile(asSQL(name)) {
		return false
	}
	return !template || besideSQL || isMigrationPlace(name) || numberOf(path.Base(name)) != ""
}

// asSQL is what the file would be called if it were SQL: 0001_a.up.sql for 0001_a.up.tmpl.
func asSQL(name string) string {
	name = strings.TrimSuffix(name, path.Ext(name))
	if strings.EqualFold(path.Ext(name), ".sql") {
		return name
	}
	return name + ".sql"
}

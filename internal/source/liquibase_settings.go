package source

import (
	"cmp"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// liquibaseSettings are what a project tells Liquibase about names; "" for its own.
// Liquibase writes them without quotes.
// https://docs.liquibase.com/parameters/home.html
type liquibaseSettings struct {
	table, lock string // where it notes what has run, and that it runs
	tables      string // their schema
	schema      string // the default one, which begins the search path
}

func liquibaseFiles() []settingsFile {
	return append([]settingsFile{{"liquibase.properties", parseProperties}}, springFiles()...)
}

func (d *directory) liquibaseSettings() (s liquibaseSettings) {
	d.settings(liquibaseFiles(), func(settings map[string]string) bool {
		s.schema = d.liquibaseSetting(settings, "defaultschema")
		s.tables = cmp.Or(d.liquibaseSetting(settings, "liquibaseschema"), s.schema)
		s.table = d.liquibaseSetting(settings, "databasechangelogtable")
		s.lock = d.liquibaseSetting(settings, "databasechangeloglocktable")
		return s != (liquibaseSettings{})
	})
	if s == (liquibaseSettings{}) {
		s.schema = strings.ToLower(d.commandsSay(liquibaseSchemaOption, nil))
		s.tables = cmp.Or(strings.ToLower(d.commandsSay(liquibaseTablesOption, nil)), s.schema)
	}
	if s.tables == "public" {
		s.tables = "" // which is the same, and no other name than none
	}
	return s
}

// How commands and their environment name the schemas, which also stand alone on a line of
// a list in YAML: - --defaultSchemaName=live.
var (
	liquibaseSchemaOption = lazyregexp.New(liquibaseOption("DEFAULT[_-]?SCHEMA"))
	liquibaseTablesOption = lazyregexp.New(liquibaseOption("LIQUIBASE[_-]?SCHEMA"))
)

func liquibaseOption(name string) string {
	return `(?i)(?:--|\bLIQUIBASE_(?:COMMAND_)?)` + name + `[_-]?NAME["']?\s*[=: ]\s*["']?([^\s"'\\,\]]+)`
}

// configureLiquibase sets the default schema, which Liquibase takes to be there. Where the
// first changeset makes it, so that it was not, the tables of Liquibase's own were in public.
func configureLiquibase(f *Folder, d *directory) {
	s := d.liquibaseSettings()
	f.own = s
	if s.schema == "" {
		return
	}
	f.searchPath = beginsWith(s.schema)
	if len(f.steps) > 0 && madeSchema(f.steps[0].text, s.schema) {
		if f.Schema == s.schema && !f.named {
			f.Schema = ""
		}
		return
	}
	f.schemas = []string{s.schema}
}

var schemaMade = lazyregexp.New(`(?i)\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?"?([\w$]+)`)

func madeSchema(sql, schema string) bool {
	for _, m := range schemaMade.FindAllStringSubmatch(sql, -1) {
		if strings.EqualFold(m[1], schema) {
			return true
		}
	}
	return false
}

// liquibaseSetting finds a name under the keys of Spring Boot, of Liquibase, and of
// the arguments of its command line.
func (d *directory) liquibaseSetting(settings map[string]string, name string) string {
	return strings.ToLower(d.literalValue(cmp.Or(settings["liquibase."+name], settings["liquibase."+name+"name"], settings["liquibase.command."+name+"name"], settings[name+"name"])))
}

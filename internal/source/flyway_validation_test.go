package source

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/lint"
)

// What a project has Flyway overlook is no finding, and stops nothing.
func TestFlywayValidation(t *testing.T) {
	const (
		refusesLoss = "Flyway refuses to run anything where it has run (“Detected applied migration not resolved locally”)"
		view        = "CREATE OR REPLACE VIEW v AS SELECT id FROM a;\n"
	)
	base := map[string]string{"V1__a.sql": "CREATE TABLE a (id int);\n", "V3__c.sql": "CREATE TABLE c (id int);\n", "R__1_view.sql": view}
	for _, c := range []struct {
		name, file, settings string
		head                 map[string]string // what differs; "" for what is gone
		want                 string            // severity, rule and a part of the message; "" for nothing
		refuses              bool
	}{
		{"a version is gone", "", "", map[string]string{"V1__a.sql": ""}, "error migration-deleted " + refusesLoss, true},
		{"a version is taken", "", "", map[string]string{"V3__c.sql": "", "V3__d.sql": "CREATE TABLE d (id int);\n"},
			"error migration-deleted V3__c is on main, and here V3__d has taken its version; databases that have run the one never run the other; restore it, and give the other the next free version; Flyway compares checksums", true},
		{"not validated", "flyway.conf", "flyway.validateOnMigrate=false", map[string]string{"V1__a.sql": ""}, "error migration-deleted restore it and write a new migration instead", false},
		{"missing ones ignored", "flyway.toml", "[flyway]\nignoreMigrationPatterns = [\"*:missing\"]", map[string]string{"V1__a.sql": ""}, "error migration-deleted write a new migration instead", false},
		{"missing ones ignored in Spring Boot", "application.yml", "spring:\n  flyway:\n    ignore-missing-migrations: true\n", map[string]string{"V1__a.sql": ""}, "error migration-deleted write a new migration instead", false},
		{"an edit, not validated", "application.properties", "spring.flyway.validate-on-migrate=false", map[string]string{"V1__a.sql": "CREATE TABLE a (id bigint);\n"}, "error migration-edited databases that have run it stay at the old text", false},
		{"a comment, not validated in Gradle", "build.gradle", "flyway {\n  validateOnMigrate = false\n}", map[string]string{"V1__a.sql": "-- a\nCREATE TABLE a (id int);\n"}, "notice migration-edited only its comments", false},
		{"an edit", "", "", map[string]string{"V1__a.sql": "CREATE TABLE a (id bigint);\n"}, "error migration-edited “Migration checksum mismatch”", true},
		{"late", "", "", map[string]string{"V2__b.sql": "CREATE TABLE b (id int);\n"}, "error migration-out-of-order Flyway then runs nothing", true},
		{"late, out of order", "flyway.conf", "flyway.outOfOrder=true", map[string]string{"V2__b.sql": "ALTER TABLE c ADD COLUMN n int;\n"}, "warning migration-out-of-order deployed databases run it after that one", false},
		{"late, out of order, about other tables", "flyway.conf", "flyway.outOfOrder=true", map[string]string{"V2__b.sql": "CREATE TABLE b (id int);\n"}, "", false},
		{"late, ignored", "flyway.conf", "flyway.ignoreMigrationPatterns=versioned:ignored", map[string]string{"V2__b.sql": "CREATE TABLE b (id int);\n"}, "error migration-out-of-order will be silently skipped", false},
		{"another description", "", "", map[string]string{"R__1_view.sql": "", "R__view.sql": view}, "warning migration-renamed takes it for another one, and runs it again; Flyway refuses to run anything where it has run", false},
		{"another description and text", "", "", map[string]string{"R__1_view.sql": "", "R__view.sql": "-- new\nCREATE OR REPLACE VIEW v AS SELECT id, 1 AS one FROM a;\n"}, "warning migration-renamed R__1_view is on main and was renamed to R__view", false},
		{"another description, ignored", "flyway.conf", "flyway.ignoreMigrationPatterns=repeatable:missing", map[string]string{"R__1_view.sql": "", "R__view.sql": view}, "notice migration-renamed runs it again", false},
		{"another directory", "", "", map[string]string{"R__1_view.sql": "", "views/R__1_view.sql": view}, "", false},
		{"a repeatable one is gone", "", "", map[string]string{"R__1_view.sql": ""}, "error migration-deleted until flyway repair, unless validateOnMigrate is off", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			const dir = "db/migration/"
			from, to := fstest.MapFS{}, fstest.MapFS{}
			for name, text := range base {
				from[dir+name] = &fstest.MapFile{Data: []byte(text)}
				to[dir+name] = from[dir+name]
			}
			for name, text := range c.head {
				delete(to, dir+name)
				if text != "" {
					to[dir+name] = &fstest.MapFile{Data: []byte(text)}
				}
			}
			if c.file != "" {
				from[c.file] = &fstest.MapFile{Data: []byte(c.settings)}
				to[c.file] = from[c.file]
			}
			s := Review(loadAt(t, from, "db/migration", "flyway"), loadAt(t, to, "db/migration", "flyway"), ReviewOptions{Base: "main"})
			severityAndRule, part := c.want, ""
			if words := strings.SplitN(c.want, " ", 3); len(words) == 3 {
				severityAndRule, part = words[0]+" "+words[1], words[2]
			}
			if got := s.Findings; len(got) != min(1, len(c.want)) || len(got) == 1 && (severityAndRule != got[0].Severity.String()+" "+got[0].Rule || !strings.Contains(got[0].Message, part)) {
				t.Errorf("got %+v, want %s", got, c.want)
			}
			_, err := s.Runner.Pending(flywayRows(s.History.Base, s), s.Head)
			if (err != nil) != c.refuses {
				t.Errorf("refuses: %v", err)
			}
		})
	}
}

// flywayRows are the rows of a database that has run migrations.
func flywayRows(migrations []*lint.Migration, s *Source) (rows []string) {
	l := s.Runner.(*ledger)
	for _, m := range migrations {
		rows = append(rows, l.sum(l.steps[m])+" "+l.steps[m].key)
	}
	return rows
}

package source

import (
	"slices"
	"strings"
	"testing"
)

// TestLiquibaseRaw sends a file without the first line as one message, whatever it holds.
func TestLiquibaseRaw(t *testing.T) {
	const function = "CREATE FUNCTION stamp() RETURNS trigger AS $$\nDECLARE x int;\nBEGIN\n  NEW.at = now(); RETURN NEW;\nEND;\n$$ LANGUAGE plpgsql;\nCREATE TABLE s (at timestamptz);"
	f := loaded(t, nil, "db/changelog.xml: <databaseChangeLog><include file='db/all.sql'/></databaseChangeLog>", "db/all.sql: "+function+"\n")
	if len(f.steps) != 1 || f.steps[0].name != "includeAll:raw" || !slices.Equal(sent(f.steps[0]), []string{function}) {
		t.Errorf("sent %+v", f.steps)
	}
	formatted := loaded(t, nil, "db/all.sql: --liquibase formatted sql\n--changeset a:1\n"+function+"\n")
	if n := len(sent(formatted.steps[0])); n < 3 {
		t.Errorf("a formatted one is sent in %d messages", n)
	}
}

// TestLiquibaseUnlisted looks for SQL that no changelog names.
func TestLiquibaseUnlisted(t *testing.T) {
	const master = "db/changelog-root.yaml: databaseChangeLog:\n- include: {file: v/a.sql, relativeToChangelogFile: true}\n"
	for _, c := range []struct {
		name      string
		base, new []string
		want      []string // files that are orphaned, of the new ones
	}{
		{"beside the included one", []string{master, "db/v/a.sql"}, []string{"db/v/b.sql"}, []string{"db/v/b.sql"}},
		{"that was so on the base", []string{master, "db/v/a.sql", "db/v/old.sql"}, []string{"db/v/b.sql"}, []string{"db/v/b.sql"}},
		{"a name in another name", []string{master, "db/v/a.sql"}, []string{"db/v/sql.sql", "db/v/extra.sql"}, []string{"db/v/extra.sql", "db/v/sql.sql"}},
		{"elsewhere", []string{master, "db/v/a.sql"}, []string{"db/reports/b.sql", "db/c.sql"}, nil},
		{"a way back", []string{master, "db/v/a.sql"}, []string{"db/v/a.rollback.sql"}, nil},
		{"of another database", []string{master, "db/v/a.sql"}, []string{"db/v/a.mysql.sql"}, nil},
		{"in a sqlFile", []string{master, "db/v/a.sql"}, []string{"db/v/b.sql", "db/views.xml: <databaseChangeLog><changeSet id='1' author='x'><sqlFile path='v/b.sql' relativeToChangelogFile='true'/></changeSet></databaseChangeLog>"}, nil},
		{"by includeAll", []string{strings.Replace(master, "include: {file: v/a.sql", "includeAll: {path: v", 1), "db/v/a.sql"}, []string{"db/v/b.sql"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Review(loaded(t, nil, c.base...), loaded(t, nil, append(slices.Clone(c.base), c.new...)...), ReviewOptions{})
			var got []string
			for _, f := range s.Findings {
				if f.Rule != "migration-orphaned" || !strings.Contains(f.Message, "include it in db/changelog-root.yaml") {
					t.Errorf("said %s of %s", f.Message, f.Path)
				}
				got = append(got, f.Path)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("orphaned are %v, want %v", got, c.want)
			}
		})
	}
}

// TestLiquibaseOutside looks for SQL that is in no changeset.
func TestLiquibaseOutside(t *testing.T) {
	const (
		master = "db/master.xml: <databaseChangeLog><includeAll path='v' relativeToChangelogFile='true'/></databaseChangeLog>"
		good   = "db/v/1.sql: --liquibase formatted sql\n\n-- the first\n/* CREATE TABLE x (id int);\n*/\n--changeset a:1\nCREATE TABLE a (id int);\n"
	)
	for _, c := range []struct {
		name, base, head string // of v/2.sql
		want             string // what is in no changeset
	}{
		{"no changeset", "", "--liquibase formatted sql\n\n-- b\nCREATE TABLE b (id int);\n", "CREATE TABLE b (id int);"},
		{"a misspelt one", "", "--liquibase formatted sql\n--changset a:2\nCREATE TABLE b (s text DEFAULT '--');\nCREATE TABLE c ();\n--changeset a:3\nSELECT 1;", "CREATE TABLE b (s text DEFAULT '--');\nCREATE TABLE c ();"},
		{"on the base, too", "--liquibase formatted sql\nCREATE TABLE b (id int);\n", "--liquibase formatted sql\nCREATE TABLE b (id int);\n--changeset a:2\nSELECT 1;\n", ""},
		{"for another database", "", "--liquibase formatted sql\n--changeset a:2 dbms:h2\nCREATE TABLE b (id int);\n", ""},
		{"not formatted", "", "CREATE TABLE b (id int);\n", ""},
		{"empty", "", "--liquibase formatted sql\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := func(second string) []string {
				if second == "" {
					return []string{master, good}
				}
				return []string{master, good, "db/v/2.sql: " + second}
			}
			s := Review(loaded(t, nil, files(c.base)...), loaded(t, nil, files(c.head)...), ReviewOptions{})
			got := ""
			for _, f := range s.Findings {
				if f.Rule == "migration-orphaned" && f.Path == "db/v/2.sql" && strings.Contains(f.Message, "in no changeset of 2.sql") {
					got += sqlNoise.ReplaceAllString(c.head[f.Start:f.End], "   ")
				}
			}
			if got != sqlNoise.ReplaceAllString(c.want, "   ") {
				t.Errorf("in no changeset is %q, want %q; of %+v", got, c.want, s.Findings)
			}
		})
	}
}

// TestLiquibaseListedElsewhere reads the directories that a changelog lists once, as Liquibase's.
func TestLiquibaseListedElsewhere(t *testing.T) {
	const (
		master = "db/changelog/master.xml: <databaseChangeLog><changeSet id='1' author='x'><sqlFile path='db/migrations/001_a.sql'/></changeSet></databaseChangeLog>"
		first  = "db/migrations/001_a.sql: CREATE TABLE a (id int);"
		second = "db/migrations/002_b.sql: CREATE TABLE b (id int);"
	)
	for _, test := range []struct {
		name  string
		files []string
		want  string
	}{
		{"listed", []string{master, first}, "db/changelog Liquibase"},
		{"not listed", []string{strings.Replace(master, "001_a", "more/001_a", 1), first, second}, "db/migrations plain SQL"},
		{"of another tool", []string{master, "db/migrations/001_a.sql: -- +goose Up\nSELECT 1;\n"}, "db/changelog Liquibase, db/migrations goose"},
	} {
		t.Run(test.name, func(t *testing.T) {
			found, err := Detect(tree(test.files...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Dir+" "+f.Tool)
			}
			if text := strings.Join(got, ", "); text != test.want {
				t.Errorf("found %s, want %s", text, test.want)
			}
		})
	}
	t.Run("added beside a plain folder", func(t *testing.T) {
		s := reviewed(t, tree(first), tree(master, first, second))
		if got := brief(s); len(got) == 0 || s.Head == nil {
			t.Errorf("found nothing in %v", names(s.Head))
		}
	})
}

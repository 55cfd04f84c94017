package source

import (
	"slices"
	"strings"
	"testing"
)

func TestVersionedFolders(t *testing.T) {
	const goose = "-- +goose Up\nSELECT 1;"
	tests := []struct {
		name  string
		files []string
		dirs  string   // of the folders that are found
		want  []string // names of the migrations of the first one
	}{
		{"versions", []string{"schema/postgresql/v12/main/versioned/v1.10/b.sql", "schema/postgresql/v12/main/versioned/v1.2/a.sql", "schema/postgresql/v12/main/schema.sql"}, "schema/postgresql/v12/main/versioned", []string{"v1.2/a", "v1.10/b"}},
		{"the first version", []string{"versioned/v1.0/schema.sql"}, "versioned", []string{"v1.0/schema"}},
		{"a manifest", []string{"versioned/v1/a.sql", "versioned/v1/b.sql", `versioned/v1/manifest.json: {"CurrVersion": "1", "SchemaUpdateCqlFiles": ["b.sql", "a.sql"]}`}, "versioned", []string{"v1/b", "v1/a"}},
		{"years", []string{"db/migrations/2024/001_a.sql", "db/migrations/2024/002_b.sql", "db/migrations/2025/001_c.sql"}, "db/migrations", []string{"2024/001_a", "2024/002_b", "2025/001_c"}},
		{"years and months", []string{"migrations/2024/11/a.sql", "migrations/2024/9/b.sql", "migrations/2025/1/c.sql"}, "migrations", []string{"2024/9/b", "2024/11/a", "2025/1/c"}},
		{"names behind numbers", []string{"migrations/10_more/run.sql", "migrations/9_init/run.sql", "migrations/9_init/rollback.sql"}, "migrations", []string{"9_init/run", "10_more/run"}},
		{"bare versions in a database's directory", []string{"sql/V1/a.sql", "sql/V2/b.sql"}, "sql", []string{"V1/a", "V2/b"}},
		{"lessons", []string{"lessons/01-intro/a.sql", "lessons/02-joins/a.sql"}, "", nil},
		{"examples in a directory of SQL", []string{"sql/01-intro/a.sql", "sql/02-joins/a.sql"}, "", nil},
		{"years of a tool", []string{"migrations/2024/001_a.sql: " + goose, "migrations/2025/001_b.sql: " + goose}, "migrations/2024 migrations/2025", []string{"001_a"}},
		{"a year beside files", []string{"migrations/2023/001_a.sql", "migrations/010_b.sql"}, "migrations migrations/2023", []string{"010_b"}},
		{"releases for one database", []string{"app/migration/postgres/0.9/01__b.sql", "app/migration/postgres/0.10/00__c.sql", "app/migration/postgres/0.9/00__a.sql", "app/migration/postgres/LATEST.sql"}, "app/migration/postgres", []string{"0.9/00__a", "0.9/01__b", "0.10/00__c"}},
		{"one release", []string{"app/migration/postgres/0.9/01__b.sql"}, "app/migration/postgres/0.9", []string{"01__b"}},
		{"one release beside a directory", []string{"app/migration/postgres/0.9/01__b.sql", "app/migration/postgres/tools/x.txt"}, "app/migration/postgres/0.9", []string{"01__b"}},
		{"the latest of versions", []string{"migrations/1.0/a.sql", "migrations/1.1/b.sql", "migrations/latest.sql"}, "migrations", []string{"1.0/a", "1.1/b"}},
		{"a latest.sql alone", []string{"migrations/latest.sql"}, "migrations", []string{"latest"}},
		{"releases of something else", []string{"docs/samples/1.0/a.sql", "docs/samples/1.1/b.sql"}, "", nil},
		{"MySQL's versions", []string{"schema/mysql/v8/versioned/v1.0/a.sql"}, "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fsys := tree(test.files...)
			found, err := Detect(fsys)
			if err != nil {
				t.Fatal(err)
			}
			found = slices.DeleteFunc(found, func(f Found) bool { return f.Skip != "" })
			var dirs []string
			for _, f := range found {
				dirs = append(dirs, f.Dir)
			}
			if got := strings.Join(dirs, " "); got != test.dirs {
				t.Fatalf("found %s, want %s", got, test.dirs)
			}
			if len(found) == 0 {
				return
			}
			folder, err := Load(fsys, found[0])
			if err != nil || !slices.Equal(folder.Names(), test.want) {
				t.Errorf("migrations are %v, %v, want %v", folder.Names(), err, test.want)
			}
		})
	}
}

func TestVersionedReview(t *testing.T) {
	base := []string{"versioned/v1.2/a.sql", "versioned/v1.9/b.sql"}
	s := reviewed(t, tree(base...), tree(append(base, "versioned/v1.10/c.sql", "versioned/v1.9/d.sql")...))
	expect(t, s)
	if got := names(s.History.New); !slices.Equal(got, []string{"v1.9/d", "v1.10/c"}) {
		t.Errorf("under review: %v", got)
	}
	s = reviewed(t, tree(base...), tree(append(base, "versioned/v1.5/c.sql")...))
	expect(t, s, "warning migration-out-of-order c.sql: v1.5/c sorts before v1.9/b")
}

// TestVersionedBeside has files of which it is not known whether they run.
func TestVersionedBeside(t *testing.T) {
	base := []string{"versioned/v1.2/a.sql", "versioned/v1.9/b.sql"}
	s := reviewed(t, tree(base...), tree(append(base,
		`versioned/v1.10/manifest.json: {"SchemaUpdateCqlFiles": ["down.sql", "../v1.2/a.sql", "drop.sql"]}`, "versioned/v1.10/drop.sql", "versioned/v1.10/down.sql", "versioned/v1.10/undo.sql",
		"versioned/v1.11/down.sql", "versioned/v1.12/01_c.sql", "versioned/v1.12/notes.sql")...))
	if got := names(s.History.New); !slices.Equal(got, []string{"v1.10/down", "v1.10/drop", "v1.12/01_c"}) {
		t.Errorf("under review: %v", got)
	}
	const exclude = "else say so under migrations in .migvet.yml: {dir: versioned, exclude: ["
	compareUnchecked(t, s.Unchecked, []string{
		"!versioned/v1.11/down.sql down.sql is called like the way back of a migration, and none is beside it, so it was taken for no migration; call it otherwise if it is one, " + exclude + "v1.11/down.sql]}",
		"!versioned/v1.12/notes.sql notes.sql has no number, and the files of versioned/v1.12 have one, so it was taken for no migration; give it a number if it is one, " + exclude + "v1.12/notes.sql]}",
	})
}

// TestNamedVersions has a person name what is not looked for.
func TestNamedVersions(t *testing.T) {
	fsys := tree("store/1.0/a.sql", "store/1.1/b.sql")
	for _, key := range []string{"", "plain"} {
		f, err := At(fsys, "store", key)
		if err != nil {
			t.Fatal(err)
		}
		if folder, err := Load(fsys, f); err != nil || !slices.Equal(folder.Names(), []string{"1.0/a", "1.1/b"}) {
			t.Errorf("%v, %v", folder.Names(), err)
		}
	}
}

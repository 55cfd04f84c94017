package source

import (
	"slices"
	"strings"
	"testing"
)

// What ResourceNameParser of Flyway makes of names, with the prefixes V, R, U.
func TestFlywayNames(t *testing.T) {
	for file, want := range map[string]string{
		"V6.10.1.1.sql": "6.10.1.1", "V2.sql": "2", "V2__.sql": "2", "V3__a b.sql": "3", "V1_2__x__y.sql": "1.2", "V20260102_03.sql": "20260102.03",
		"R__views.sql": "R views", "R__a_b.sql": "R a b", "R.sql": "R ", "R__.sql": "R ",
		"V2_name.sql": "", "V__x.sql": "", "V1.__x.sql": "", "V1..2.sql": "", "v2__x.sql": "", "Rviews.sql": "", "R_views.sql": "", "U2.sql": "", "afterMigrate.sql": "",
	} {
		s, ok := flywayStep(file)
		if ok != (want != "") || s.key != want {
			t.Errorf("%s is %q, want %q", file, s.key, want)
		}
	}
	for file, version := range map[string]string{"U2.sql": "2", "U1.3__x.sql": "1.3"} {
		if m := flywayUndo.FindStringSubmatch(file); m == nil || m[1] != version {
			t.Errorf("%s undoes %v, want %s", file, m, version)
		}
	}
}

func TestDetectFlywayByNames(t *testing.T) {
	for _, c := range []struct {
		name  string
		files []string
		want  string
	}{
		{"some described", []string{"db/V1__a.sql", "db/V2.sql", "db/V3.sql"}, Flyway},
		{"none described, the project names it", []string{"pom.xml: <artifactId>flyway-core</artifactId>", "src/db/V1.sql", "src/db/V2.1.sql"}, Flyway},
		{"none described, and nobody says whose they are", []string{"db/migration/V1.sql", "db/migration/V2.sql"}, Plain},
	} {
		t.Run(c.name, func(t *testing.T) {
			if f := loaded(t, nil, c.files...); f.Tool != c.want {
				t.Errorf("taken for %s, want %s", f.Tool, c.want)
			}
		})
	}
}

// TestUndescribedMigrations reviews a pull request that adds nothing but V2.sql and U2.sql.
func TestUndescribedMigrations(t *testing.T) {
	base := []string{"db/V1__shops.sql: CREATE TABLE shops (id int);"}
	s := Review(loaded(t, nil, base...), loaded(t, nil, append(base, "db/V2.sql: DROP TABLE shops;", "db/U2.sql: CREATE TABLE shops (id int);")...), ReviewOptions{})
	if len(s.History.New) != 1 || s.History.New[0].Name != "V2" {
		t.Fatalf("new are %v", s.History.New)
	}
	if down := s.Undo.Down(s.History.New[0]); down == nil || down.Path != "db/U2.sql" {
		t.Errorf("its down is %+v", down)
	}
	if row := string(s.Runner.Record(s.History.New[0])); !strings.Contains(row, `E'2', '', 'SQL', 'V2.sql'`) && !strings.Contains(row, `'2', '', 'SQL', 'V2.sql'`) {
		t.Errorf("noted as %s", row)
	}
}

// TestLeftOut adds files that a tool does not take for migrations.
func TestLeftOut(t *testing.T) {
	flyway := []string{"db/V1__a.sql", "db/afterMigrate.sql: SELECT 1;", "db/notes.sql"} // callbacks are Flyway's, too
	prisma := []string{"prisma/migrations/migration_lock.toml: provider = \"postgresql\"", "prisma/migrations/20260101000000_a/migration.sql"}
	for _, c := range []struct {
		name      string
		base, new []string
		want      []string // beginnings of findings and of what is not checked, in this order
	}{
		{"a version that is none", flyway, []string{"db/V2_name.sql"}, []string{"error migration-orphaned V2_name.sql: V2_name.sql is not named V1__name.sql"}},
		{"another callback", flyway, []string{"db/beforeEachMigrate__roles.sql"}, []string{"beforeEachMigrate__roles.sql is a callback"}},
		{"a callback that is there", flyway, []string{"db/V2.sql"}, nil},
		{"a callback that changes", flyway, []string{"db/afterMigrate.sql: DROP TABLE t;"}, []string{"afterMigrate.sql is a callback"}},
		{"many callbacks", flyway, []string{"db/afterMigrate__a.sql", "db/afterMigrate__b.sql", "db/beforeMigrate.sql", "db/beforeEachMigrate.sql"},
			[]string{"each of 4 files, from afterMigrate__a.sql to beforeMigrate.sql, is a callback"}},
		{"a baseline", flyway, []string{"db/B7__all.sql"}, []string{"B7__all.sql is a baseline"}},
		{"SQL without a version", flyway, []string{"db/sub/seed.sql"}, []string{"seed.sql is not named V1__name.sql"}},
		{"beside Prisma's directories", prisma, []string{"prisma/migrations/20260102000000_b.sql"}, []string{"20260102000000_b.sql is never run: Prisma runs the migration.sql"}},
		{"in one of Prisma's directories", prisma, []string{"prisma/migrations/20260102000000_b/migration.sql", "prisma/migrations/20260102000000_b/data.sql", "prisma/migrations/20260102000000_b/down.sql"}, []string{"data.sql is never run"}},
		{"Diesel", []string{"m/2026-01-01-000000_a/up.sql"}, []string{"m/2026-01-02-000000_b.sql", "m/2026-01-01-000000_a/down.sql"}, []string{"2026-01-02-000000_b.sql is never run: Diesel"}},
		{"Hasura", []string{"m/1700000000000_a/up.sql"}, []string{"m/1700000000000_a/up_2.sql"}, []string{"up_2.sql is never run: Hasura"}},
		{"postgrator", []string{"m/1.do.a.sql", "m/1.undo.a.sql"}, []string{"m/2.undo.b.sql", "m/2-b.sql"}, []string{"2-b.sql is not named 1.do.name.sql"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := loaded(t, nil, c.base...)
			s := Review(base, loaded(t, nil, append(slices.Clone(c.base), c.new...)...), ReviewOptions{})
			said := brief(s)
			for _, u := range s.Unchecked {
				if u.Known {
					t.Errorf("new, and weighs nothing: %s", u.Reason)
				}
				said = append(said, u.Reason)
			}
			if !slices.EqualFunc(said, c.want, strings.HasPrefix) {
				t.Errorf("said %q\nwant %q", said, c.want)
			}
		})
	}
	whole := Review(nil, loaded(t, nil, flyway...), ReviewOptions{})
	if len(whole.Unchecked) != 2 || whole.Unchecked[0].Known || !whole.Unchecked[1].Known {
		t.Errorf("of a whole folder: %+v", whole.Unchecked)
	}
}

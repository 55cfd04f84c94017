package trial

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/lint"
)

// breaksOf writes what statements break, a line each: "ALTER TABLE …: UPDATE orders: 42703".
func breaksOf(result *Result) string {
	var lines []string
	for s, e := range result.Observed.Effects {
		for _, b := range e.Breaks {
			lines = append(lines, fmt.Sprintf("%s: %s", strings.Join(strings.Fields(s.SQL), " "), describeBreak(b)))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func describeBreak(b lint.Break) string {
	var parts []string
	for _, d := range b.Does {
		parts = append(parts, d.Verb+" "+d.Of)
	}
	if b.Function != "" {
		parts = append(parts, b.Function)
	}
	if b.Err == nil {
		return strings.Join(parts, ", ") + ": no row"
	}
	return strings.Join(parts, ", ") + ": " + b.Err.SQLState
}

// A breakCase is a migration on a base, and all that it breaks; "" for nothing.
type breakCase struct{ name, base, change, want string }

func expectBreaks(t *testing.T, cases []breakCase) {
	t.Helper()
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			result := tryFiles(t, postgrestest.Start(t), Options{}, test.base, test.change)
			if got := breaksOf(result); got != test.want || strings.Contains(told(result), unprobed) {
				t.Errorf("breaks\n%s\nwant\n%s\n%s", got, test.want, told(result))
			}
		})
	}
}

const touchesSeen = `CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen (what) VALUES (TG_TABLE_NAME); RETURN NEW; END $$;
CREATE TABLE seen (what text);
`

// TestProbes runs what must be found, and blamed on the right statement, and what must not.
func TestProbes(t *testing.T) {
	expectBreaks(t, []breakCase{
		{
			"one to one", touchesSeen + `CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE profiles (user_id int PRIMARY KEY REFERENCES users);
				CREATE TRIGGER see AFTER INSERT ON profiles FOR EACH ROW EXECUTE FUNCTION see();`,
			"ALTER TABLE seen RENAME COLUMN what TO who;", "ALTER TABLE seen RENAME COLUMN what TO who: INSERT profiles: 42703",
		}, {
			"rows that only policies reach", touchesSeen + `CREATE TABLE notes (id int PRIMARY KEY, body text); ALTER TABLE notes ENABLE ROW LEVEL SECURITY; ALTER TABLE notes FORCE ROW LEVEL SECURITY;
				CREATE POLICY everything ON notes USING (true); CREATE TRIGGER see AFTER UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION see();`,
			"DROP TABLE seen;", "DROP TABLE seen: UPDATE notes: 42P01",
		}, {
			"the statement that broke it", touchesSeen + "CREATE TABLE notes (id int PRIMARY KEY); CREATE TRIGGER see AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see();",
			"ALTER TABLE seen ADD COLUMN at timestamptz; ALTER TABLE seen DROP COLUMN what; ALTER TABLE seen ADD COLUMN note text;", "ALTER TABLE seen DROP COLUMN what: INSERT notes: 42703",
		}, {
			"mended below", touchesSeen + "CREATE TABLE notes (id int PRIMARY KEY); CREATE TRIGGER see AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see();",
			"ALTER TABLE seen RENAME TO old; CREATE TABLE seen (what text);", "",
		}, {
			"broken before", touchesSeen + "CREATE TABLE notes (id int PRIMARY KEY, body text); CREATE TRIGGER see AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see(); ALTER TABLE seen RENAME COLUMN what TO who;",
			"ALTER TABLE notes RENAME COLUMN body TO text; ALTER TABLE seen ADD COLUMN note text;", "",
		}, {
			"a column that is named otherwise", "CREATE TABLE notes (id int PRIMARY KEY, body text); CREATE VIEW bodies AS SELECT body FROM notes;",
			"ALTER TABLE notes RENAME COLUMN body TO words; ALTER TABLE notes RENAME TO remarks;", "",
		}, {
			"a key to what the spare row does not have", "CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE notes (id int PRIMARY KEY, user_id int);",
			"UPDATE notes SET user_id = (SELECT min(id) FROM users); ALTER TABLE notes ADD FOREIGN KEY (user_id) REFERENCES users;", "",
		}, {
			"keys that are checked again", touchesSeen + `CREATE TABLE nodes (id text PRIMARY KEY, parent text CONSTRAINT up REFERENCES nodes); CREATE TABLE leaves (id int PRIMARY KEY, node text NOT NULL CONSTRAINT of_node REFERENCES nodes);
				CREATE TABLE marks (leaf int PRIMARY KEY REFERENCES leaves); CREATE TRIGGER see AFTER INSERT ON nodes FOR EACH ROW EXECUTE FUNCTION see();`,
			`ALTER TABLE nodes DROP CONSTRAINT up; ALTER TABLE nodes ADD CONSTRAINT up FOREIGN KEY (parent) REFERENCES nodes;
				ALTER TABLE leaves DROP CONSTRAINT of_node; ALTER TABLE leaves ADD CONSTRAINT of_node FOREIGN KEY (node) REFERENCES nodes; DROP TABLE seen;`,
			"DROP TABLE seen: INSERT nodes: 42P01",
		}, {
			"a policy that asks itself", "CREATE ROLE reader; CREATE TABLE notes (id int PRIMARY KEY); ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON notes USING (true); GRANT SELECT ON notes TO reader;",
			"ALTER POLICY p ON notes USING (id IN (SELECT id FROM notes));", "ALTER POLICY p ON notes USING (id IN (SELECT id FROM notes)): SELECT notes: 42P17",
		}, {
			"a query of a function that nobody calls", `CREATE TABLE users (id int PRIMARY KEY, name text, age int);
				CREATE FUNCTION rename_user(p_id int, p_name text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN UPDATE public.users SET name = p_name WHERE id = p_id; END $$;
				CREATE FUNCTION age_of(p_id int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN SELECT age INTO n FROM users WHERE id = p_id; RETURN n; END $$;`,
			"ALTER TABLE users RENAME COLUMN name TO full_name;", "ALTER TABLE users RENAME COLUMN name TO full_name: public.rename_user(p_id integer, p_name text): 42703",
		}, {
			"a function that is replaced", `CREATE TABLE users (id int PRIMARY KEY, name text);
				CREATE FUNCTION name_of(p_id int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT name FROM users WHERE id = p_id); END $$;`,
			"ALTER TABLE users RENAME COLUMN name TO full_name; CREATE OR REPLACE FUNCTION name_of(p_id int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT full_name FROM users WHERE id = p_id); END $$;", "",
		}, {
			"a function of a missing extension", "CREATE TABLE notes (id int PRIMARY KEY, secret text);",
			"CREATE FUNCTION hide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.secret := digest(NEW.secret, 'sha1'); RETURN NEW; END $$; CREATE TRIGGER hide BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION hide();", "",
		},
	})
}

// TestProbesGainNothing lays traps in code that probes run: neither the role that probes
// nor those that it becomes are more than what they are for.
func TestProbesGainNothing(t *testing.T) {
	onEachServer(t, func(t *testing.T, server *postgres.Server) {
		tr := newTrap(t, server)
		base := `CREATE TABLE notes (id int PRIMARY KEY, body text); CREATE ROLE reader; GRANT ALL ON notes TO reader;
			CREATE FUNCTION grab() RETURNS trigger LANGUAGE plpgsql AS $t$ BEGIN
				BEGIN EXECUTE 'RESET ROLE'; ` + tr.spring() + `; EXCEPTION WHEN OTHERS THEN NULL; END;
				BEGIN EXECUTE 'RESET SESSION AUTHORIZATION'; ` + tr.spring() + `; EXCEPTION WHEN OTHERS THEN NULL; END;
				BEGIN EXECUTE 'SET ROLE migvet_su'; ` + tr.spring() + `; EXCEPTION WHEN OTHERS THEN NULL; END;
				RETURN NEW; END $t$;
			CREATE TRIGGER grab BEFORE INSERT OR UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION grab();`
		result := tryFiles(t, server, Options{}, base, "ALTER TABLE notes DROP COLUMN body; CREATE OR REPLACE FUNCTION grab() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;")
		if tr.sprung(t) {
			t.Error("a probe ran as a superuser")
		}
		if got := breaksOf(result); !strings.Contains(got, "INSERT notes") {
			t.Errorf("the trigger was not run: %q", got)
		}
		if members := tr.ask(t, "SELECT count(*)::text FROM pg_auth_members WHERE member = 'migvet_prober'::regrole"); members != "0" {
			t.Errorf("the role that probes is left a member of %s roles", members)
		}
	})
}

// TestProbesEnd has code that does not come to an end, and heeds nobody.
func TestProbesEnd(t *testing.T) {
	base := `CREATE TABLE notes (id int PRIMARY KEY, body text);
		CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			LOOP BEGIN PERFORM pg_sleep(1000); EXCEPTION WHEN query_canceled THEN NULL; END; END LOOP; END $$;
		CREATE TRIGGER hang BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION hang();`
	result := tryFiles(t, postgrestest.Start(t), Options{}, base, "ALTER TABLE notes DROP COLUMN body;")
	if got := told(result); !strings.Contains(got, "note whether all that worked still does: a trigger, policy or function of the database did not come to an end") {
		t.Errorf("said\n%s", got)
	}
}

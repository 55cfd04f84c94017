package trial

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/presets"
)

// TestBlame has several statements that break one thing, and what rows of others hide.
func TestBlame(t *testing.T) {
	expectBreaks(t, []breakCase{
		{
			"what hides the first", touchesSeen + "CREATE TABLE notes (id int PRIMARY KEY); CREATE TRIGGER see AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see();",
			"ALTER TABLE seen RENAME COLUMN what TO who; DROP TABLE seen; CREATE TABLE remarks (id int);", "DROP TABLE seen: INSERT notes: 42P01",
		}, {
			"rows that the migrations delete", `CREATE TABLE notes (id int PRIMARY KEY, body text); CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;`,
			"DELETE FROM notes; INSERT INTO notes VALUES (-1, 'new'); CREATE TRIGGER keep BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION keep();", "",
		}, {
			"a trigger that keeps rows from going", `CREATE TABLE notes (id int PRIMARY KEY, body text); CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;`,
			"CREATE TRIGGER keep BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION keep();", "CREATE TRIGGER keep BEFORE DELETE ON notes FOR EACH ROW EXECUTE FUNCTION keep(): DELETE notes: no row",
		}, {
			"a trigger that lets some rows in", `CREATE TABLE bots (name text); CREATE TABLE notes (id int PRIMARY KEY, author text); CREATE FUNCTION people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF NEW.author LIKE 'u%' THEN RETURN NEW; ELSE RETURN NULL; END IF; END $$;`,
			"CREATE TRIGGER people BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION people();", "",
		}, {
			"a trigger beside one that lets some rows in", `CREATE TABLE notes (id int PRIMARY KEY, author text); CREATE FUNCTION people() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF NEW.author IS NOT NULL THEN RETURN NEW; ELSE RETURN NULL; END IF; END $$; CREATE TRIGGER people BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION people();`,
			"CREATE FUNCTION nobody() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$; CREATE TRIGGER nobody BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION nobody();",
			"CREATE TRIGGER nobody BEFORE INSERT ON notes FOR EACH ROW EXECUTE FUNCTION nobody(): INSERT notes: no row",
		}, {
			"a query with a parameter of any type", `CREATE TABLE seen (what text, data jsonb);
				CREATE FUNCTION see(p_what text, p_who int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen (what, data) VALUES (p_what, jsonb_build_object('who', p_who)); END $$;`,
			"ALTER TABLE seen RENAME COLUMN data TO details;", "ALTER TABLE seen RENAME COLUMN data TO details: public.see(p_what text, p_who integer): 42703",
		}, {
			"policies for other rows", `CREATE ROLE guest; CREATE TABLE notes (id int PRIMARY KEY, owner text, body text); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
				CREATE POLICY p ON notes USING (true); GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO guest;`,
			"DROP POLICY p ON notes; CREATE POLICY p ON notes USING (owner = current_user);", "",
		}, {
			"a policy of a table that a trigger writes", `CREATE ROLE guest; CREATE TABLE seen (what text); ALTER TABLE seen ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON seen USING (true);
				CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen (what) VALUES (TG_TABLE_NAME); RETURN NEW; END $$;
				CREATE TABLE notes (id int PRIMARY KEY); ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON notes USING (true); GRANT SELECT, INSERT ON notes, seen TO guest;
				CREATE TRIGGER see AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION see();`,
			"DROP POLICY p ON seen; CREATE POLICY p ON seen FOR SELECT USING (true);", "DROP POLICY p ON seen: INSERT notes: 42501",
		},
	})
}

// TestUnboundRoles takes from all roles what a policy calls: one of them does not need it.
func TestUnboundRoles(t *testing.T) {
	o := Options{Environment: Environment{Presets: presets.Named("supabase")}}
	base := `CREATE TABLE notes (id int PRIMARY KEY); ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
		CREATE FUNCTION mine() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT true'; CREATE POLICY p ON notes USING (mine());`
	result := tryFiles(t, postgrestest.Start(t), o, base, "REVOKE EXECUTE ON FUNCTION mine() FROM PUBLIC, anon, authenticated, service_role;")
	var roles []string
	for _, e := range result.Observed.Effects {
		for _, b := range e.Breaks {
			roles = append(roles, b.Roles...)
		}
	}
	slices.Sort(roles)
	if roles = slices.Compact(roles); !slices.Equal(roles, []string{"anon", "authenticated"}) {
		t.Errorf("%v lost access\n%s", roles, told(result))
	}
}

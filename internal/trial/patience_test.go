package trial

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// plainSource is a folder of plain SQL with one table on the base branch and
// one new migration.
func plainSource(t *testing.T, sql string) *source.Source {
	t.Helper()
	base := fstest.MapFS{"migrations/0001_people.sql": {Data: []byte("CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL);")}}
	head := fstest.MapFS{"migrations/0002_new.sql": {Data: []byte(sql)}}
	for name, file := range base {
		head[name] = file
	}
	return source.Review(loadFolder(t, base), loadFolder(t, head), source.ReviewOptions{})
}

func loadFolder(t *testing.T, fsys fstest.MapFS) *source.Folder {
	t.Helper()
	found, err := source.At(fsys, "migrations", "")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := source.Load(fsys, found)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// What does not end, or ends the session, costs the trial from that statement
// on, and says which it is. What was refused behind it is not of interest.
func TestSessionsThatBreak(t *testing.T) {
	server := postgrestest.Start(t)
	for name, c := range map[string]struct {
		sql, want string
		at        string // the statement it is about
		timeout   time.Duration
	}{
		"endless": {
			"SELECT 1; DO 'BEGIN LOOP END LOOP; END';", "still running after 1s (--statement-timeout)", "DO", time.Second,
		},
		"catches cancellation": {
			"DO $$BEGIN LOOP BEGIN PERFORM pg_sleep(100); EXCEPTION WHEN query_canceled OR OTHERS THEN NULL; END; END LOOP; END$$;",
			"still running after 1s (--statement-timeout)", "DO", time.Second,
		},
		"at commit": {
			`CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; END';
			 CREATE TABLE t (i int); CREATE CONSTRAINT TRIGGER g AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f();
			 INSERT INTO t VALUES (1);`, "still running after 1s (--statement-timeout)", "", time.Second,
		},
		"ends itself": {
			"SELECT 1; SELECT pg_terminate_backend(pg_backend_pid());", "terminating connection due to administrator command", "SELECT pg_terminate", time.Minute,
		},
		"long row": {
			"SELECT repeat('x', 100000000);", "the session with the server broke off", "SELECT repeat", time.Minute,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := plainSource(t, c.sql)
			result, err := Run(context.Background(), Options{Server: server, Source: s, StatementTimeout: c.timeout})
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Unchecked) != 1 || result.Unchecked[0].Minor || !strings.Contains(result.Unchecked[0].Reason, c.want) {
				t.Fatalf("unchecked: %+v", result.Unchecked)
			}
			if at := result.Unchecked[0].Start; c.at == "" && at != lint.NoPos || c.at != "" && !strings.HasPrefix(c.sql[at:], c.at) {
				t.Errorf("it is told at byte %d", at)
			}
		})
	}
}

// A superuser that changes what we observe with is found out, also when it
// takes the change back.
func TestObserverIsWatched(t *testing.T) {
	server := postgrestest.Start(t)
	const told = "so what it saw cannot be trusted"
	for name, c := range map[string]struct {
		sql  string
		want bool
	}{
		"nothing":        {"ALTER TABLE people ADD COLUMN note text;", false},
		"extension":      {"CREATE EXTENSION pgcrypto; CREATE FUNCTION format(text, name[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text';", false},
		"its function":   {"CREATE OR REPLACE FUNCTION pg_catalog.migvet_count(relation oid) RETURNS int8 LANGUAGE sql AS 'SELECT 0::int8';", true},
		"what it calls":  {"CREATE FUNCTION pg_catalog.format(text, VARIADIC name[]) RETURNS text LANGUAGE sql AS 'SELECT 1::text';", true},
		"there and back": {"DO $$BEGIN ALTER EVENT TRIGGER migvet_on_drop DISABLE; DROP TABLE people; ALTER EVENT TRIGGER migvet_on_drop ENABLE ALWAYS; END$$;", true},
	} {
		t.Run(name, func(t *testing.T) {
			result, err := Run(context.Background(), Options{Server: server, Source: plainSource(t, c.sql), Superuser: true})
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, u := range result.Unchecked {
				found = found || strings.Contains(u.Reason, told) && !u.Minor
			}
			if found != c.want {
				t.Errorf("unchecked: %+v", result.Unchecked)
			}
		})
	}
}

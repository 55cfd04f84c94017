package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
)

// breakouts are what somebody writes into a string of JSON, instead of what is
// there or behind it, to have a statement of his run in a session that is not his:
// two that end what most strings are a part of, and one of those that end texts,
// names and bodies, in turn.
func breakouts(was, statement string, turn int) []string {
	then := "; RESET ROLE; RESET SESSION AUTHORIZATION; " + statement + "; "
	others := []string{"'" + then + "--", `"` + then + "--", "$migvet$" + then + "--", "SELECT 1" + then + "--", was + "'" + then + "--", was + `\'` + then + "--", was + `"` + then + "--"}
	all := []string{was + then + "--", was + ")" + then + "CREATE TABLE public.dummy (x int", others[turn%len(others)]}
	if raceDetector {
		return all[turn%len(all):][:1]
	}
	return all
}

// mutants shows a document with each of its strings, keys among them, replaced by
// others, one at a time.
func mutants(t *testing.T, document []byte, statement string, show func(where string, mutant []byte)) {
	t.Helper()
	turn := 0
	for begin := 0; begin < len(document); begin++ {
		if document[begin] != '"' {
			continue
		}
		end := begin + 1
		for ; document[end] != '"'; end++ {
			if document[end] == '\\' {
				end++
			}
		}
		end++
		var was string
		must(t, json.Unmarshal(document[begin:end], &was))
		turn++
		for _, value := range breakouts(was, statement, turn) {
			raw, err := json.Marshal(value)
			must(t, err)
			show(fmt.Sprintf("byte %d, %.40q", begin, was), slices.Concat(document[:begin], raw, document[end:]))
		}
		begin = end - 1
	}
}

// TestSnapshotsGainNothing puts a statement that a superuser alone can run into
// every string of snapshots of every version, and declares what comes of it.
func TestSnapshotsGainNothing(t *testing.T) {
	var snapshots []string
	for _, pattern := range []string{"*/meta/0001_snapshot.json", "*/*_everything/snapshot.json"} {
		found, err := filepath.Glob("../../testdata/drizzle/declared/" + pattern)
		must(t, err)
		snapshots = append(snapshots, found...)
	}
	if len(snapshots) < 4 {
		t.Fatalf("only %d snapshots", len(snapshots))
	}
	onOldestAndNewest(t, func(t *testing.T, server *postgres.Server) {
		tr := newTrap(t, server)
		sent := 0
		for _, file := range snapshots {
			data, err := os.ReadFile(file)
			must(t, err)
			d := newDeclarer(t, server, file, data)
			mutants(t, data, tr.spring(), func(_ string, mutant []byte) { sent += d.declare(t, mutant) })
			if tr.sprung(t) {
				t.Fatalf("%s: a superuser ran it", file)
			}
			d.close(t)
		}
		if sent < 1000 {
			t.Errorf("only %d statements were other than those of the snapshots", sent)
		}
	})
}

// A declarer declares snapshots that differ in a string from one that it knows:
// only the statements in which they differ, and each in a database that has what
// the statement needs and not what it makes.
type declarer struct {
	file   string
	known  map[quote.SQL]bool
	stages [3]*pgx.Conn // with nothing but schemas, with types and sequences, with tables
}

func stageOf(s drizzlekit.Statement) int {
	switch {
	case s.Kind == "table" && s.Name == "":
		return 1
	case slices.Contains([]string{"schema", "role", "type", "sequence"}, s.Kind):
		return 0
	}
	return 2
}

func newDeclarer(t *testing.T, server *postgres.Server, file string, data []byte) *declarer {
	t.Helper()
	d := &declarer{file: file, known: map[quote.SQL]bool{}}
	s, err := drizzlekit.Read([]drizzlekit.File{{Path: file, Data: data}})
	must(t, err)
	tr := &trial{Options: Options{Server: server, Source: &source.Source{Tool: source.Drizzle}}, shared: shared{made: map[string]bool{}}}
	for stage := range d.stages {
		conn, err := tr.connect(t.Context(), postgrestest.Database(t, server), nil)
		must(t, err)
		d.stages[stage] = conn
		for _, s := range s.DDL() {
			d.known[s.SQL] = true
			if s.Kind == "schema" || s.Kind != "role" && stageOf(s) < stage {
				_ = session.ExecuteAlone(t.Context(), conn, s.SQL) // 14 does not know all of it
			}
		}
	}
	return d
}

func (d *declarer) close(t *testing.T) {
	for _, conn := range d.stages {
		must(t, conn.Close(t.Context()))
	}
}

// declare returns how many statements it sent.
func (d *declarer) declare(t *testing.T, mutant []byte) (sent int) {
	t.Helper()
	s, err := drizzlekit.Read([]drizzlekit.File{{Path: d.file, Data: mutant}})
	if err != nil {
		return 0
	}
	for _, s := range s.DDL() {
		if d.known[s.SQL] {
			continue
		}
		conn := d.stages[stageOf(s)]
		must(t, session.Execute(t.Context(), conn, "BEGIN"))
		if err := session.ExecuteAlone(t.Context(), conn, s.SQL); err != nil && session.Refusal(err) == nil {
			t.Fatalf("%s: %v", s.SQL, err)
		}
		must(t, session.Rollback(t.Context(), conn))
		sent++
	}
	return sent
}

// TestSnapshotGainsNothingInATrial is one of them, the whole way.
func TestSnapshotGainsNothingInATrial(t *testing.T) {
	onDeclaredServers(t, func(t *testing.T, server *postgres.Server) {
		tr := newTrap(t, server)
		tree := copied(t, "../../testdata/drizzle/declared/0.31")
		for _, text := range []string{
			"0); RESET ROLE; " + tr.spring() + "; SET ROLE postgres; CREATE TABLE IF NOT EXISTS public.dummy (x int",
		} {
			raw, err := json.Marshal(text)
			must(t, err)
			edit(t, tree, "drizzle/meta/0001_snapshot.json", `"default": "''"`, `"default": `+string(raw))
		}
		got := drifts(t, server, tree, "0000_everything")
		if tr.sprung(t) {
			t.Error("a superuser ran it")
		}
		if len(got) == 0 || !strings.Contains(got[0], "cannot insert multiple commands into a prepared statement") {
			t.Errorf("it is not told: %q", got)
		}
	})
}

// TestJournalGainsNothing does the same with the journal, whose tags and times the
// tool notes in its history table.
func TestJournalGainsNothing(t *testing.T) {
	const dir = "../../testdata/drizzle/declared/0.31"
	onDeclaredServers(t, func(t *testing.T, server *postgres.Server) {
		tr := newTrap(t, server)
		whole := copied(t, dir)
		journal := whole["drizzle/meta/_journal.json"].Data
		database := postgrestest.Database(t, server)
		conn, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Superuser, database))
		must(t, err)
		defer conn.Close(context.WithoutCancel(t.Context()))
		noted := 0
		// No slash: the tag is a file's name.
		statement := "CREATE ROLE migvet_trapped"
		mutants(t, journal, statement, func(where string, mutant []byte) {
			tree := withTags(whole, mutant)
			tree["drizzle/meta/_journal.json"] = &fstest.MapFile{Data: mutant}
			noted += noteIn(t, conn, tree)
			if tr.ask(t, "SELECT count(*)::text FROM pg_roles WHERE rolname = 'migvet_trapped'") != "0" {
				t.Fatalf("%s: a superuser ran it", where)
			}
		})
		if noted == 0 {
			t.Error("nothing was noted")
		}
	})
}

// withTags gives the migrations of a tree the names that a journal has for them.
func withTags(tree fstest.MapFS, journal []byte) fstest.MapFS {
	renamed := fstest.MapFS{}
	for name, file := range tree {
		renamed[name] = file
	}
	var j struct{ Entries []struct{ Tag any } }
	if json.Unmarshal(journal, &j) != nil {
		return renamed
	}
	files, _ := fs.Glob(tree, "drizzle/*.sql")
	for i, e := range j.Entries {
		if tag, ok := e.Tag.(string); ok && i < len(files) && fs.ValidPath(path.Join("drizzle", tag+".sql")) {
			renamed[path.Join("drizzle", tag+".sql")] = tree[files[i]]
		}
	}
	return renamed
}

// noteIn sends what the tool would note, as a superuser: what is quoted does nothing
// there either. It returns how much it sent.
func noteIn(t *testing.T, conn *pgx.Conn, tree fstest.MapFS) int {
	t.Helper()
	found, err := source.At(tree, "drizzle", "")
	if err != nil {
		return 0
	}
	head, err := source.Load(tree, found)
	if err != nil {
		return 0
	}
	s := source.Review(nil, head, source.ReviewOptions{})
	_ = session.Execute(t.Context(), conn, s.Runner.Setup())
	for _, m := range s.Head {
		_ = session.Execute(t.Context(), conn, s.Runner.Record(m))
	}
	return len(s.Head)
}

// onOldestAndNewest is for what takes long.
func onOldestAndNewest(t *testing.T, test func(*testing.T, *postgres.Server)) {
	t.Helper()
	for _, version := range postgrestest.Versions(t) {
		if postgrestest.IsBetween(version) {
			continue
		}
		server := postgrestest.Server(t, version)
		t.Run(fmt.Sprintf("postgres %d", server.Major()), func(t *testing.T) { test(t, server) })
	}
}

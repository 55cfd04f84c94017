package observe

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

var update = flag.Bool("update", false, "write what was measured into testdata/effects, and docs/effects.md from it")

// TestEffects measures every statement of testdata/effects on every version
// there is, and compares.
func TestEffects(t *testing.T) {
	files := readEffectFiles(t)
	var mu sync.Mutex // of the blocks when they are updated
	t.Run("versions", func(t *testing.T) {
		for _, version := range postgrestest.Versions(t) {
			t.Run("postgres "+version, func(t *testing.T) {
				t.Parallel()
				server := postgrestest.Server(t, version)
				for _, f := range files {
					t.Run(strings.TrimSuffix(filepath.Base(f.path), ".txtar"), func(t *testing.T) {
						t.Parallel()
						facts := measureFile(t, server, f)
						mu.Lock()
						defer mu.Unlock()
						f.compare(t, server.Major(), facts)
					})
				}
			})
		}
	})
	if !*update {
		return
	}
	for _, f := range files {
		if err := os.WriteFile(f.path, f.format(), 0o644); err != nil {
			t.Error(err)
		}
	}
}

func (f *effectFile) compare(t *testing.T, major int, facts [][]string) {
	for i, b := range f.blocks {
		if *update {
			b.measured(major, facts[i])
			continue
		}
		want := slices.Sorted(slices.Values(b.of(major)))
		slices.Sort(facts[i])
		if !slices.Equal(facts[i], want) {
			t.Errorf("%s\n got\n\t%s\n want\n\t%s", b.sql, strings.Join(facts[i], "\n\t"), strings.Join(want, "\n\t"))
		}
	}
}

// measureFile measures all blocks in one database, each in a transaction that
// is rolled back; those that refuse that, in a copy of their own.
func measureFile(t *testing.T, server *postgres.Server, f *effectFile) [][]string {
	ctx := t.Context()
	template := postgrestest.Database(t, server)
	inSession(t, server, postgres.Superuser, template, nil, func(conn *pgx.Conn) { must(t, session.Execute(ctx, conn, observeSQL)) })
	inSession(t, server, postgres.Owner, template, nil, func(conn *pgx.Conn) { must(t, session.Execute(ctx, conn, session.BranchSQL(f.setup))) })
	facts := make([][]string, len(f.blocks))
	var outside []int
	var m Notices
	inSession(t, server, postgres.Owner, template, &m, func(conn *pgx.Conn) {
		o, err := New(ctx, conn, &m, server.Version(), "")
		must(t, err)
		rows := o.rows
		for i, b := range f.blocks {
			o.rows = maps.Clone(rows)
			must(t, session.Execute(ctx, conn, "BEGIN"))
			e, code := measure(t, o, b)
			must(t, session.Rollback(ctx, conn))
			facts[i] = factsOf(e)
			if session.RefusesTransaction(code) {
				outside = append(outside, i)
			}
		}
	})
	for _, i := range outside {
		facts[i] = measureOutside(t, server, template, f.blocks[i])
	}
	return facts
}

// measure runs a block and returns what its last statement did.
func measure(t *testing.T, o *Observer, b *effectBlock) (e *lint.Effect, code string) {
	t.Helper()
	m := &lint.Migration{Source: b.sql, Chunks: []lint.Span{{Start: 0, End: len(b.sql)}}}
	statements := m.Statements()
	for i, s := range statements {
		e, pe, err := o.Statement(t.Context(), s)
		switch {
		case err != nil:
			t.Fatalf("%s: %v", s.SQL, err)
		case pe != nil && i < len(statements)-1:
			return e, ""
		case pe != nil:
			return e, pe.Code
		case i == len(statements)-1:
			return e, ""
		}
	}
	t.Fatalf("no statement in %q", b.sql)
	return nil, ""
}

func measureOutside(t *testing.T, server *postgres.Server, template string, b *effectBlock) (facts []string) {
	database, err := server.CreateDatabase(t.Context(), template+"_copy", template)
	must(t, err)
	defer func() { must(t, server.DropDatabase(context.WithoutCancel(t.Context()), database)) }()
	var m Notices
	inSession(t, server, postgres.Owner, database, &m, func(conn *pgx.Conn) {
		o, err := New(t.Context(), conn, &m, server.Version(), "")
		must(t, err)
		e, _ := measure(t, o, b)
		facts = factsOf(e)
	})
	return append(facts, "runs outside transactions only")
}

func inSession(t *testing.T, server *postgres.Server, role postgres.Role, database string, m *Notices, f func(*pgx.Conn)) {
	t.Helper()
	config := server.Config(role, database)
	if m != nil {
		config.OnNotice = m.Handler()
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	must(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	f(conn)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// factKinds are how facts begin, in the order in which they are written. Locks
// come first, under PostgreSQL's own names.
var factKinds = []string{"held", "rewritten", "read", "lost", "changed", "dropped", "created", "altered", "left", "notice", "error", "runs outside", "not observed"}

func factOrder(text string) int {
	return slices.IndexFunc(factKinds, func(kind string) bool { return strings.HasPrefix(text, kind) })
}

func factsOf(e *lint.Effect) []string {
	if e.Err != nil {
		facts := []string{fmt.Sprintf("error %s: %s", e.Err.SQLState, oneLine(e.Err.Message))}
		return append(facts, objectFacts("left unchecked:", e.LeftInvalid())...)
	}
	facts := lockFacts(e.Locks, "")
	facts = append(facts, lockFacts(e.Held, "held ")...)
	for _, table := range e.Rewritten {
		text := "rewritten " + short(table)
		if n := e.Rebuilt[table]; n > 0 {
			text += fmt.Sprintf(", indexes rebuilt: %d", n)
		}
		facts = append(facts, text)
	}
	if len(e.Scanned) > 0 {
		facts = append(facts, "read "+short(strings.Join(e.Scanned, ", ")))
	}
	for _, l := range e.Lost {
		facts = append(facts, fmt.Sprintf("lost %d rows of %s", l.Rows, short(l.Table)))
	}
	for _, c := range e.Changed {
		facts = append(facts, fmt.Sprintf("changed %s.%s in %d rows", short(c.Table), c.Column, c.Rows))
	}
	for _, o := range e.Dropped {
		facts = append(facts, "dropped "+droppedFact(o))
	}
	facts = append(facts, objectFacts("created", e.Created)...)
	facts = append(facts, objectFacts("altered", e.Altered)...)
	facts = append(facts, objectFacts("left unchecked:", e.LeftInvalid())...)
	for _, n := range e.Notices {
		if strings.Contains(n, "skipping") && strings.Contains(n, `"pg_`) {
			continue // a catalog, which is the superuser's
		}
		facts = append(facts, "notice "+oneLine(n))
	}
	if e.Incomplete != "" {
		facts = append(facts, "not observed: "+e.Incomplete)
	}
	return facts
}

// lockFacts are a line for each mode; of indexes, which every query locks, only
// what blocks something.
func lockFacts(locks []lint.Lock, verb string) []string {
	var facts []string
	for i := 0; i < len(locks); {
		mode := locks[i].Mode
		var names, indexes []string
		for ; i < len(locks) && locks[i].Mode == mode; i++ {
			switch l := locks[i]; {
			case !l.Index:
				names = append(names, short(l.Object))
			case mode != lint.AccessShare:
				indexes = append(indexes, short(l.Object))
			}
		}
		text := strings.Join(names, ", ")
		if len(indexes) > 0 {
			text = strings.TrimPrefix(text+"; indexes "+strings.Join(indexes, ", "), "; ")
		}
		if text != "" {
			facts = append(facts, verb+string(mode)+" "+text)
		}
	}
	return facts
}

func droppedFact(o lint.CatalogObject) string {
	text := o.Kind + " " + short(o.Name)
	if o.Values > 0 {
		text += fmt.Sprintf(" with %d", o.Values)
		if o.Kind == "table column" {
			text += " values"
		} else {
			text += " rows"
		}
	}
	switch {
	case o.Cascade:
		text += " through CASCADE"
	case o.Auto:
		text += " with it"
	}
	return text
}

func objectFacts(verb string, objects []lint.CatalogObject) []string {
	if len(objects) == 0 {
		return nil
	}
	var names []string
	for _, o := range objects {
		names = append(names, o.Kind+" "+short(o.Name))
	}
	slices.Sort(names)
	return []string{verb + " " + strings.Join(slices.Compact(names), ", ")}
}

// short leaves out the schema public, which nobody writes.
func short(names string) string {
	parts := strings.Split(names, ", ")
	for i, p := range parts {
		parts[i] = strings.TrimPrefix(p, "public.")
	}
	return strings.Join(parts, ", ")
}

// oneLine also hides numbers that differ from one database to the next.
func oneLine(text string) string {
	return systemTrigger.ReplaceAllString(strings.Join(strings.Fields(text), " "), "${1}N")
}

var systemTrigger = regexp.MustCompile(`(RI_ConstraintTrigger_[ac]_)\d+`)

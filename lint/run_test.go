package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Rules that say what they saw, so that tests read it.
var (
	drops = &lint.Rule{ID: "drops", Severity: lint.Warning, Check: func(p *lint.Pass) {
		if p.Node().GetDropStmt() != nil {
			p.Reportf(0, "drops")
		}
	}}
	tables = &lint.Rule{ID: "tables", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if c := p.Node().GetCreateStmt(); c != nil {
			p.Reportf(c.Relation.Location, "makes %s", c.Relation.Relname)
		}
	}}
	transactions = &lint.Rule{ID: "transactions", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if p.Node().GetSelectStmt() != nil {
			p.Reportf(-1, "%t: %s", p.InTransaction(), p.Transaction())
		}
	}}
	relations = &lint.Rule{ID: "relations", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if a := p.Node().GetAlterTableStmt(); a != nil {
			p.Reportf(-1, "new: %t", p.IsNew(a.Relation))
		}
	}}
	optIn    = &lint.Rule{ID: "opt-in", Check: func(p *lint.Pass) { p.Reportf(-1, "opted in") }}
	measured = &lint.Rule{ID: "measured", Severity: lint.Warning, Measured: true, Check: func(p *lint.Pass) {}}
	trialled = &lint.Rule{ID: "trialled", Severity: lint.Error}
)

func every(sources ...string) *lint.History {
	h := &lint.History{Dir: "m", Tool: "Tool"}
	for i, source := range sources {
		name := fmt.Sprintf("%02d", i+1)
		h.New = append(h.New, &lint.Migration{
			Path: "m/" + name + ".sql", Name: name, Source: source, Chunks: []lint.Span{{Start: 0, End: len(source)}},
		})
	}
	return h
}

// onBase is every, with some of the migrations on the base branch.
func onBase(n int, sources ...string) *lint.History {
	h := every(sources...)
	h.Base, h.New = h.New[:n], h.New[n:]
	return h
}

// saw is what a server showed of one statement; nil shows nothing.
func saw(s *lint.Statement, e *lint.Effect) *lint.Observed {
	return &lint.Observed{Effects: map[*lint.Statement]*lint.Effect{s: e}}
}

// run returns findings as "path:line:column rule message [severity]".
func run(h *lint.History, found []lint.Finding, o lint.Options) []string {
	var out []string
	for _, f := range lint.Run([]*lint.History{h}, found, o) {
		out = append(out, describe(h, f))
	}
	return out
}

func describe(h *lint.History, f lint.Finding) string {
	place := f.Path
	for m := range h.All() {
		if m.Path == f.Path && f.Start != lint.NoPos {
			at := lint.NewLines(m.Source).Position(f.Start)
			place = fmt.Sprintf("%s:%d:%d", f.Path, at.Line, at.Column)
		}
	}
	text := fmt.Sprintf("%s %s: %s [%s]", place, f.Severity, f.Message, f.Rule)
	if f.Accepted != "" {
		text += " accepted: " + f.Accepted
	}
	return text
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestRunOrdersFindings(t *testing.T) {
	h := every("CREATE TABLE b ();\nDROP TABLE b; CREATE TABLE c ()", "DROP TABLE a")
	found := []lint.Finding{
		trialled.At("m/02.sql", 0, 4, "z"),
		trialled.At("m/01.sql", 19, 23, "a"),
		drops.At("m/01.sql", 19, 23, "drops"), // said twice
		trialled.AtFile("m/02.sql", "whole file"),
		trialled.AtFile("a/first.sql", "not in this history"),
	}
	o := lint.Options{Rules: []*lint.Rule{drops, tables, trialled}}
	want := []string{
		"a/first.sql error: not in this history [trialled]",
		"m/01.sql:1:14 notice: makes b [tables]",
		"m/01.sql:2:1 error: a [trialled]",
		"m/01.sql:2:1 warning: drops [drops]",
		"m/01.sql:2:28 notice: makes c [tables]",
		"m/02.sql error: whole file [trialled]",
		"m/02.sql:1:1 error: z [trialled]",
		"m/02.sql:1:1 warning: drops [drops]",
	}
	expect(t, run(h, found, o), want...)

	slices.Reverse(found)
	slices.Reverse(o.Rules)
	expect(t, run(h, found, o), want...)
}

// A rule is called for statements that it is about, and for all that a server
// tried: code does what its text does not say.
func TestRunCallsRulesWhereTheySpeak(t *testing.T) {
	h := every("DROP TABLE a; CREATE TABLE b (); ALTER TABLE c DROP COLUMN d; SELECT 1; CREATE TABLE IS WRONG")
	on := &lint.Rule{ID: "on", Severity: lint.Notice, On: facts.Dropped, Check: func(p *lint.Pass) { p.Reportf(0, "called") }}
	onServers := &lint.Rule{ID: "on-servers", Severity: lint.Notice, Measured: true, Check: on.Check}
	rules := []*lint.Rule{on, onServers}
	expect(t, run(h, nil, lint.Options{Rules: rules}), "m/01.sql:1:1 notice: called [on]", "m/01.sql:1:34 notice: called [on]")

	observed := saw(h.New[0].Statements()[3], &lint.Effect{})
	expect(t, run(h, nil, lint.Options{Rules: rules, Observed: observed}),
		"m/01.sql:1:1 notice: called [on]", "m/01.sql:1:34 notice: called [on]", "m/01.sql:1:63 notice: called [on]", "m/01.sql:1:63 notice: called [on-servers]")
}

func TestRunLeavesTheBaseAlone(t *testing.T) {
	h := onBase(1, "DROP TABLE a", "DROP TABLE b")
	expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{drops}}), "m/02.sql:1:1 warning: drops [drops]")
}

func TestRunAppliesSeverity(t *testing.T) {
	h := every("DROP TABLE a")
	found := []lint.Finding{trialled.At("m/01.sql", 0, 4, "refused")}
	rules := []*lint.Rule{drops, optIn, trialled}
	expect(t, run(h, found, lint.Options{Rules: rules, Severity: map[string]lint.Severity{"drops": lint.Off, "opt-in": lint.Notice, "trialled": lint.Warning}}),
		"m/01.sql:1:1 warning: refused [trialled]", "m/01.sql:1:1 notice: opted in [opt-in]")
	expect(t, run(h, found, lint.Options{Rules: rules, Severity: map[string]lint.Severity{"trialled": lint.Off}}),
		"m/01.sql:1:1 warning: drops [drops]")
}

// A location outside the statement is a mistake of the rule, and ends at the
// statement's start.
func TestReportfStaysInsideTheStatement(t *testing.T) {
	for _, location := range []int32{-1, 0, 99, 1 << 30} {
		r := &lint.Rule{ID: "r", Severity: lint.Error, Check: func(p *lint.Pass) { p.Reportf(location, "here") }}
		h := every("-- a comment\n  DROP TABLE a;\n")
		expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{r}}), "m/01.sql:2:3 error: here [r]")
	}
}

func TestTransactions(t *testing.T) {
	const (
		no       = "false: "
		each     = "true: Tool runs each migration in a transaction"
		pending  = "true: Tool runs all pending migrations in one transaction"
		begin    = "true: the file opened a transaction with BEGIN"
		implicit = "true: several statements in one message are one transaction"
		chain    = "true: AND CHAIN opened a transaction"
	)
	tests := []struct {
		name    string
		mode    lint.TxMode
		sources []string // "|" parts messages
		want    []string // for each SELECT
	}{
		{"a file each", lint.TxFile, []string{"SELECT 1", "SELECT 1"}, []string{each, each}},
		{"a file each, committed", lint.TxFile, []string{"SELECT 1|COMMIT|SELECT 1", "SELECT 1"}, []string{each, no, each}},
		{"a file each, BEGIN inside", lint.TxFile, []string{"BEGIN|SELECT 1"}, []string{each}},
		{"all pending", lint.TxAllPending, []string{"SELECT 1|SELECT 1", "SELECT 1"}, []string{pending, pending, pending}},
		{"all pending, committed", lint.TxAllPending, []string{"SELECT 1|COMMIT|SELECT 1", "SELECT 1"}, []string{pending, no, no}},
		{"all pending, rolled back", lint.TxAllPending, []string{"ROLLBACK|SELECT 1"}, []string{no}},
		{"all pending, committed, begun", lint.TxAllPending, []string{"COMMIT|BEGIN|SELECT 1", "SELECT 1|END|SELECT 1"}, []string{begin, begin, no}},
		{"none", lint.TxNone, []string{"SELECT 1|SELECT 1"}, []string{no, no}},
		{"none, own BEGIN", lint.TxNone, []string{"BEGIN|SELECT 1|COMMIT|SELECT 1|START TRANSACTION|SELECT 1"}, []string{begin, no, begin}},
		{"none, several in a message", lint.TxNone, []string{"SELECT 1; SELECT 1|SELECT 1"}, []string{implicit, implicit, no}},
		{"none, COMMIT within a message", lint.TxNone, []string{"BEGIN; SELECT 1; COMMIT; SELECT 1|SELECT 1"}, []string{begin, implicit, no}},
		{"none, BEGIN outlives its message", lint.TxNone, []string{"SELECT 1; BEGIN|SELECT 1"}, []string{implicit, begin}},
		{"each, COMMIT within a message", lint.TxFile, []string{"COMMIT; SELECT 1|SELECT 1"}, []string{implicit, no}},
		{"savepoints", lint.TxNone, []string{"BEGIN|SAVEPOINT a|ROLLBACK TO a|RELEASE a|SELECT 1"}, []string{begin}},
		{"and chain", lint.TxAllPending, []string{"COMMIT AND CHAIN|SELECT 1|COMMIT|SELECT 1"}, []string{chain, no}},
		{"prepared", lint.TxNone, []string{"BEGIN|PREPARE TRANSACTION 'a'|SELECT 1"}, []string{no}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := every(tt.sources...)
			for _, m := range h.New {
				m.Tx = tt.mode
				m.Source, m.Chunks = messages(m.Source)
			}
			var got []string
			for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{transactions}}) {
				got = append(got, f.Message)
			}
			expect(t, got, tt.want...)
		})
	}
}

// What runs in the transaction of the last statement decides what it holds: nothing
// of the base branch, nothing of an earlier message.
func TestTransactionBegins(t *testing.T) {
	tests := []struct {
		name    string
		mode    lint.TxMode
		sources []string // the first is the base branch; "|" parts messages
		want    string   // the statements of the transaction before the last one
	}{
		{"a file each", lint.TxFile, []string{"SELECT 0", "SELECT 1", "SELECT 2|SELECT 3"}, "SELECT 2"},
		{"a file each, BEGIN inside", lint.TxFile, []string{"", "SELECT 1|BEGIN|SELECT 2"}, "SELECT 1 BEGIN"},
		{"a file each, committed", lint.TxFile, []string{"", "SELECT 1|COMMIT|SELECT 2"}, ""},
		{"all pending", lint.TxAllPending, []string{"SELECT 0", "SELECT 1", "SELECT 2"}, "SELECT 1"},
		{"all pending, committed", lint.TxAllPending, []string{"SELECT 0", "SELECT 1|COMMIT", "BEGIN|SELECT 2", "SELECT 3"}, "SELECT 2"},
		{"after the first", lint.TxAfterFirst, []string{"SELECT 0", "SELECT 1|SELECT 2; SELECT 3"}, "SELECT 2"},
		{"none", lint.TxNone, []string{"SELECT 0", "SELECT 1|SELECT 2; SELECT 3"}, "SELECT 2"},
		{"none, alone", lint.TxNone, []string{"SELECT 0", "SELECT 1|SELECT 2"}, ""},
		{"none, BEGIN in a message", lint.TxNone, []string{"SELECT 0", "SELECT 1|SELECT 2; BEGIN; SELECT 3"}, "SELECT 2 BEGIN"},
		{"savepoints", lint.TxNone, []string{"", "SELECT 1|BEGIN|SELECT 2|SAVEPOINT a|SELECT 3"}, "SELECT 2 SAVEPOINT a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := onBase(1, tt.sources...)
			for m := range h.All() {
				m.Tx = tt.mode
				m.Source, m.Chunks = messages(m.Source)
			}
			var got string
			r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
				var before []string
				for place, s := range p.Statements() {
					if p.Began() <= place && place < p.Place() {
						before = append(before, s.SQL)
					}
				}
				got = strings.Join(before, " ")
			}}
			lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{r}})
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTransactionWithoutATool(t *testing.T) {
	h := every("SELECT 1")
	h.Tool = ""
	expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{transactions}}),
		"m/01.sql:1:1 notice: true: each migration runs in a transaction [transactions]")
}

// messages parts a source at "|" and blanks them.
func messages(source string) (string, []lint.Span) {
	var chunks []lint.Span
	start := 0
	for _, part := range strings.Split(source, "|") {
		chunks = append(chunks, lint.Span{Start: start, End: start + len(part)})
		start += len(part) + 1
	}
	return strings.ReplaceAll(source, "|", " "), chunks
}

func TestIsNew(t *testing.T) {
	const alter = "; ALTER TABLE t ADD a int"
	tests := []struct {
		name, before string
		want         bool
	}{
		{"unknown", "SELECT 1", false},
		{"created", "CREATE TABLE t ()", true},
		{"created in public", "CREATE TABLE public.t ()", true},
		{"created elsewhere", "CREATE TABLE s.t ()", false},
		{"created as", "CREATE TABLE t AS SELECT 1", true},
		{"selected into", "SELECT 1 INTO t", true},
		{"materialized view", "CREATE MATERIALIZED VIEW t AS SELECT 1", true},
		{"view", "CREATE VIEW t AS SELECT 1", true},
		{"replaced view", "CREATE OR REPLACE VIEW t AS SELECT 1", false},
		{"dropped", "CREATE TABLE t (); DROP TABLE t", false},
		{"dropped in public", "CREATE TABLE t (); DROP TABLE x, public.t", false},
		{"another dropped", "CREATE TABLE t (); DROP TABLE s.t", true},
		{"renamed to it", "CREATE TABLE x (); ALTER TABLE x RENAME TO t", true},
		{"renamed away", "CREATE TABLE t (); ALTER TABLE t RENAME TO x", false},
		{"old one renamed to it", "ALTER TABLE x RENAME TO t", false},
		{"column renamed", "CREATE TABLE t (); ALTER TABLE t RENAME COLUMN a TO b", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			findings := lint.Run([]*lint.History{every(tt.before + alter)}, nil, lint.Options{Rules: []*lint.Rule{relations}})
			last := findings[len(findings)-1]
			if want := fmt.Sprintf("new: %t", tt.want); last.Message != want {
				t.Errorf("got %s, want %s", last.Message, want)
			}
		})
	}
}

func TestIsNewOnlyForTheReview(t *testing.T) {
	h := onBase(1, "CREATE TABLE t ()", "ALTER TABLE t ADD a int")
	expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{relations}}), "m/02.sql:1:1 notice: new: false [relations]")
}

// What the server knows wins over what the text suggests.
func TestIsNewAsksTheServer(t *testing.T) {
	for _, isNew := range []bool{true, false} {
		h := every("CREATE TABLE t (); ALTER TABLE t ADD a int")
		before := &lint.Schema{SearchPath: []string{"public"}, Tables: []*lint.Table{{Schema: "public", Name: "t", New: isNew}}}
		seen := saw(h.New[0].Statements()[1], &lint.Effect{Before: before})
		expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{relations}, Observed: seen}), fmt.Sprintf("m/01.sql:1:20 notice: new: %t [relations]", isNew))
	}
}

func TestRefusedStatementMakesNothing(t *testing.T) {
	h := every("CREATE TABLE t (); ALTER TABLE t ADD a int")
	seen := saw(h.New[0].Statements()[0], &lint.Effect{Err: &lint.SQLError{SQLState: "42P07"}})
	expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{relations}, Observed: seen}), "m/01.sql:1:20 notice: new: false [relations]")
}

func TestLater(t *testing.T) {
	var got []string
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if p.Node().GetDropStmt() == nil {
			return
		}
		for s := range p.Later() {
			got = append(got, s.SQL)
		}
		for range p.Later() {
			break
		}
	}}
	h := onBase(1, "SELECT 1; SELECT 2", "", "SELECT 3; DROP TABLE a; SELECT 4", "SELECT 5")
	lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{r}})
	expect(t, got, "SELECT 4", "SELECT 5")
}

func TestMentions(t *testing.T) {
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) { p.Reportf(-1, "%v", p.Mentions("title")) }}
	o := lint.Options{Rules: []*lint.Rule{r}}
	expect(t, run(every("SELECT 1"), nil, o), "m/01.sql:1:1 notice: [] [r]")
	o.Mentions = func(words ...string) []string { return []string{"src/" + words[0] + ".ts"} }
	expect(t, run(every("SELECT 1"), nil, o), "m/01.sql:1:1 notice: [src/title.ts] [r]")
}

// A Pass without an Effect knows no table and says so with nil.
func TestTablesWithoutATrial(t *testing.T) {
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
		v := &pg.RangeVar{Relname: "t"}
		p.Reportf(-1, "%v %v %v %t", p.Table(v), p.CatalogAfter(v), p.CatalogFinal(v), p.Tried())
	}}
	expect(t, run(every("SELECT 1"), nil, lint.Options{Rules: []*lint.Rule{r}}), "m/01.sql:1:1 notice: <nil> <nil> <nil> false [r]")
}

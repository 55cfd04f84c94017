package lint_test

import (
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
)

func TestApplyEdits(t *testing.T) {
	edit := func(start, end int, text string) lint.Edit {
		return lint.Edit{Span: lint.Span{Start: start, End: end}, Text: text}
	}
	for _, c := range []struct {
		name  string
		edits []lint.Edit
		want  string
		made  int
	}{
		{"none", nil, "0123456789", 0},
		{"insert, replace, delete", []lint.Edit{edit(8, 10, ""), edit(0, 0, "a"), edit(2, 4, "bc!")}, "a01bc!4567", 3},
		{"two at one place stay in order", []lint.Edit{edit(5, 5, "x"), edit(5, 5, "y")}, "01234xy56789", 2},
		{"the second of two that overlap is left out", []lint.Edit{edit(1, 5, ""), edit(4, 6, "z")}, "056789", 1},
		{"outside of the text", []lint.Edit{edit(9, 11, "z"), edit(-1, 0, "z"), edit(5, 4, "z")}, "0123456789", 0},
	} {
		if got, made := lint.ApplyEdits("0123456789", c.edits); got != c.want || made != c.made {
			t.Errorf("%s: got %q with %d edits, want %q with %d", c.name, got, made, c.want, c.made)
		}
	}
}

// repairing reports every SELECT and offers to write it as told.
func repairing(text string) *lint.Rule {
	return &lint.Rule{ID: "selects", Group: lint.GroupData, Severity: lint.Warning, Check: func(p *lint.Pass) {
		if p.Node().GetSelectStmt() != nil {
			p.Offer(p.Reportf(0, "selects"), 0, len(p.Statement.SQL), text)
		}
	}}
}

func TestEditsThatDoHarmAreTakenBack(t *testing.T) {
	noTables := &lint.Rule{ID: "tables", Severity: lint.Warning, Check: tables.Check}
	mildTables := &lint.Rule{ID: "tables", Severity: lint.Notice, Check: tables.Check}
	for _, c := range []struct {
		name, text string
		rules      []*lint.Rule
		editing    lint.Editing
		source     string
		kept       bool
	}{
		{"does not parse", "SELEC 1", nil, lint.Editing{}, "SELECT 1;", false},
		{"does not help", "SELECT 2", nil, lint.Editing{}, "SELECT 1;", false},
		{"helps", "DELETE FROM t WHERE id = 1", nil, lint.Editing{}, "INSERT INTO t VALUES (1);\nSELECT 1;", true},
		{"makes something as severe", "CREATE TABLE t ()", []*lint.Rule{noTables}, lint.Editing{}, "SELECT 1;", false},
		{"makes something milder", "CREATE TABLE t ()", []*lint.Rule{mildTables}, lint.Editing{}, "SELECT 1;", true},
		{"sealed", "DELETE FROM t", nil, lint.Editing{Sealed: true}, "SELECT 1;", false},
		{"generated", "DELETE FROM t", nil, lint.Editing{Generated: true}, "SELECT 1;", false},
	} {
		h := every(c.source)
		h.Editing = c.editing
		o := lint.Options{Rules: append(c.rules, repairing(c.text)), Edits: true}
		for _, f := range lint.Run([]*lint.History{h}, nil, o) {
			if kept := len(f.Edits) > 0; kept != c.kept {
				t.Errorf("%s: %s kept its edits: %t", c.name, f.Rule, kept)
			}
		}
		o.Edits = false
		for _, f := range lint.Run([]*lint.History{h}, nil, o) {
			if len(f.Edits) > 0 {
				t.Errorf("%s: edits that nobody asked for", c.name)
			}
		}
	}
}

// replaces reports each SELECT of an old text, and offers a new one.
func replaces(old, text string) *lint.Rule {
	return &lint.Rule{ID: "replaces", Group: lint.GroupData, Severity: lint.Error, Check: func(p *lint.Pass) {
		if strings.Contains(p.Statement.SQL, old) {
			p.Offer(p.Reportf(0, "%s", p.Statement.SQL), 0, len(p.Statement.SQL), strings.ReplaceAll(p.Statement.SQL, old, text))
		}
	}}
}

// Repairs that hold each for itself may do harm together: to a later statement of the
// migration, or to a later migration that has none itself.
func TestEditsAreTriedTogether(t *testing.T) {
	counts := func(id, word string, most int) *lint.Rule {
		return &lint.Rule{ID: id, Severity: lint.Error, Check: func(p *lint.Pass) {
			n := 0
			for m := range p.History.All() {
				n += strings.Count(m.Source, word)
			}
			if n > most && p.Node().GetInsertStmt() != nil {
				p.Reportf(0, "too many of %s", word)
			}
		}}
	}
	const insert = "INSERT INTO t VALUES (1)"
	for _, c := range []struct {
		name    string
		sources []string
		most    int
		want    string // the statements that keep their repair
	}{
		{"all may stay", []string{"SELECT old1; SELECT old2; " + insert}, 2, "SELECT old1 SELECT old2"},
		{"one of two in a migration", []string{"SELECT old1; SELECT old2; " + insert}, 1, "SELECT old1"},
		{"two of four in a migration", []string{"SELECT old1; SELECT old2; SELECT old3; SELECT old4; " + insert}, 2, "SELECT old1 SELECT old2"},
		{"one of two migrations, met in a third", []string{"SELECT old1", "SELECT old2", insert}, 1, "SELECT old1"},
		{"none, met in a later migration", []string{"SELECT old1", insert}, 0, ""},
	} {
		o := lint.Options{Rules: []*lint.Rule{replaces("old", "new"), counts("new", "new", c.most)}, Edits: true}
		var kept []string
		for _, f := range lint.Run([]*lint.History{every(c.sources...)}, nil, o) {
			if len(f.Edits) > 0 {
				kept = append(kept, f.Message)
			}
		}
		if got := strings.Join(kept, " "); got != c.want {
			t.Errorf("%s: kept %q, want %q", c.name, got, c.want)
		}
	}
}

// Which repairs are left does not depend on which walk is the first to come back.
func TestEditsAreTriedInOrder(t *testing.T) {
	rest := strings.Repeat("SELECT 1; ", 300)
	source := "SELECT old1; " + rest + "SELECT old2; " + rest + "SELECT old3; INSERT INTO t VALUES (1)"
	slow := &lint.Rule{ID: "slow", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if strings.Contains(p.Statement.SQL, "old1") {
			time.Sleep(5 * time.Millisecond)
		}
	}}
	two := &lint.Rule{ID: "two", Severity: lint.Error, Check: func(p *lint.Pass) {
		if strings.Count(p.Migration.Source, "new") > 2 && p.Node().GetInsertStmt() != nil {
			p.Reportf(0, "too many")
		}
	}}
	o := lint.Options{Rules: []*lint.Rule{slow, replaces("old", "new"), two}, Edits: true}
	for range 5 {
		var kept []string
		for _, f := range lint.Run([]*lint.History{every(source)}, nil, o) {
			if len(f.Edits) > 0 {
				kept = append(kept, f.Message)
			}
		}
		if got := strings.Join(kept, " "); got != "SELECT old1 SELECT old2" {
			t.Fatalf("kept %s", got)
		}
	}
}

// What a repair means depends on how the file is sent afterwards.
func TestEditsAreReadByTheTool(t *testing.T) {
	h := every("SELECT 1")
	h.New[0].Tx = lint.TxNone
	read := ""
	h.Editing.Reread = func(m *lint.Migration, edits []lint.Edit) *lint.Migration {
		text, _ := lint.ApplyEdits(m.Source, edits)
		read = text
		return &lint.Migration{Path: m.Path, Name: m.Name, Tx: m.Tx, Source: text, Chunks: lint.Split(text)}
	}
	findings := lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{repairing("DELETE FROM t")}, Edits: true})
	if len(findings) != 1 || len(findings[0].Edits) != 1 || !strings.HasPrefix(read, "DELETE FROM t") {
		t.Errorf("got %+v, read %q", findings, read)
	}
}

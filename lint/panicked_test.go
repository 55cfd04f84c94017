package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// fragile panics at statements that drop a table, behind a finding.
var fragile = &lint.Rule{ID: "fragile", Severity: lint.Error, Check: func(p *lint.Pass) {
	p.Reportf(0, "seen")
	if strings.HasPrefix(p.Statement.SQL, "DROP") {
		var none []int
		_ = none[len(p.Statement.SQL)]
	}
}}

var sturdy = &lint.Rule{ID: "sturdy", Severity: lint.Warning, Check: func(p *lint.Pass) { p.Reportf(0, "sturdy") }}

func countRule(findings []lint.Finding, id string) (n int) {
	for _, f := range findings {
		if f.Rule == id {
			n++
		}
	}
	return n
}

func TestPanicOfARuleIsOneFinding(t *testing.T) {
	for name, test := range map[string]struct {
		statements, panics int
		want               string
	}{
		"once":              {3, 1, "rule fragile panicked: index out of range [12] with length 0; what it had to say is missing"},
		"twice":             {2, 2, "rule fragile panicked: index out of range [12] with length 0, and at 1 more statement; what it had to say is missing"},
		"in several walks":  {2000, 900, "rule fragile panicked: index out of range [12] with length 0, and at 899 more statements; what it had to say is missing"},
		"none has panicked": {5, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var sql strings.Builder
			for i := range test.statements {
				if i < test.panics {
					sql.WriteString("DROP TABLE a;\n")
				} else {
					fmt.Fprintf(&sql, "SELECT %d;\n", i)
				}
			}
			findings := lint.SQL("1.sql", sql.String(), fragile, sturdy)
			if n := countRule(findings, "sturdy"); n != test.statements {
				t.Errorf("the other rule has %d findings, want %d", n, test.statements)
			}
			if n := countRule(findings, "fragile"); n != test.statements {
				t.Errorf("the rule that panics has %d findings, want what it said before: %d", n, test.statements)
			}
			var told []string
			for _, f := range findings {
				if f.Rule == lint.CheckPanicked.ID {
					told = append(told, f.Message)
				}
			}
			if strings.Join(told, "\n") != test.want {
				t.Errorf("told %q, want %q", told, test.want)
			}
		})
	}
}

func TestNothingSilencesAPanic(t *testing.T) {
	text := "-- migvet:ignore-file fragile, sturdy no reason to look\nSELECT 1;\nDROP TABLE a;\n"
	h := &lint.History{New: []*lint.Migration{{Path: "1.sql", Name: "1", Source: text}}}
	var stack string
	findings := lint.Run([]*lint.History{h}, nil, lint.Options{
		Rules:    []*lint.Rule{fragile, sturdy},
		Severity: map[string]lint.Severity{lint.CheckPanicked.ID: lint.Off},
		Panicked: func(what string, s []byte) { stack += what + "\n" + string(s) },
	})
	if n := countRule(findings, lint.CheckPanicked.ID); n != 1 {
		t.Errorf("%d findings tell of the panic in %v", n, findings)
	}
	for _, f := range findings {
		if f.Rule == lint.CheckPanicked.ID && (f.Accepted != "" || f.Severity != lint.Error || f.Path != "1.sql" || text[f.Start:f.End] != "DROP TABLE a") {
			t.Errorf("got %+v", f)
		}
	}
	if !strings.HasPrefix(stack, "rule fragile\n") || !strings.Contains(stack, "panicked_test.go") {
		t.Errorf("stack: %s", stack)
	}
}

// A rule that panics where a repair is tried takes the repair back, and is told once.
func TestPanicAboutARepair(t *testing.T) {
	rule := repairing("DELETE FROM a")
	atDelete := &lint.Rule{ID: "at-delete", Severity: lint.Warning, Check: func(p *lint.Pass) {
		if p.Node().GetDeleteStmt() != nil {
			panic("no such thing")
		}
	}}
	for text, want := range map[string]string{
		"SELECT 1; SELECT 2;":      "1.sql: rule at-delete panicked: no such thing; what it had to say is missing",
		"SELECT 1; DELETE FROM b;": "1.sql: rule at-delete panicked: no such thing; what it had to say is missing",
	} {
		h := &lint.History{New: []*lint.Migration{{Path: "1.sql", Name: "1", Source: text}}}
		var told []string
		for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: []*lint.Rule{rule, atDelete}, Edits: true}) {
			if f.Rule == lint.CheckPanicked.ID {
				told = append(told, f.Path+": "+f.Message)
			}
			if len(f.Edits) > 0 {
				t.Errorf("%s: the repair stays", text)
			}
		}
		if strings.Join(told, "\n") != want {
			t.Errorf("%s: told %q, want %q", text, told, want)
		}
	}
}

// TestPanicOutsideOfRules has what a caller brings panic, where repairs are proven.
func TestPanicOutsideOfRules(t *testing.T) {
	rule := repairing("DELETE FROM a")
	for name, reread := range map[string]func(*lint.Migration, []lint.Edit) *lint.Migration{
		"holds":  nil,
		"panics": func(*lint.Migration, []lint.Edit) *lint.Migration { panic("no such plan") },
	} {
		t.Run(name, func(t *testing.T) {
			bad := &lint.History{Dir: "sqitch", New: []*lint.Migration{{Path: "sqitch/a.sql", Name: "a", Source: "SELECT 1;"}}}
			bad.Editing.Reread = reread
			good := &lint.History{Dir: "other", New: []*lint.Migration{{Path: "other/a.sql", Name: "a", Source: "SELECT 1;"}}}
			findings := lint.Run([]*lint.History{bad, good}, nil, lint.Options{Rules: []*lint.Rule{rule}, Edits: true})
			var edits, told []string
			for _, f := range findings {
				if len(f.Edits) > 0 {
					edits = append(edits, f.Path)
				}
				if f.Rule == lint.CheckPanicked.ID {
					told = append(told, f.Path+": "+f.Message)
				}
			}
			wantEdits, wantTold := "sqitch/a.sql", ""
			if reread != nil {
				wantEdits, wantTold = "", "sqitch: the proof of repairs panicked: no such plan; what it had to say is missing"
			}
			if got := strings.Join(edits, " "); strings.TrimSpace(got) != strings.TrimSpace("other/a.sql "+wantEdits) || strings.Join(told, "\n") != wantTold {
				t.Errorf("repairs of %q, told %q", got, told)
			}
			if countRule(findings, rule.ID) != 2 {
				t.Errorf("findings are missing in %v", findings)
			}
		})
	}
}

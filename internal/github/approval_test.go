package github

import (
	"reflect"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

func TestLabelsAccept(t *testing.T) {
	known := []string{"column-dropped", "table-dropped"}
	a, problems := ReadApprovals([]string{
		"bug", "migrations:allow column-dropped", "migrations:allow tabel-dropped", "migrations:allow", "MIGRATIONS:ALLOW table-dropped",
	}, "migrations:allow", known)
	if !reflect.DeepEqual(a, Approvals{"column-dropped": "migrations:allow column-dropped"}) {
		t.Errorf("approvals are %v", a)
	}
	want := []string{
		`the label "migrations:allow tabel-dropped" names no rule; did you mean "table-dropped"?`,
		`the label "migrations:allow" names no rule`,
	}
	if !reflect.DeepEqual(problems, want) {
		t.Errorf("problems are %q", problems)
	}
	kept, accepted := a.Accept([]lint.Finding{{Rule: "table-dropped"}, {Rule: "column-dropped"}})
	if len(kept) != 1 || kept[0].Rule != "table-dropped" || len(accepted) != 1 || accepted[0].Accepted != `label "migrations:allow column-dropped"` {
		t.Errorf("kept %v, accepted %v", kept, accepted)
	}
}

// GitHub takes names of labels up to 50 characters.
func TestEveryRuleFitsIntoALabel(t *testing.T) {
	for _, id := range lint.RuleIDs(rules.All()) {
		if label := DefaultApproval + " " + id; len(label) > 50 {
			t.Errorf("%q has %d characters", label, len(label))
		}
	}
}

package github

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

const (
	commit  = "0123456789abcdef0123456789abcdef01234567"
	another = "0123456abcdef0123456789abcdef0123456789a" // that begins with the same 7 digits
)

// A label holds for the commit that it was set on and no other.
func TestLabelsHoldForACommit(t *testing.T) {
	known := []string{"column-dropped", "table-dropped"}
	const dropped, both = "migrations:allow column-dropped", "column-dropped table-dropped"
	look := `%q does not hold for commit 0123456: a label accepts findings of the commit that it was set on, and this one may be older; look at the commit, then set the label "migrations:allow @0123456789abcdef" as well`
	for name, c := range map[string]struct {
		labels  []string
		justSet string
		accepts string   // rules
		says    []string // parts of the problems
	}{
		"older":                  {[]string{dropped}, "", "", []string{fmt.Sprintf(look, dropped)}},
		"just set":               {[]string{dropped, "migrations:allow table-dropped"}, dropped, "column-dropped", []string{fmt.Sprintf(look, "migrations:allow table-dropped")}},
		"another was set":        {[]string{dropped, "bug"}, "bug", "", []string{fmt.Sprintf(look, dropped)}},
		"names it":               {[]string{dropped + " @" + commit[:16]}, "", "column-dropped", nil},
		"in full, in capitals":   {[]string{dropped + "@" + strings.ToUpper(commit)}, "", "column-dropped", nil},
		"names another":          {[]string{dropped + " @" + another}, "", "", []string{"does not hold"}},
		"names another, set now": {[]string{dropped + " @" + another}, dropped + " @" + another, "", []string{"does not hold"}},
		"7 digits":               {[]string{dropped + " @" + commit[:7]}, "", "", []string{"names a commit by too little: give at least 16 digits"}},
		"7 digits, set now":      {[]string{dropped + " @" + commit[:7]}, dropped + " @" + commit[:7], "", []string{"too little"}},
		"no digits":              {[]string{dropped + " @"}, dropped + " @", "", []string{"too little"}},
		"for all":                {[]string{dropped, "migrations:allow:table-dropped", "migrations:allow @" + commit[:16]}, "", both, nil},
		"for all, of another":    {[]string{dropped, "migrations:allow @" + another}, "", "", []string{"does not hold"}},
		"for all, older by name": {[]string{dropped + " @" + another, "migrations:allow @" + commit}, "", "", []string{"does not hold"}},
		"older, and named":       {[]string{dropped, dropped + " @" + commit}, "", "column-dropped", nil},
		"no separator":           {[]string{"migrations:allowcolumn-dropped"}, "migrations:allowcolumn-dropped", "", []string{`accepts nothing; write "migrations:allow column-dropped", with a space`}},
		"another's":              {[]string{"migrations:allowed", "bug", "MIGRATIONS:ALLOW table-dropped"}, "", "", nil},
		"misspelt":               {[]string{"migrations:allow tabel-dropped"}, "", "", []string{`names no rule; did you mean "table-dropped"?`}},
		"no rule":                {[]string{"migrations:allow"}, "", "", []string{`the label "migrations:allow" names no rule`}},
	} {
		approvals, problems := ReadApprovals(Labels{Names: c.labels, Commit: commit, JustSet: c.justSet}, "migrations:allow", known)
		var accepts []string
		for _, a := range approvals {
			accepts = append(accepts, a.Rule)
		}
		if got := strings.Join(accepts, " "); got != c.accepts {
			t.Errorf("%s: accepts %q, want %q", name, got, c.accepts)
		}
		if !slices.EqualFunc(problems, c.says, func(got, want string) bool { return strings.Contains(got, want) }) {
			t.Errorf("%s: says %q, want %q", name, problems, c.says)
		}
	}
}

// Without a commit, which no event of a pull request lacks, nothing is accepted by
// name.
func TestLabelsWithoutACommit(t *testing.T) {
	approvals, _ := ReadApprovals(Labels{Names: []string{"allow @", "allow style", "allow style @"}}, "allow", []string{"style"})
	if len(approvals) > 0 {
		t.Errorf("accepts %v", approvals)
	}
}

func TestPrefixWithItsSeparator(t *testing.T) {
	approvals, problems := ReadApprovals(Labels{Names: []string{"ok:style"}, Commit: commit, JustSet: "ok:style"}, "ok:", []string{"style"})
	if len(approvals) != 1 || len(problems) > 0 {
		t.Errorf("accepts %v, %q", approvals, problems)
	}
}

func TestEventTellsWhichLabelWasSet(t *testing.T) {
	const rest = `"label":{"name":"x"},"pull_request":{"head":{"sha":"1"},"labels":[{"name":"x"},{"name":"y"}]}}`
	env := map[string]string{"GITHUB_EVENT_PATH": "e"}
	if got, want := readEvent(t, env, `{"action":"labeled",`+rest).Labels(), (Labels{[]string{"x", "y"}, "1", "x"}); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, action := range []string{"unlabeled", "synchronize", "opened"} {
		if got := readEvent(t, env, `{"action":"`+action+`",`+rest).Labels(); got.JustSet != "" {
			t.Errorf("%s: %+v", action, got)
		}
	}
}

// What labels accepted is told, and never that a migration does not apply.
func TestApprove(t *testing.T) {
	approvals := []Approval{{"allow a", "a"}, {"allow b", "b"}, {"allow c", "c"}, {"allow does-not-apply", "does-not-apply"}}
	kept, accepted, told := Approve(approvals, []lint.Finding{
		{Rule: "a", Path: "1.sql"}, {Rule: "x", Path: "1.sql"}, {Rule: "a", Path: "2.sql"}, {Rule: "a", Path: "2.sql", Stops: true},
		{Rule: "b", Path: "1.sql"}, {Rule: "does-not-apply", Path: "2.sql", Stops: true},
	})
	if len(kept) != 3 || len(accepted) != 3 || accepted[0].Accepted != `label "allow a"` {
		t.Errorf("kept %v, accepted %v", kept, accepted)
	}
	want := []string{
		`the label "allow a" accepts 2 findings of a, in 1.sql, 2.sql; not that a migration does not apply`,
		`the label "allow b" accepts 1 finding of b, in 1.sql`,
		`the label "allow c" accepts nothing: there is no finding of c`,
		`the label "allow does-not-apply" accepts nothing: no label accepts that a migration does not apply`,
	}
	if !slices.Equal(told, want) {
		t.Errorf("told %q", told)
	}
}

// GitHub takes names of labels up to 50 characters.
func TestEveryRuleFitsIntoALabel(t *testing.T) {
	for _, id := range append(lint.RuleIDs(rules.All()), "@"+strings.Repeat("1", minCommit)) {
		if label := DefaultApproval + " " + id; len(label) > 50 {
			t.Errorf("%q has %d characters", label, len(label))
		}
	}
}

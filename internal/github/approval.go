package github

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// Approvals are rules whose findings a label accepts, with the label. A label
// is the prefix and a rule: "migrations:allow column-dropped".
type Approvals map[string]string

// ReadApprovals reads labels; problems says which of them begin with the prefix
// and name no rule.
func ReadApprovals(labels []string, prefix string, rules []string) (a Approvals, problems []string) {
	a = Approvals{}
	for _, label := range labels {
		rest, ok := strings.CutPrefix(label, prefix)
		if !ok {
			continue
		}
		rule := strings.TrimSpace(rest)
		if slices.Contains(rules, rule) {
			a[rule] = label
			continue
		}
		problems = append(problems, fmt.Sprintf("the label %q names no rule%s", label, lint.DidYouMean(rule, rules)))
	}
	return a, problems
}

// Accept parts the findings that a label accepts from those that stay.
func (a Approvals) Accept(findings []lint.Finding) (kept, accepted []lint.Finding) {
	for _, f := range findings {
		label := a[f.Rule]
		if label == "" {
			kept = append(kept, f)
			continue
		}
		f.Accepted = fmt.Sprintf("label %q", label)
		accepted = append(accepted, f)
	}
	return kept, accepted
}

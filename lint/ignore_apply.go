package lint

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// IgnoreUnused and IgnoreInvalid are about ignore comments themselves; only
// the engine knows which of them did something.
var (
	IgnoreUnused = &Rule{
		ID: "ignore-unused", Group: GroupMeta, Severity: Warning,
		Title: "An ignore comment silences nothing",
		Why:   "The rule it names does not report here, so the comment would only hide a later finding nobody has judged.",
		Fix:   "Remove the comment.",
	}
	IgnoreInvalid = &Rule{
		ID: "ignore-invalid", Group: GroupMeta, Severity: Error,
		Title: "An ignore comment names no known rule or gives no reason",
		Why:   "An ignore without a reason tells the next reader nothing, and one with a misspelt rule does nothing; migvet honours neither.",
		Fix:   "Write `-- migvet:ignore RULE[, RULE] reason`, above or on the statement; `migvet rules` lists the rules.",
	}
)

// applyIgnores marks the findings that a valid ignore comment covers, and adds
// findings about comments that are wrong or cover nothing.
func applyIgnores(findings []Finding, histories []*History, o Options) []Finding {
	s := silencer{options: o, findings: findings, known: map[string]*Rule{}, byPath: map[string][]int{}}
	for _, r := range o.Rules {
		s.known[r.ID] = r
	}
	for i, f := range findings {
		s.byPath[f.Path] = append(s.byPath[f.Path], i)
	}
	for _, h := range histories {
		for _, m := range slices.Concat(h.New, h.Downs) {
			s.apply(m)
		}
	}
	return s.findings
}

// A silencer goes through the ignore comments of a run.
type silencer struct {
	options  Options
	known    map[string]*Rule
	findings []Finding
	byPath   map[string][]int // indexes of findings
}

func (s *silencer) apply(m *Migration) {
	if len(m.Ignores()) == 0 {
		return
	}
	lines := NewLines(m.Source)
	for _, ig := range m.Ignores() {
		for _, f := range s.silence(ig, m, ig.target(m, lines)) {
			s.byPath[f.Path] = append(s.byPath[f.Path], len(s.findings))
			s.findings = append(s.findings, f)
		}
	}
}

// silence marks the findings that ig covers and returns findings about ig itself.
func (s *silencer) silence(ig Ignore, m *Migration, target *Statement) []Finding {
	o := s.options
	if problem := ig.problem(s.known); problem != "" {
		return ignoreFinding(IgnoreInvalid, m, ig, problem, o)
	}
	used := map[string]bool{}
	for _, i := range s.byPath[m.Path] {
		f := &s.findings[i]
		if slices.Contains(ig.Rules, f.Rule) && ig.covers(f, target) {
			f.Accepted = ig.Reason
			used[f.Rule] = true
		}
	}
	var wrong []Finding
	for _, id := range ig.Rules {
		if !used[id] && couldReport(s.known[id], o) {
			wrong = append(wrong, ignoreFinding(IgnoreUnused, m, ig, fmt.Sprintf("%s reports nothing here; remove the ignore comment", id), o)...)
		}
	}
	return wrong
}

func ignoreFinding(r *Rule, m *Migration, ig Ignore, message string, o Options) []Finding {
	f := r.At(m.Path, ig.Start, ig.End, message)
	f.Severity = o.severity(r)
	if f.Severity == Off {
		return nil
	}
	return []Finding{f}
}

func (ig Ignore) problem(known map[string]*Rule) string {
	if len(ig.Rules) == 0 {
		return "the ignore comment names no rule; write -- migvet:ignore RULE reason"
	}
	for _, id := range ig.Rules {
		if known[id] == nil {
			return fmt.Sprintf("there is no rule %q%s", id, DidYouMean(id, sortedIDs(known)))
		}
	}
	if ig.Reason == "" {
		return fmt.Sprintf("the ignore comment gives no reason and is not honoured; write -- migvet:ignore %s reason", strings.Join(ig.Rules, ", "))
	}
	return ""
}

func sortedIDs(known map[string]*Rule) []string {
	var out []string
	for id := range known {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// couldReport reports whether silence of the rule means anything in this run.
func couldReport(r *Rule, o Options) bool {
	if o.severity(r) == Off {
		return false
	}
	return o.Observed != nil || (r.Check != nil && !r.Measured)
}

// target returns the statement the comment stands in, behind on the same line,
// or above; nil when there is none.
func (ig Ignore) target(m *Migration, lines *Lines) *Statement {
	statements := m.Statements()
	line := lines.startOf(ig.Start)
	i := sort.Search(len(statements), func(i int) bool { return statements[i].End >= line })
	if i == len(statements) {
		return nil
	}
	return statements[i]
}

func (ig Ignore) covers(f *Finding, target *Statement) bool {
	if ig.File {
		return true
	}
	return target != nil && target.Start <= f.Start && f.Start <= target.End
}

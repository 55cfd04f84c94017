package github

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

// Labels are those of a pull request.
type Labels struct {
	Names   []string
	Commit  string // the pull request's newest, which the event is about
	JustSet string // the label whose setting is the event; "" for other events
}

// An Approval is a label that accepts the findings of a rule in one commit.
type Approval struct{ Label, Rule string }

// minCommit is how much of a commit's hash a label has to name, in hexadecimal
// digits. Another commit that begins with the 7 that GitHub shows is found in
// seconds; 64 bits are out of reach.
const minCommit = 16

// ReadApprovals reads labels such as "migrations:allow column-dropped". A label
// holds for a commit that it was set on: it names it ("… column-dropped
// @0123456789abcdef"), another one does for all ("migrations:allow
// @0123456789abcdef"), or it is what the event is about. So none holds for what is
// pushed later. problems says which labels accept nothing, and what to do.
func ReadApprovals(l Labels, prefix string, rules []string) (approvals []Approval, problems []string) {
	r := approvalReader{Labels: l, prefix: strings.TrimRight(prefix, " :"), rules: rules}
	var known []wanted
	for _, label := range l.Names {
		w, ok := r.parse(label)
		if !ok {
			continue
		}
		r.all = r.all || w.rule == "" && r.holds(w.commit)
		known = append(known, w)
	}
	var left []wanted
	for _, w := range known {
		switch {
		case w.rule == "":
		case r.holds(w.commit) || w.commit == "" && (r.all || w.label == l.JustSet):
			approvals = append(approvals, Approval{w.label, w.rule})
		default:
			left = append(left, w)
		}
	}
	r.reportLeftLabels(left, approvals)
	return approvals, r.problems
}

// wanted is what a label says.
type wanted struct{ label, rule, commit string }

// reportLeftLabels says what to do about labels that do not hold and that no other label
// stands in for.
func (r *approvalReader) reportLeftLabels(left []wanted, approvals []Approval) {
	for _, w := range left {
		if slices.ContainsFunc(approvals, func(a Approval) bool { return a.Rule == w.rule }) {
			continue
		}
		r.problem("the label %q does not hold for commit %s: a label accepts findings of the commit that it was set on, and this one may be older; look at the commit, then set the label %q as well",
			w.label, r.Commit[:min(len(r.Commit), 7)], r.prefix+" @"+r.Commit[:min(len(r.Commit), minCommit)])
	}
}

type approvalReader struct {
	Labels
	prefix   string
	rules    []string
	all      bool // labels without a commit hold
	problems []string
}

func (r *approvalReader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// parse takes a label apart, if it has the prefix and means something.
func (r *approvalReader) parse(label string) (w wanted, ok bool) {
	rest, ours := strings.CutPrefix(label, r.prefix)
	if !ours {
		return w, false
	}
	if rest != "" && rest[0] != ' ' && rest[0] != ':' {
		if slices.Contains(r.rules, rest) {
			r.problem("the label %q accepts nothing; write %q, with a space", label, r.prefix+" "+rest)
		}
		return w, false // "migrations:allowed-late" is about something else
	}
	w.label = label
	rule, commit, names := strings.Cut(rest, "@")
	w.rule, w.commit = strings.Trim(rule, " :"), strings.ToLower(strings.TrimSpace(commit))
	switch {
	case names && len(w.commit) < minCommit:
		r.problem("the label %q names a commit by too little: give at least %d digits of its hash, since another commit with fewer is easily made", label, minCommit)
		return w, false
	case w.rule == "" && names:
		return w, true
	case !slices.Contains(r.rules, w.rule):
		r.problem("the label %q names no rule%s", label, lint.DidYouMean(w.rule, r.rules))
		return w, false
	}
	return w, true
}

// holds reports whether a label names the commit under review.
func (r *approvalReader) holds(commit string) bool {
	return len(commit) >= minCommit && strings.HasPrefix(r.Commit, commit)
}

// Approve parts the findings that labels accept from those that stay, and says
// for each label what it accepted. No label accepts that a migration does not
// apply.
func Approve(approvals []Approval, findings []lint.Finding) (kept, accepted []lint.Finding, told []string) {
	labels := map[string]string{}
	for _, a := range approvals {
		labels[a.Rule] = a.Label
	}
	counts := map[string]*approved{}
	for _, rule := range slices.Sorted(maps.Keys(labels)) {
		counts[rule] = &approved{}
	}
	for _, f := range findings {
		label := labels[f.Rule]
		if label == "" || !f.MayBeAccepted() {
			kept = append(kept, f)
			if label != "" {
				counts[f.Rule].refused++
			}
			continue
		}
		f.Accepted = fmt.Sprintf("label %q", label)
		accepted = append(accepted, f)
		counts[f.Rule].add(f.Path)
	}
	for _, rule := range slices.Sorted(maps.Keys(labels)) {
		told = append(told, fmt.Sprintf("the label %q accepts %s", labels[rule], counts[rule].describe(rule)))
	}
	return kept, accepted, told
}

// approved counts what one label is about.
type approved struct {
	findings, refused int
	paths             []string
}

func (a *approved) add(path string) {
	a.findings++
	if !slices.Contains(a.paths, path) {
		a.paths = append(a.paths, path)
	}
}

// maxPaths is how many files are named.
const maxPaths = 5

func (a *approved) describe(rule string) string {
	text := "nothing: there is no finding of " + rule
	if a.refused > 0 {
		text = "nothing: no label accepts that a migration does not apply"
	}
	if a.findings == 0 {
		return text
	}
	text = fmt.Sprintf("%s of %s, in %s", noun.Count(a.findings, "finding"), rule, strings.Join(a.paths[:min(len(a.paths), maxPaths)], ", "))
	if more := len(a.paths) - maxPaths; more > 0 {
		text += " and " + noun.Count(more, "more file")
	}
	if a.refused > 0 {
		text += "; not that a migration does not apply"
	}
	return text
}

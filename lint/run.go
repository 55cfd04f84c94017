package lint

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/rescue"
)

// Options says how to run rules.
type Options struct {
	Rules    []*Rule
	Severity map[string]Severity // by rule ID, in place of the rule's own

	// Mentions returns the files of the base branch that contain one of the words. It
	// is called only when a finding wants to tell.
	Mentions func(words ...string) []string

	// MentionTexts returns a file that Mentions returned as it is on the base branch and
	// in the version under review, and whether it knows; nil when nobody does.
	MentionTexts func(file string) (base, head string, known bool)

	// Sizes are the sizes of production's tables; nil when they are not known.
	Sizes *Sizes

	// Postgres is the major version that production is said to have, for statements that
	// were not tried; 0 when nobody said.
	Postgres int

	// MaxLockTimeout is the longest lock_timeout that nobody needs to hear of; 0 for any
	// below a minute.
	MaxLockTimeout time.Duration

	// Observed is what a server showed; nil when nothing was tried.
	Observed *Observed

	// Edits keeps the repairs that findings offer, once they are proven to
	// parse, to help, and to make nothing as severe to report.
	Edits bool

	// Apart leaves findings that tell of one thing as they are, for who still accepts
	// some of them, by a baseline or a label, and calls Join then: accepting one must not
	// hide the others. Series (Pass.TellInSeries) are left to Join in any case.
	Apart bool

	// Panicked is told the stack of what panicked, which CheckPanicked is about; nil
	// when nobody wants to know.
	Panicked func(what string, stack []byte)
}

// Run checks the migrations under review of all histories and joins the result
// with what was found elsewhere (history, trial). It applies severities and
// ignore comments, and sorts. Silenced findings come back with Accepted set. A rule
// that panics costs what it had to say of the statement, and is told as [CheckPanicked].
func Run(histories []*History, found []Finding, o Options) []Finding {
	findings := slices.Clone(found)
	placeFindings(findings, histories)
	for _, h := range histories {
		findings = append(findings, checkHistory(h, o)...)
	}
	findings, panics := takePanics(findings, o.Panicked)
	findings = explainRefusals(findings, o.Rules)
	findings = applySeverity(findings, o)
	applySizes(findings, o)
	findings = append(applyIgnores(findings, histories, o), panics...)
	countLines(findings)
	inFiles(findings)
	if o.Apart {
		return Sort(findings)
	}
	return joinThings(Sort(findings))
}

// Join makes one finding of those that tell of one thing: of the same lock, see
// [Pass.UnderLock], those of [Pass.TellTogether], [Pass.TellBesideRewrite] and [Pass.TellInSeries].
// Findings in their order; what somebody accepted stays by itself and hides nothing.
func Join(findings []Finding) []Finding { return joinSeries(joinBeside(joinThings(findings))) }

// joinThings is Join without what has a place of its own that a caller of Run may want.
func joinThings(findings []Finding) []Finding { return tellTogether(joinLocked(findings)) }

// checkHistory runs the rules on one history. What panics is a finding, whatever it
// is: the other histories have theirs.
func checkHistory(h *History, o Options) (findings []Finding) {
	var checked []*Finding
	panicked := rescue.Do(func() {
		base := relevantMigrations(h)
		checked = append(checkMigrations(h, base, o, h.New), unreadBase(base)...)
		checked = proveOrDrop(checked, h, base, o)
	})
	if panicked != nil {
		checked = append(checked, panickedIn(h, "linting the migrations", panicked))
	}
	findings = make([]Finding, 0, len(checked))
	for _, f := range checked {
		findings = append(findings, *f)
	}
	return findings
}

func (o Options) severity(r *Rule) Severity {
	if s, ok := o.Severity[r.ID]; ok {
		return s
	}
	return r.Severity
}

// applySeverity leaves out what is off, but for what keeps migrations from being
// applied: that nobody listens makes no migration apply.
func applySeverity(findings []Finding, o Options) []Finding {
	for i, f := range findings {
		if s, ok := o.Severity[f.Rule]; ok && (s != Off || !f.Stops) {
			findings[i].Severity = s
		}
	}
	return slices.DeleteFunc(findings, func(f Finding) bool { return f.Severity == Off })
}

// explainRefusals lets a rule that accounts for a refusal take it as evidence, so that
// one problem is one finding.
func explainRefusals(findings []Finding, rules []*Rule) []Finding {
	causes := map[string][]string{}
	for _, r := range rules {
		if len(r.Explains) > 0 {
			causes[r.ID] = r.Explains
		}
	}
	if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Cause != "" }) {
		return findings
	}
	var refusals, kept []Finding
	for _, f := range findings {
		if f.Cause != "" {
			refusals = append(refusals, f)
		} else {
			kept = append(kept, f)
		}
	}
	for _, refusal := range refusals {
		explained := false
		for i := range kept {
			f := &kept[i]
			if f.Cause == "" && slices.Contains(causes[f.Rule], refusal.Cause) && f.sameStatement(refusal) {
				f.Severity = max(f.Severity, refusal.Severity)
				f.Evidence = joinEvidence(f.Evidence, refusal.Evidence)
				f.Cause, f.Stops = refusal.Cause, refusal.Stops
				explained = true
			}
		}
		if !explained {
			kept = append(kept, refusal)
		}
	}
	return kept
}

// joinEvidence puts two pieces of evidence into one line; a refusal that the rule has
// quoted itself is not said twice.
func joinEvidence(a, b string) string {
	_, said, _ := strings.Cut(a, ": ")
	switch {
	case a == "" || strings.Contains(b, said):
		return b
	case b == "":
		return a
	}
	return a + "; " + b
}

// RuleIDs returns the identifiers of rules, sorted.
func RuleIDs(rules []*Rule) []string {
	ids := map[string]bool{}
	for _, r := range rules {
		ids[r.ID] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

package lint

import (
	"fmt"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/rescue"
)

// CheckPanicked is about code that panicked: a rule, the proof of a repair, the
// reading of a statement. [Run] adds such findings at the end, one for each that
// panicked, and no severity, ignore comment or other setting silences them: what the
// code had to say is missing.
var CheckPanicked = &Rule{
	ID: "check-panicked", Group: GroupMeta, Severity: Error,
	Title: "A check panicked, so that something was not checked",
	Why: "This is a mistake in the check. What it had to say of the statement is missing; all others have run. " +
		"migvet lists it under *not checked* and exits with 3; no setting and no comment takes that away.",
	Fix: "Report it to https://github.com/migvet/migvet/issues, with the statement and the stack that `--debug` prints.",
}

// panickedAt makes a finding of a panic, at a statement where that is known.
func panickedAt(m *Migration, s *Statement, what string, p *rescue.Panic) *Finding {
	f := CheckPanicked.AtStatement(m, s, "")
	f.panicked, f.panic = what, p
	return &f
}

// panickedIn makes a finding of a panic that takes all that is known of a history.
func panickedIn(h *History, what string, p *rescue.Panic) *Finding {
	f := CheckPanicked.AtFile(h.Dir, "")
	f.panicked, f.panic = what, p
	return &f
}

// unreadBase tells of statements of the base whose reading panicked.
func unreadBase(base []*Migration) (found []*Finding) {
	for _, m := range base {
		for _, s := range m.Statements() {
			if s.panicked != nil {
				found = append(found, panickedAt(m, s, "the reading of the statement", s.panicked))
			}
		}
	}
	return found
}

// proveOrDrop keeps the edits of findings that hold; none when their proof panics.
func proveOrDrop(findings []*Finding, h *History, base []*Migration, o Options) []*Finding {
	var panics []*Finding
	p := rescue.Do(func() { panics = proveEdits(findings, h, base, o) })
	if p == nil {
		return append(findings, panics...)
	}
	for _, f := range findings {
		f.Edits = nil
	}
	return append(findings, panickedIn(h, "the proof of repairs", p))
}

// takePanics parts what panicked from other findings: the first one of each rule says
// how many there are.
func takePanics(findings []Finding, told func(what string, stack []byte)) (others, panics []Finding) {
	count, first := map[string]int{}, map[string]int{}
	for _, f := range findings {
		if f.panicked == "" {
			others = append(others, f)
			continue
		}
		if count[f.panicked]++; count[f.panicked] == 1 {
			first[f.panicked] = len(panics)
			panics = append(panics, f)
		}
	}
	for what, i := range first {
		f := &panics[i]
		f.Message = oneLine(fmt.Sprintf("%s %v%s; what it had to say is missing", what, f.panic, alsoAt(count[what]-1)))
	}
	for _, f := range panics {
		if told != nil {
			told(f.panicked, f.panic.Stack)
		}
	}
	return others, panics
}

// alsoAt says that what panicked here did so at others as well.
func alsoAt(more int) string {
	if more == 0 {
		return ""
	}
	return ", and at " + noun.Count(more, "more statement")
}

package cli

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
)

// What a refusal is and what may accept one is decided here and in
// [lint.Finding.MayBeAccepted]:
//
//   - new migrations that do not apply are exit status 4, whatever fail-on, the
//     severities of rules, ignore-paths and all other findings say;
//   - the findings at the very statement that was refused tell it, and cannot be
//     switched off;
//   - if each of these is accepted, by an ignore comment there or an accept entry, so is
//     the refusal. No label, no baseline and nothing in another folder does that;
//   - what stands behind an accepted refusal and did not run was not checked.

// markStopping marks the errors in a history for which its tool runs nothing.
func markStopping(findings []lint.Finding) {
	for i := range findings {
		findings[i].Stops = findings[i].Stops || findings[i].Severity == lint.Error
	}
}

// refusalsAccepted reports whether each folder's refusal is accepted.
func (v *verdict) refusalsAccepted(r *report.Report) bool {
	return !slices.ContainsFunc(v.refused, func(s *source.Source) bool { return !refusalAccepted(s, r) })
}

func refusalAccepted(s *source.Source, r *report.Report) bool {
	refuses := func(f lint.Finding) bool {
		_, ours := s.Files[f.Path]
		return f.Stops && ours
	}
	return !slices.ContainsFunc(r.Findings, refuses) && slices.ContainsFunc(r.Accepted, refuses)
}

// leaveBehindRefusals says what was not run because of a refusal that is accepted. One
// that is not accepted says so itself.
func (v *verdict) leaveBehindRefusals(r *report.Report) {
	for _, s := range v.refused {
		if !refusalAccepted(s, r) {
			continue
		}
		for _, m := range s.History.New {
			switch v.outcomes[m].Applied {
			case trial.NotRun:
				v.blind = true
				r.Unchecked = append(r.Unchecked, report.Unchecked{Path: m.Path, Start: lint.NoPos, Reason: fmt.Sprintf(
					"%s was not run as %s runs it: the refusal before it is accepted, and nobody knows whether this applies behind it", m.Name, s.Tool)})
			case trial.Failed:
				r.Unchecked = append(r.Unchecked, v.restNotRun(m)...)
			}
		}
	}
}

// restNotRun are the statements of a refused migration that no server has run.
func (v *verdict) restNotRun(m *lint.Migration) []report.Unchecked {
	var rest []*lint.Statement
	for _, st := range m.Statements() {
		if v.observed.Effect(st) == nil {
			rest = append(rest, st)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return []report.Unchecked{{Path: m.Path, Start: m.Place(rest[0]).Start, Reason: fmt.Sprintf(
		"%s of %s, the first of them here, did not run because of the refusal that is accepted", noun.Count(len(rest), "statement"), m.Name)}}
}

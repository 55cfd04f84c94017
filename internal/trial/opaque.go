package trial

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// noteOpaque says which migrations are not run because nobody here knows what
// they do. A new one makes the run unchecked; without an old one, only
// the objects that it made are missing.
func (t *trial) noteOpaque() {
	for _, m := range t.Source.History.Base {
		if m.Opaque != "" {
			t.leaveUnchecked(Unchecked{Path: m.Path, Start: lint.NoPos, Minor: true, Reason: fmt.Sprintf(
				"%s, which is on the base branch, was not run: %s; what it made is not there in the trial", m.Name, m.Opaque)})
		}
	}
	for _, m := range t.fresh {
		if m.Opaque != "" {
			t.leaveUnchecked(Unchecked{Path: m.Path, Start: lint.NoPos, Reason: fmt.Sprintf("%s was not checked: %s", m.Name, m.Opaque)})
		}
	}
}

func isOpaque(m *lint.Migration) bool { return m.Opaque != "" }

// mayMiss reports whether a refusal may be for want of what a migration that was
// not run would have made.
func (t *trial) mayMiss(r *session.Refused) bool {
	return session.FollowsFailure(r.Err.SQLState) && slices.ContainsFunc(t.Source.Head, isOpaque)
}

// toolRefuses is about a tool that runs nothing at all. The errors in its history say
// why, where there are some.
func (t *trial) toolRefuses(err error) {
	if slices.ContainsFunc(t.Source.Findings, isError) {
		t.result.RefusedByTool = true
		return
	}
	f := rules.DoesNotApply.AtFile(t.fresh[0].Path, err.Error())
	f.Stops = true
	t.report(f)
}

func isError(f lint.Finding) bool { return f.Severity == lint.Error }

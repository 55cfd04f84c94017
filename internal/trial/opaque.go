package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// noteOpaque says which migrations are not run because nobody here knows what
// they do. A new one makes the run unchecked; without an old one, only
// the objects that it made are missing.
func (t *trial) noteOpaque() {
	fresh := source.OpaqueTogether(t.fresh)
	for _, g := range source.OpaqueTogether(t.Source.History.Base) {
		if slices.ContainsFunc(fresh, func(f source.OpaqueGroup) bool { return f.Why == g.Why }) || t.BaseSchema != nil {
			continue // told with those, or in the dump
		}
		t.leaveUnchecked(Unchecked{Path: g.Path, Start: lint.NoPos, Minor: true, Reason: fmt.Sprintf(
			"%s, which is on the base branch, was not run, so what it made is not there in the trial: %s; %s, a dump of the schema that the base branch makes", strings.TrimSuffix(g.Who, ","), g.Why, orBaseSchema(g.Why))})
	}
	for _, g := range fresh {
		t.leaveUnchecked(Unchecked{Path: g.Path, Start: lint.NoPos, Reason: fmt.Sprintf("%s was not checked: %s", g.Who, g.Why)})
	}
}

// orBaseSchema is the key for a dump, behind a reason that may name another way out.
func orBaseSchema(why string) string {
	if strings.Contains(why, ".migvet.yml") {
		return "or base-schema: FILE.sql there"
	}
	return "write base-schema: FILE.sql in .migvet.yml"
}

func isOpaque(m *lint.Migration) bool { return m.Opaque != "" }

// mayMiss reports whether a refusal may be for want of what a migration that was
// not run would have made.
func (t *trial) mayMiss(r *session.Refused) bool {
	where := t.Source.Head
	if t.BaseSchema != nil {
		where = t.fresh // the dump has what the others made
	}
	return session.FollowsFailure(r.Err.SQLState) && slices.ContainsFunc(where, isOpaque)
}

// toolRefuses is about a tool that runs nothing at all. The errors in its history say
// why, where there are some. What it refuses on the base branch, too, is no fault of what
// is new, and speaks against the tool.
func (t *trial) toolRefuses(r *source.Refusal) {
	if r.OnBase {
		t.leaveUnchecked(Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Reason: fmt.Sprintf(
			"%v, and so it is on the base branch, so nothing tells whether the new migrations run; if something else runs them in the order of their names, write %s", r, t.Source.Place.Line(t.Source.Dir, "tool: plain"))})
		return
	}
	if slices.ContainsFunc(t.Source.Findings, isError) {
		t.result.RefusedByTool = true
		return
	}
	f := rules.DoesNotApply.AtFile(t.fresh[0].Path, r.Error())
	f.Stops = true
	t.report(f)
}

func isError(f lint.Finding) bool { return f.Severity == lint.Error }

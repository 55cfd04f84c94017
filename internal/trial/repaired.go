package trial

import (
	"context"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A Repaired is a migration of the base that stops on what the base's migrations make, and
// that the branch has changed.
type Repaired struct {
	Migration *lint.Migration // with its new text
	Stops     string          // what the old one stopped at
	Applies   bool            // the new one does
}

// surely are refusals that depend on nothing but the statement and on what the migrations
// before it have made: syntax, names that are not there or there twice, types.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var surely = []string{
	"42601", "42P01", "42703", "42704", "42883", "42701", "42P07", "42710", "42723", "42P06",
	"42702", "42804", "42846", "42830", "42P16", "42803", "42P10", "42611",
}

// replayRepaired runs, in the place of a migration that was refused, the text that the branch
// has for it: production cannot have run the old one either, or on other objects alone. It
// returns the first refusal where that is not sure.
func (t *trial) replayRepaired(ctx context.Context, b replayed, r *session.Refused) (*session.Refused, error) {
	repaired := t.changed(r.Migration)
	if repaired == nil {
		return r, nil
	}
	certain, err := t.cannotHaveRun(ctx, b.database, r)
	if !certain || err != nil {
		return r, err
	}
	again, err := t.replay(ctx, b.conn, repaired, t.Source.Runner)
	if err != nil {
		return nil, err
	}
	t.result.Repaired = append(t.result.Repaired, Repaired{Migration: repaired, Stops: describeRefusal(r.Err), Applies: again == nil})
	return again, nil
}

// isRepair tells whether a migration is the new text of one that stops.
func (t *trial) isRepair(m *lint.Migration) bool {
	return slices.ContainsFunc(t.result.Repaired, func(r Repaired) bool { return r.Migration == m })
}

// changed is a migration of the base with the text that the branch has for it; nil where
// that is the same, or the migration is gone.
func (t *trial) changed(m *lint.Migration) *lint.Migration {
	for _, h := range t.Source.Head {
		if h.Path == m.Path && h.Name == m.Name && h.Source != m.Source && !isOpaque(h) {
			return h
		}
	}
	return nil
}

// cannotHaveRun tells whether a migration of the base is refused for what it says itself. What
// the branch brings must not have a part in that: a setting of its own under which the old
// text stops would make a repair of any edit.
func (t *trial) cannotHaveRun(ctx context.Context, database string, r *session.Refused) (bool, error) {
	switch {
	case !t.AsOnBase, !t.Source.AsOnBase, r.Row, r.Statement == nil, !slices.Contains(surely, r.Err.SQLState),
		r.Migration.Tx == lint.TxNone, ownTransactions.MatchString(r.Migration.Source), // half of it is there
		slices.ContainsFunc(t.Source.History.Base, isOpaque),
		session.IsDuplicate(r.Err.SQLState) && !t.Environment.empty(),
		mayBeFilledIn(r), t.foreignBase(r) != "", t.guardLack(r) != "", t.unlessStandIn(r) != nil:
		return false, nil
	}
	alone := t.ofBaseAlone()
	why, err := alone.lackOf(ctx, database, r)
	if why == "" || err != nil || why != alone.doubtsFolder(r) {
		return why == "" && err == nil, err
	}
	o, _ := missingObject(r.Err.Message)
	foreign, err := alone.isForeign(ctx, database, o)
	return !foreign && err == nil, err
}

// ofSQL matches what a syntax error stops at if nothing was to be filled in there.
var ofSQL = lazyregexp.New(`^syntax error at (end of input$|or near "[A-Za-z0-9_(),;='])`)

// mayBeFilledIn tells whether a syntax error may be one of a template, whose text is another
// one when it runs: CREATE TABLE {{ schema }}.a, DEFAULT :value, %(owner)s.
func mayBeFilledIn(r *session.Refused) bool {
	return r.Err.SQLState == syntaxError && (!ofSQL.MatchString(r.Err.Message) || source.TemplateMark(r.Migration.Source) != "" || strings.ContainsAny(r.Statement.SQL, "{}@#%&\\"))
}

// ofBaseAlone is the trial without the branch's migrations: a new one that makes what the old
// one lacks must not say that it is no lack.
func (t *trial) ofBaseAlone() *trial {
	base, history, alone := *t.Source, *t.Source.History, *t
	history.New, history.Downs = nil, nil
	base.Head, base.History = history.Base, &history
	alone.Source, alone.fresh, alone.making = &base, nil, nil
	return &alone
}

// hasEdits tells whether the branch has changed migrations of the base.
func (t *trial) hasEdits() bool {
	return slices.ContainsFunc(t.Source.Findings, func(f lint.Finding) bool { return f.Rule == rules.MigrationEdited.ID })
}

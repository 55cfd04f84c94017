package trial

import (
	"context"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
)

// Code runs only where there are rows: a trigger function names a column that is gone,
// a query calls a function that reads a table that is nowhere. No value of a row is to
// blame for that, so the deploy fails on the first row.

// refusedForOther is about a refusal on benign rows that speaks of no value.
func (t *trial) refusedForOther(ctx context.Context, database string, f faithful, seen observed, r *session.Refused) error {
	if raisesItself(r) {
		t.mayFail(r)
		return nil
	}
	blameless, err := t.unlessBlamed(ctx, database, r)
	switch {
	case err != nil:
		return err
	case blameless:
		excuse(f.pending, r, seen.effects)
	case f.needsNoRows() || !isOfAnyRow(r):
		t.notTriedOnRows(r)
	case t.isBuiltOfValues(r):
		t.mayFail(r)
	default:
		hint := t.hintOf(r)
		if hint == "" {
			hint, err = t.foreignHint(ctx, database, r)
		}
		t.failsOnAnyRows(r, hint)
	}
	return err
}

// notTriedOnRows is about what runs on empty tables and is refused on tables with rows
// for what may be the fault of running statement by statement, or of a moment.
func (t *trial) notTriedOnRows(r *session.Refused) {
	t.leaveUnchecked(Unchecked{
		Path: r.Migration.Path, Start: placeOf(r), Minor: true, Reason: "applied on empty tables, but not with rows: " + describeRefusal(r.Err),
	})
}

// certainClasses are the classes of SQLSTATEs that every row leads to alike: features
// that are not there, the state of the transaction, code that breaks its own rules or
// names what is missing, and objects that are in use or not ready.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var certainClasses = []string{"0A", "25", "2B", "2F", "34", "39", "3F", "42", "55"}

// recursesWithoutEnd is the state of a trigger that fires itself.
const recursesWithoutEnd = "54001"

// isOfAnyRow reports whether a refusal comes with the first row. A lock that is held is
// of a moment; a label of an enum and a transaction that is open depend on how the
// statements are sent, which is otherwise here than in production.
func isOfAnyRow(r *session.Refused) bool {
	state := r.Err.SQLState
	switch {
	case state == unsafeNewValue || state == lockNotAvailable || session.RefusesTransaction(state):
		return false
	case state == recursesWithoutEnd:
		return true
	}
	_, missing := missingObject(r.Err.Message)
	return missing || len(state) == 5 && slices.Contains(certainClasses, state[:2])
}

const lockNotAvailable = "55P03"

// raisesItself reports whether code refuses with RAISE and an SQLSTATE of its choice. It
// may have looked at values.
func raisesItself(r *session.Refused) bool { return r.Raw != nil && r.Raw.Routine == "exec_stmt_raise" }

var quotedName = lazyregexp.New(`"([^"]+)"`)

// isBuiltOfValues reports whether a refusal names what no SQL does: EXECUTE has taken it
// out of a row, as in EXECUTE 'TRUNCATE ' || r.table_name.
func (t *trial) isBuiltOfValues(r *session.Refused) bool {
	var name string
	if o, missing := missingObject(r.Err.Message); missing {
		name = o.name
	} else if m := quotedName.FindStringSubmatch(r.Err.Message); m != nil {
		name = m[1]
	}
	name = strings.ToLower(name)
	return !slices.ContainsFunc(t.scripts(), func(s script) bool { return strings.Contains(strings.ToLower(s.migration.Source), name) })
}

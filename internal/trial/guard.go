package trial

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// Some migrations look before they begin, and raise where the database is not the one that
// they are for: a setting, a version or a role that an operator has put there. Nothing here
// has, which says nothing about the migration.

// failedAssert is the state of ASSERT.
const failedAssert = "P0004"

// isGuard reports whether a refusal is a migration's own RAISE in code that runs at once.
func isGuard(r *session.Refused) bool {
	if r.Statement == nil || r.Err.SQLState != raised && r.Err.SQLState != failedAssert {
		return false
	}
	n := r.Statement.Node
	return n.GetDoStmt() != nil || n.GetSelectStmt() != nil || n.GetCallStmt() != nil
}

// guardLack is about a guard where all of history is tried. One in a new migration on top of
// a base is told as what it is.
func (t *trial) guardLack(r *session.Refused) string {
	if !isGuard(r) || !t.isOfWholeHistory(r.Migration) {
		return ""
	}
	return fmt.Sprintf("%s stops itself with RAISE: %s; if production had what it asks for, %s", r.Migration.Name, describeRefusal(r.Err), wayPastGuard(r.Statement))
}

// guardHint adds to the RAISE of a new migration whose it is.
func (t *trial) guardHint(r *session.Refused) string {
	if !isGuard(r) {
		return ""
	}
	return "; the migration raises this itself: if production has what it asks for, " + wayPastGuard(r.Statement)
}

// isOfWholeHistory reports whether a migration begins a history, or has run long ago: what
// it asks for may be older than all of it.
func (t *trial) isOfWholeHistory(m *lint.Migration) bool {
	return len(t.Source.History.Base) == 0 && t.BaseSchema == nil || slices.Contains(t.Source.History.Base, m)
}

// settingAsked is the setting that code reads: current_setting('app.env', true).
var settingAsked = lazyregexp.New(`(?i)\bcurrent_setting\s*\(\s*'([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)'`)

func wayPastGuard(s *lint.Statement) string {
	if m := settingAsked.FindStringSubmatch(s.SQL); m != nil {
		return setForDatabase(m[1])
	}
	return beforeText
}

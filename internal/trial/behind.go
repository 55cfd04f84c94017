package trial

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// Behind a statement that was refused, the database is not the one that production
// will have: what it would have made is missing, what it would have dropped is there.

// isBehind reports whether a statement of the pending migrations comes after the one that
// was refused.
func isBehind(pending []*lint.Migration, refused *session.Refused, m *lint.Migration, s *lint.Statement) bool {
	if refused == nil {
		return false
	}
	if m != refused.Migration {
		return slices.Index(pending, m) > slices.Index(pending, refused.Migration)
	}
	return s != nil && refused.Statement != nil && s.Start > refused.Statement.Start
}

// isBehindStop reports whether the faithful run stopped before a statement.
func (f *faithful) isBehindStop(m *lint.Migration, s *lint.Statement) bool {
	return isBehind(f.pending, f.stopped, m, s)
}

// forgetPresence removes what the server said about objects that are there or not,
// where a refusal comes before: a table that IF EXISTS does not find may be one that
// the refused statement makes in production.
func forgetPresence(pending []*lint.Migration, refused *session.Refused, effects map[*lint.Statement]*lint.Effect) {
	for _, m := range pending {
		for _, s := range m.Statements() {
			if e := effects[s]; e != nil && isBehind(pending, refused, m, s) {
				e.Notices = slices.DeleteFunc(e.Notices, isAboutPresence)
			}
		}
	}
}

// isAboutPresence matches "table "t" does not exist, skipping" and "relation "t" already
// exists, skipping".
func isAboutPresence(notice string) bool {
	return strings.HasSuffix(notice, " exist, skipping") || strings.HasSuffix(notice, " exists, skipping")
}

// excuse lets the refusals of a statement, and of those behind it, stand for what this
// server lacks: CREATE TABLE places (at geometry) makes the table where PostGIS is, and
// CREATE INDEX ON places does not fail there.
func excuse(pending []*lint.Migration, refused *session.Refused, effects map[*lint.Statement]*lint.Effect) {
	for _, m := range pending {
		for _, s := range m.Statements() {
			if e := effects[s]; e != nil && e.Err != nil && (s == refused.Statement || isBehind(pending, refused, m, s)) {
				e.Err.Blameless = true
			}
		}
	}
}

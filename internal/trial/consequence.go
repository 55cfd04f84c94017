package trial

import (
	"regexp"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// choosesRows reports whether a statement before a refused one writes rows of its table
// that it chooses by value: after UPDATE t SET state = kind WHERE kind IN ('a', 'b') the
// state is NULL in our rows, which are of other kinds, and need not be in production's.
func choosesRows(pending []*lint.Migration, r *session.Refused) bool {
	tables := relationsOf(r.Statement)
	for _, m := range pending {
		for _, s := range m.Statements() {
			if r.Statement == nil || s == r.Statement {
				return false
			}
			update := s.Node.GetUpdateStmt()
			if update != nil && sharesRelation([]*pg.RangeVar{update.Relation}, tables) && isByValue(update) && sharesNames(columnsSet(update), columnsOfStatement(r.Statement)) {
				return true
			}
		}
	}
	return false
}

// isByValue reports whether an UPDATE leaves rows out by anything but NULL.
func isByValue(s *pg.UpdateStmt) bool {
	if len(s.FromClause) > 0 {
		return true
	}
	return s.WhereClause != nil && s.WhereClause.GetNullTest() == nil
}

// relationsOf returns the relations that a statement is about; none of nil.
func relationsOf(s *lint.Statement) []*pg.RangeVar {
	if s == nil {
		return nil
	}
	var found []*pg.RangeVar
	for _, f := range s.Facts() {
		if r := f.Name.Relation(); r != nil {
			found = append(found, r)
		}
		if f.To != nil && f.Name.Kind == facts.Index {
			found = append(found, f.To.Relation())
		}
	}
	return found
}

func sharesRelation(a, b []*pg.RangeVar) bool {
	return slices.ContainsFunc(a, func(r *pg.RangeVar) bool {
		return slices.ContainsFunc(b, func(other *pg.RangeVar) bool { return facts.SameRelation(r, other) })
	})
}

// isConsequence reports whether rows that a statement refuses have been refused before,
// so that it never meets them: behind a DO block that raises when t holds duplicates,
// a unique index on t, and behind a column that does not take the new type, its default.
func isConsequence(r *session.Refused, before []*session.Refused) bool {
	tables := relationsOf(r.Statement)
	return slices.ContainsFunc(before, func(earlier *session.Refused) bool {
		switch {
		case r.Statement == nil || earlier.Statement == nil:
			return false
		case earlier.Err.SQLState == raised:
			return slices.ContainsFunc(tables, func(t *pg.RangeVar) bool { return mentions(earlier.Statement.SQL, t.Relname) })
		}
		return earlier.Err.SQLState == r.Err.SQLState && sharesRelation(relationsOf(earlier.Statement), tables) && sharesColumn(earlier.Statement, r.Statement)
	})
}

// isOfUnwrittenRows reports whether a statement that was refused before would have written
// the rows that are refused now: a column that no backfill fills is NULL, and is not where
// that runs.
func isOfUnwrittenRows(r *session.Refused, before []*session.Refused) bool {
	tables := relationsOf(r.Statement)
	return slices.ContainsFunc(before, func(earlier *session.Refused) bool {
		return r.Statement != nil && earlier.Statement != nil && wouldWrite(earlier.Statement, r.Statement, tables)
	})
}

// wouldWrite reports whether a statement writes rows of tables, an UPDATE the columns that
// another statement is about. What is called may write anything.
func wouldWrite(s, later *lint.Statement, tables []*pg.RangeVar) bool {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_UpdateStmt:
		return sharesRelation([]*pg.RangeVar{n.UpdateStmt.Relation}, tables) && sharesNames(columnsSet(n.UpdateStmt), columnsOfStatement(later))
	case *pg.Node_DeleteStmt:
		return sharesRelation([]*pg.RangeVar{n.DeleteStmt.Relation}, tables)
	case *pg.Node_MergeStmt:
		return sharesRelation([]*pg.RangeVar{n.MergeStmt.Relation}, tables)
	case *pg.Node_InsertStmt:
		return n.InsertStmt.OnConflictClause != nil && sharesRelation([]*pg.RangeVar{n.InsertStmt.Relation}, tables)
	case *pg.Node_CallStmt:
		return true
	case *pg.Node_SelectStmt:
		return len(callsIn(s.Node)) > 0
	case *pg.Node_DoStmt:
		return writingWords.MatchString(s.SQL) && slices.ContainsFunc(tables, func(t *pg.RangeVar) bool { return mentions(s.SQL, t.Relname) })
	}
	return false
}

// writingWords are in code that may write; a guard that looks and raises has none.
var writingWords = lazyregexp.New(`(?i)\b(update|insert|delete|merge|execute|perform|call)\b`)

// callsIn are the functions that a statement calls and that are not known to be PostgreSQL's.
func callsIn(n *pg.Node) (names []string) {
	facts.WalkMessages(n, func(m proto.Message) bool {
		if call, ok := m.(*pg.FuncCall); ok && !facts.IsCommonFunction(calledName(call)) {
			names = append(names, calledName(call))
		}
		return true
	})
	return names
}

// mentions reports whether SQL has a name as a word.
func mentions(sql, name string) bool {
	return regexp.MustCompile(`(?i)(^|\W)` + regexp.QuoteMeta(name) + `($|\W)`).MatchString(sql)
}

// sharesColumn reports whether two ALTER TABLE change one column.
func sharesColumn(a, b *lint.Statement) bool {
	return sharesNames(alteredColumns(a), alteredColumns(b))
}

func sharesNames(a, b []string) bool {
	return slices.ContainsFunc(a, func(name string) bool { return slices.Contains(b, name) })
}

// columnsSet returns the columns that an UPDATE writes.
func columnsSet(s *pg.UpdateStmt) []string {
	var names []string
	for _, n := range s.TargetList {
		names = append(names, n.GetResTarget().GetName())
	}
	return names
}

// columnsOfStatement returns all columns that a statement names.
func columnsOfStatement(s *lint.Statement) []string {
	return append(columnsNamed(s.Node), alteredColumns(s)...)
}

func alteredColumns(s *lint.Statement) []string {
	var names []string
	for _, n := range s.Node.GetAlterTableStmt().GetCmds() {
		if name := n.GetAlterTableCmd().GetName(); name != "" {
			names = append(names, name)
		}
	}
	return names
}

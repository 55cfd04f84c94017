package rules

import (
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// grantedOn tells whether an earlier statement says something of an object that
// is lost when it is dropped and made again: a privilege, or a comment. What a
// later statement says again is not lost.
func grantedOn(p *lint.Pass, o objectName) bool {
	return speaksOf(p.Earlier(), o) && !speaksOf(p.Later(), o)
}

func speaksOf(statements iter.Seq[*lint.Statement], o objectName) bool {
	for s := range statements {
		switch n := s.Node.GetNode().(type) {
		case *pg.Node_GrantStmt:
			if n.GrantStmt.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA || slices.ContainsFunc(n.GrantStmt.Objects, func(on *pg.Node) bool { return namesObject(on, o) }) {
				return true
			}
		case *pg.Node_CommentStmt:
			if namesObject(n.CommentStmt.Object, o) {
				return true
			}
		}
	}
	return false
}

// namesObject tells whether a node of GRANT or COMMENT means an object.
func namesObject(n *pg.Node, o objectName) bool {
	parts := nameParts(n)
	if r := n.GetRangeVar(); r != nil {
		parts = relation(o.kind, r).parts
	}
	return len(parts) > 0 && objectName{o.kind, parts}.same(o)
}

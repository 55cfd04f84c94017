package rules

import (
	"cmp"
	"iter"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// hasGrants tells whether an earlier statement says something of an object that
// is lost when it is dropped and made again: a privilege, or a comment. What a
// later statement says again is not lost.
func hasGrants(p *lint.Pass, n facts.Name) bool {
	return (isSpokenOf(p.Object(n).Before(p)) || wholeSchemaGranted(p, n)) && !isSaidAgain(p, n)
}

// wholeSchemaGranted tells whether an earlier statement grants something on all
// objects of the schema.
func wholeSchemaGranted(p *lint.Pass, n facts.Name) bool {
	schema := p.Object(facts.Name{Kind: facts.Schema, Name: cmp.Or(n.Schema, "public")})
	for e := range schema.Before(p) {
		if g, is := e.Tree.(*pg.GrantStmt); is && g.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA {
			return true
		}
	}
	return false
}

// isSpokenOf tells whether GRANT, REVOKE or COMMENT is among events.
func isSpokenOf(events iter.Seq[lint.Event]) bool {
	for e := range events {
		if e.Verb&(facts.Granted|facts.Commented) != 0 {
			return true
		}
	}
	return false
}

// isSaidAgain looks at the object that takes the place of the one that goes.
func isSaidAgain(p *lint.Pass, n facts.Name) bool {
	again := p.MadeAgain(n)
	return again != nil && isSpokenOf(again.Object.After(p))
}

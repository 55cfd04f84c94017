package rules

import (
	"cmp"
	"iter"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// grantedOn tells whether an earlier statement says something of an object that
// is lost when it is dropped and made again: a privilege, or a comment. What a
// later statement says again is not lost.
func grantedOn(p *lint.Pass, n facts.Name) bool {
	return (spokenOf(p.Object(n).Before(p)) || wholeSchemaGranted(p, n)) && !saidAgain(p, n)
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

func spokenOf(events iter.Seq[lint.Event]) bool {
	for e := range events {
		if e.Verb&(facts.Granted|facts.Commented) != 0 {
			return true
		}
	}
	return false
}

// saidAgain looks at the object that takes the place of the one that goes.
func saidAgain(p *lint.Pass, n facts.Name) bool {
	again := p.MadeAgain(n)
	return again != nil && spokenOf(again.Object.After(p))
}

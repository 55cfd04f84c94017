package rules

import (
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
// objects of the kind in the schema.
func wholeSchemaGranted(p *lint.Pass, n facts.Name) bool {
	for e := range p.Object(schemaOf(p, n)).Before(p) {
		if grantsAll(e, n.Kind) {
			return true
		}
	}
	return false
}

// schemaOf names the schema of an object.
func schemaOf(p *lint.Pass, n facts.Name) facts.Name {
	return facts.Name{Kind: facts.Schema, Name: p.Qualified(n).Schema}
}

// grantsAll tells whether an event is a GRANT ON ALL TABLES, FUNCTIONS … IN SCHEMA
// that reaches objects of a kind; views are tables there.
func grantsAll(e lint.Event, kind facts.Kind) bool {
	g, is := e.Tree.(*pg.GrantStmt)
	return is && g.IsGrant && g.Targtype == pg.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA &&
		g.Objtype != pg.ObjectType_OBJECT_SEQUENCE && facts.Kinds[g.Objtype].Space() == kind.Space()
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

// isSaidAgain looks at the object that takes the place of the one that goes, and at
// what is granted on the whole schema once it is there.
func isSaidAgain(p *lint.Pass, n facts.Name) bool {
	again := madeAnew(p, n)
	if again == nil || isSpokenOf(again.Object.After(p)) {
		return again != nil
	}
	for e := range p.ObjectAfter(schemaOf(p, n)).After(p) {
		if e.IsBehind(again) && grantsAll(e, n.Kind) {
			return true
		}
	}
	return false
}

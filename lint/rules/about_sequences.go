package rules

import (
	"regexp"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// storedNextval matches a default as a server prints it: nextval('orders_id_seq'::regclass).
var storedNextval = regexp.MustCompile(`^nextval\('((?:[^']|'')+)'::regclass\)`)

// sequenceNamed returns the sequence that the default of a column names; nil for none, as
// of a serial column that no server has told of.
func sequenceNamed(c *lint.Column) *pg.RangeVar {
	if c == nil {
		return nil
	}
	if m := storedNextval.FindStringSubmatch(c.Default); m != nil {
		return readName(m[1])
	}
	call := c.DefaultExpr.GetFuncCall()
	if facts.LastWord(call.GetFuncname()) != "nextval" || len(call.Args) != 1 {
		return nil
	}
	name, ok := sqlvalue.ReadLiteral(call.Args[0])
	if !ok {
		return nil
	}
	return readName(name.Text)
}

// drawsFrom tells whether a column of a table takes its values from a sequence, or did
// before the review gave that another owner.
func drawsFrom(p *lint.Pass, table, sequence *pg.RangeVar) bool {
	if t := p.Table(table); t != nil && slices.ContainsFunc(t.Columns, func(c lint.Column) bool {
		own := sequenceNamed(&c)
		return own != nil && facts.SameRelation(own, sequence)
	}) {
		return true
	}
	for e := range p.Object(facts.Named(facts.Sequence, sequence)).Before(p) {
		if e.Verb&facts.Attached != 0 && hadName(p, table, e.To.OfTable()) {
			return true
		}
	}
	return false
}

// hadName tells whether a relation was called so at any time.
func hadName(p *lint.Pass, r *pg.RangeVar, name facts.Name) bool {
	for e := range p.Relation(r).Before(p) {
		if e.Name.Kind.IsRelation() && e.Name.Same(name) {
			return true
		}
	}
	return false
}

// isOwned tells whether a sequence goes with a column, so that pg_get_serial_sequence finds
// it. Of one that no statement speaks of nobody knows.
func isOwned(p *lint.Pass, sequence *pg.RangeVar) bool {
	for e := range p.Object(facts.Named(facts.Sequence, sequence)).Before(p) {
		switch {
		case e.Verb&facts.Attached != 0:
			return true
		case e.Verb&(facts.Detached|facts.Made) != 0:
			return false
		}
	}
	return true
}

// isUniqueAlone tells whether no two rows of a table can have the same value in a column.
// Of a table that is known in part it is taken to be so.
func isUniqueAlone(t *lint.Table, column string) bool {
	alone := []string{column}
	return t == nil || t.Partial ||
		slices.ContainsFunc(t.Constraints, func(c lint.Constraint) bool { return c.Kind.IsUnique() && slices.Equal(c.Columns, alone) }) ||
		slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool { return ix.Unique && slices.Equal(ix.Columns, alone) })
}

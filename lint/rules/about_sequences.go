package rules

import (
	"regexp"
	"slices"
	"strings"

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
		return own != nil && p.SameRelation(own, sequence)
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
		if e.Name.Kind.IsRelation() && p.Same(e.Name, name) {
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

// setsSequence tells whether a later statement of the review speaks of the
// position of a sequence, of which the text says enough: it is on its mind.
func setsSequence(p *lint.Pass) bool {
	last := lint.Remember(p, func() lastSetval {
		var last lastSetval
		for place, s := range p.Statements() {
			if speaksOfPosition(s.SQL) {
				last = lastSetval(place)
			}
		}
		return last
	})
	return int(last) > p.Place()
}

// A lastSetval is the place of the last statement that does.
type lastSetval int

func speaksOfPosition(sql string) bool {
	sql = strings.ToLower(sql)
	return strings.Contains(sql, "setval") || strings.Contains(sql, "restart")
}

// sequenceOf returns the sequence that a column takes its default from, and the bits of
// its numbers; 0 where nobody knows.
func sequenceOf(p *lint.Pass, table *pg.RangeVar, name string) (sequence facts.Name, width int) {
	c := p.Folded(table).Column(name)
	if c == nil {
		return sequence, 0
	}
	if c.Serial {
		return serialSequence(p, table, name)
	}
	named := sequenceNamed(c)
	if named == nil {
		return sequence, 0
	}
	sequence = facts.Named(facts.Sequence, named)
	return sequence, sequenceWidth(p, sequence)
}

// serialSequence returns the sequence that was made with a column, under the name that it
// got then; into another schema it goes with its table.
func serialSequence(p *lint.Pass, table *pg.RangeVar, name string) (sequence facts.Name, width int) {
	made := p.Object(facts.PartOf(facts.Column, table, name)).Made()
	if made == nil {
		return sequence, 0
	}
	def, is := made.Tree.(*pg.ColumnDef)
	if !is {
		return sequence, 0
	}
	sequence = facts.Name{Kind: facts.Sequence, Schema: table.Schemaname, Name: facts.DeriveName(made.Name.Table, made.Name.Name, "seq")}
	switch strings.ToLower(facts.LastWord(def.GetTypeName().GetNames())) {
	case "serial", "serial4":
		return sequence, 31
	case "smallserial", "serial2":
		return sequence, 15
	}
	return sequence, 0
}

// sequenceWidth reads CREATE SEQUENCE … AS integer, and ALTER SEQUENCE after it.
func sequenceWidth(p *lint.Pass, sequence facts.Name) int {
	for e := range p.Object(sequence).Before(p) {
		if typ := sequenceType(e.Tree); typ != nil {
			return integerWidths[resolveType(p, typ).Name]
		}
	}
	return 0
}

func sequenceType(tree any) *pg.TypeName {
	var options []*pg.Node
	switch s := tree.(type) {
	case *pg.CreateSeqStmt:
		options = s.Options
	case *pg.AlterSeqStmt:
		options = s.Options
	}
	as, _ := facts.Option(options, "as")
	return as.GetTypeName()
}

package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A madeType is what earlier statements say of a type that they made.
type madeType struct {
	labels []string     // of an enum
	base   *pg.TypeName // of a domain
	domain *sqlvalue.Domain
}

// findType looks for the statements that made a type, which may be in any
// earlier migration. It returns nothing when none did.
func findType(p *lint.Pass, t *pg.TypeName) madeType {
	name := facts.Qualified(facts.Type, facts.Words(t.GetNames()))
	if name.Schema == "pg_catalog" || name.Name == "" || facts.IsCommonType(name.Name) {
		return madeType{}
	}
	o := p.Object(name)
	made := o.Made()
	if made == nil {
		return madeType{}
	}
	switch tree := made.Tree.(type) {
	case *pg.CreateEnumStmt:
		return madeType{labels: labelsOf(tree, o, p)}
	case *pg.CreateDomainStmt:
		return madeType{base: tree.TypeName, domain: domainOf(tree, o, p)}
	}
	return madeType{}
}

// changesBefore returns what statements before the one of a pass change of a
// type, in the order they run.
func changesBefore(o *lint.Object, p *lint.Pass) []lint.Event {
	changes := slices.Collect(o.Before(p))
	slices.Reverse(changes)
	return changes
}

func labelsOf(s *pg.CreateEnumStmt, o *lint.Object, p *lint.Pass) []string {
	labels := facts.Words(s.Vals)
	for _, e := range changesBefore(o, p) {
		change, is := e.Tree.(*pg.AlterEnumStmt)
		if !is {
			continue
		}
		if i := slices.Index(labels, change.OldVal); change.OldVal != "" && i >= 0 {
			labels[i] = change.NewVal
		} else if change.OldVal == "" {
			labels = append(labels, change.NewVal)
		}
	}
	return labels
}

func domainOf(s *pg.CreateDomainStmt, o *lint.Object, p *lint.Pass) *sqlvalue.Domain {
	d := &sqlvalue.Domain{Name: o.Name(p).Name}
	for _, n := range s.Constraints {
		switch c := n.GetConstraint(); c.GetContype() {
		case pg.ConstrType_CONSTR_NOTNULL:
			d.NotNull = true
		case pg.ConstrType_CONSTR_DEFAULT:
			d.HasDefault = !sqlvalue.IsNull(c.RawExpr)
		case pg.ConstrType_CONSTR_CHECK:
			d.Checks = append(d.Checks, c.RawExpr)
		}
	}
	for _, e := range changesBefore(o, p) {
		if change, is := e.Tree.(*pg.AlterDomainStmt); is {
			alterDomain(d, change)
		}
	}
	return d
}

// alterDomain applies ALTER DOMAIN; its subtypes are the letters of PostgreSQL's
// parser.
func alterDomain(d *sqlvalue.Domain, s *pg.AlterDomainStmt) {
	switch s.Subtype {
	case "O", "N":
		d.NotNull = s.Subtype == "O"
	case "T":
		d.HasDefault = s.Def != nil && !sqlvalue.IsNull(s.Def)
	case "C":
		if check := s.Def.GetConstraint(); check.GetContype() == pg.ConstrType_CONSTR_CHECK {
			d.Checks = append(d.Checks, check.RawExpr)
		}
	}
}

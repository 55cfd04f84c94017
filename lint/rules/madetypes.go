package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
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
	schema, name := qualified(words(t.GetNames()))
	if schema == "pg_catalog" || name == "" || commonTypes[name] {
		return madeType{}
	}
	search := typeSearch{schema: schema, name: name}
	for s := range p.Earlier() {
		if search.visit(s) {
			break
		}
	}
	return search.made
}

// commonTypes are never looked for, which spares reading the whole history:
// PostgreSQL's own come first in the search path, those of extensions are made
// by no CREATE TYPE.
var commonTypes = list(`bool int2 int4 int8 numeric float4 float8 money serial bigserial smallserial text varchar bpchar char name
	date time timetz timestamp timestamptz interval uuid json jsonb jsonpath xml bytea bit varbit inet cidr macaddr macaddr8 oid regclass pg_lsn
	tsvector tsquery point line lseg box path polygon circle int4range int8range numrange daterange tsrange tstzrange
	citext hstore ltree vector halfvec sparsevec geometry geography`)

// typeSearch goes back through a history, nearest statement first.
type typeSearch struct {
	schema, name string
	made         madeType

	later      []*pg.AlterEnumStmt // nearest first
	notNull    *bool               // as a later ALTER DOMAIN says
	hasDefault *bool
	checks     []*pg.Node
}

// visit tells whether the search is over.
func (ts *typeSearch) visit(s *lint.Statement) bool {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_CreateEnumStmt:
		return ts.matches(n.CreateEnumStmt.TypeName) && ts.enum(n.CreateEnumStmt)
	case *pg.Node_AlterEnumStmt:
		if ts.matches(n.AlterEnumStmt.TypeName) {
			ts.later = append(ts.later, n.AlterEnumStmt)
		}
	case *pg.Node_CreateDomainStmt:
		return ts.matches(n.CreateDomainStmt.Domainname) && ts.create(n.CreateDomainStmt)
	case *pg.Node_AlterDomainStmt:
		if ts.matches(n.AlterDomainStmt.TypeName) {
			ts.alter(n.AlterDomainStmt)
		}
	case *pg.Node_RenameStmt:
		return ts.rename(n.RenameStmt)
	case *pg.Node_DropStmt:
		return ts.dropped(n.DropStmt)
	}
	return false
}

// rename follows the type to its older name. A type that lost the name was
// another one, so that nothing older is about this one.
func (ts *typeSearch) rename(r *pg.RenameStmt) bool {
	if r.RenameType != pg.ObjectType_OBJECT_TYPE && r.RenameType != pg.ObjectType_OBJECT_DOMAIN {
		return false
	}
	names := r.GetObject().GetList().GetItems()
	if ts.matches(names) {
		return true
	}
	if r.Newname == ts.name {
		_, ts.name = qualified(words(names))
	}
	return false
}

func (ts *typeSearch) dropped(d *pg.DropStmt) bool {
	if d.RemoveType != pg.ObjectType_OBJECT_TYPE && d.RemoveType != pg.ObjectType_OBJECT_DOMAIN {
		return false
	}
	return slices.ContainsFunc(d.Objects, func(n *pg.Node) bool { return ts.matches(n.GetTypeName().GetNames()) })
}

func (ts *typeSearch) matches(names []*pg.Node) bool {
	schema, name := qualified(words(names))
	if name != ts.name {
		return false
	}
	return schema == ts.schema || (schema == "" && ts.schema == "public") || (schema == "public" && ts.schema == "")
}

func (ts *typeSearch) enum(s *pg.CreateEnumStmt) bool {
	labels := words(s.Vals)
	slices.Reverse(ts.later)
	for _, change := range ts.later {
		if i := slices.Index(labels, change.OldVal); change.OldVal != "" && i >= 0 {
			labels[i] = change.NewVal
		} else if change.OldVal == "" {
			labels = append(labels, change.NewVal)
		}
	}
	ts.made = madeType{labels: labels}
	return true
}

func (ts *typeSearch) create(s *pg.CreateDomainStmt) bool {
	d := &sqlvalue.Domain{Name: ts.name, Checks: ts.checks}
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
	if ts.notNull != nil {
		d.NotNull = *ts.notNull
	}
	if ts.hasDefault != nil {
		d.HasDefault = *ts.hasDefault
	}
	ts.made = madeType{base: s.TypeName, domain: d}
	return true
}

// alter keeps the last word of ALTER DOMAIN; its subtypes are the letters of
// PostgreSQL's parser.
func (ts *typeSearch) alter(s *pg.AlterDomainStmt) {
	switch s.Subtype {
	case "O", "N":
		if ts.notNull == nil {
			set := s.Subtype == "O"
			ts.notNull = &set
		}
	case "T":
		if ts.hasDefault == nil {
			set := s.Def != nil && !sqlvalue.IsNull(s.Def)
			ts.hasDefault = &set
		}
	case "C":
		if check := s.Def.GetConstraint(); check.GetContype() == pg.ConstrType_CONSTR_CHECK {
			ts.checks = append(ts.checks, check.RawExpr)
		}
	}
}

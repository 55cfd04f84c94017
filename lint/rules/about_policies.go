package rules

import (
	"cmp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// opensTo says to whom a policy gives rows: "every role", "anon"; "" where each of its
// roles is one that somebody has logged in as, for all that its name says.
func opensTo(roles []*pg.Node) string {
	for _, n := range roles {
		switch r := n.GetRoleSpec(); {
		case r.GetRoletype() == pg.RoleSpecType_ROLESPEC_PUBLIC:
			return "every role"
		case slices.Contains([]string{"anon", "anonymous", "web_anon"}, r.GetRolename()):
			return r.GetRolename()
		}
	}
	return ""
}

// isTrue tells whether a policy's expression is the constant.
func isTrue(expression *pg.Node) bool {
	if expression == nil {
		return false
	}
	l, ok := sqlvalue.ReadLiteral(expression)
	return ok && (l.Text == "true" || l.Text == "t")
}

// asksTable tells whether a query in an expression reads the table.
func asksTable(p *lint.Pass, expression *pg.Node, table *pg.RangeVar) (asks bool) {
	facts.Walk(expression, func(n *pg.Node) bool {
		asks = asks || n.GetRangeVar() != nil && p.SameRelation(n.GetRangeVar(), table)
		return !asks
	})
	return asks
}

// A policy is what CREATE POLICY makes or ALTER POLICY leaves.
type policy struct {
	name        string
	table       *pg.RangeVar
	command     string // SELECT, INSERT, UPDATE, DELETE or ALL
	permissive  bool
	roles       []*pg.Node
	qual, check *pg.Node // of USING and WITH CHECK; nil where there is none
}

// readsAll tells whether the policy leaves out no row that is there.
func (o *policy) readsAll() bool { return isTrue(o.qual) }

// writesAll tells whether it leaves out no row that is written; without WITH CHECK, USING
// says that as well.
func (o *policy) writesAll() bool { return isTrue(o.check) || o.check == nil && isTrue(o.qual) }

// readPolicy returns the policy that a statement makes, or changes one to; nil for others,
// and for one whose making is not in the history.
func readPolicy(p *lint.Pass) *policy {
	if s := p.Node().GetCreatePolicyStmt(); s != nil {
		return createdPolicy(s)
	}
	s := p.Node().GetAlterPolicyStmt()
	if s == nil {
		return nil
	}
	made := p.Object(facts.PartOf(facts.Policy, s.Table, s.PolicyName)).Made()
	if made == nil {
		return nil
	}
	create, is := made.Tree.(*pg.CreatePolicyStmt)
	if !is {
		return nil
	}
	return createdPolicy(create).altered(s)
}

func createdPolicy(s *pg.CreatePolicyStmt) *policy {
	return &policy{s.PolicyName, s.Table, strings.ToUpper(s.CmdName), s.Permissive, s.Roles, s.Qual, s.WithCheck}
}

// altered returns what ALTER POLICY leaves of one.
func (o *policy) altered(s *pg.AlterPolicyStmt) *policy {
	changed := *o
	changed.name, changed.table = s.PolicyName, s.Table
	if len(s.Roles) > 0 {
		changed.roles = s.Roles
	}
	if s.Qual != nil {
		changed.qual = s.Qual
	}
	if s.WithCheck != nil {
		changed.check = s.WithCheck
	}
	return &changed
}

// outvoted returns the name of another permissive policy for a role and a command of this
// one that names some rows only, and stays; "" when there is none.
func outvoted(p *lint.Pass, o *policy) string {
	for e := range p.Relation(o.table).Before(p) {
		create, is := e.Tree.(*pg.CreatePolicyStmt)
		if !is || create.PolicyName == o.name || !create.Permissive {
			continue
		}
		name := facts.PartOf(facts.Policy, o.table, create.PolicyName)
		made := p.Object(name).Made()
		if other := createdPolicy(create); made != nil && made.Statement == e.Statement && other.narrows(o) && sharesRole(other.roles, o.roles) && !isDropped(p, name) {
			return other.name
		}
	}
	return ""
}

// narrows tells whether a policy leaves out rows that another takes for the same command.
// FOR ALL beside a wider FOR SELECT is what people write who let all read and some write.
func (o *policy) narrows(wide *policy) bool {
	if o.command != wide.command && wide.command != "ALL" {
		return false
	}
	return wide.readsAll() && o.qual != nil && !isTrue(o.qual) || wide.writesAll() && o.qual == nil && o.check != nil && !isTrue(o.check)
}

// sharesRole tells whether both lists have a role, PUBLIC being in none but itself.
func sharesRole(a, b []*pg.Node) bool {
	return slices.ContainsFunc(a, func(n *pg.Node) bool {
		return slices.ContainsFunc(b, func(m *pg.Node) bool {
			x, y := n.GetRoleSpec(), m.GetRoleSpec()
			return x.GetRoletype() == y.GetRoletype() && x.GetRolename() == y.GetRolename()
		})
	})
}

func rolesText(roles []*pg.Node) string {
	var names []string
	for _, n := range roles {
		names = append(names, cmp.Or(n.GetRoleSpec().GetRolename(), "the current user"))
	}
	return strings.Join(names, ", ")
}

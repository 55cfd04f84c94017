package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var viewBypassesRowSecurity = &lint.Rule{
	ID: "view-bypasses-row-security", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A view shows rows that row security hides",
	Why: "A view reads its tables as its owner, whose policies are asked, not those of the role that asks the view. The owner is mostly the role of the migrations, which owns the tables too, and row security does not hold for owners: whoever may read the view sees every row. " +
		"Since PostgreSQL 15 `security_invoker` makes it read as the role that asks. A materialized view holds its rows itself, and has no such option.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createview.html",
	Fix: "```sql\nCREATE VIEW own_notes WITH (security_invoker = true) AS SELECT * FROM notes;\n```\n\nBefore PostgreSQL 15, and when the view is meant to show more: put the condition into the view, and grant it to the roles that are meant.",
	Check: func(p *lint.Pass) {
		view, query := viewAndQuery(p.Node())
		if view == nil || isSecurityInvoker(p, view) {
			return
		}
		for _, r := range facts.RelationsIn(query) {
			if t := p.FinalOf(p.Relation(r)); t != nil && t.RowSecurity {
				p.Reportf(view.GetLocation(), "%s shows all rows of %s to whoever may read it, past its row security; %s", tableName(view), tableName(r), wayPastRowSecurity(p.Node()))
				return
			}
		}
	},
}

// wayPastRowSecurity says what helps: a materialized view refuses security_invoker.
func wayPastRowSecurity(n *pg.Node) string {
	if n.GetViewStmt() != nil {
		return "make it WITH (security_invoker = true)"
	}
	return "grant it to nobody whom the policies bind, or ask the table through a view instead"
}

// viewAndQuery returns the view that a statement makes; nil for others.
func viewAndQuery(n *pg.Node) (view *pg.RangeVar, query *pg.Node) {
	if v := n.GetViewStmt(); v != nil && !facts.IsTemporary(v.View) && !facts.HasOption(v.Options, "security_invoker") {
		return v.View, v.Query
	}
	if as := n.GetCreateTableAsStmt(); as.GetObjtype() == pg.ObjectType_OBJECT_MATVIEW {
		return as.Into.GetRel(), as.Query
	}
	return nil, nil
}

// isSecurityInvoker tells whether a later statement gives the view security_invoker.
func isSecurityInvoker(p *lint.Pass, view *pg.RangeVar) bool {
	for e := range p.ObjectAfter(facts.Named(facts.View, view)).After(p) {
		c, is := e.Tree.(*pg.AlterTableCmd)
		if is && c.Subtype == pg.AlterTableType_AT_SetRelOptions && facts.HasOption(c.GetDef().GetList().GetItems(), "security_invoker") {
			return true
		}
	}
	return false
}

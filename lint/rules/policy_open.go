package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var policyOpen = &lint.Rule{
	ID: "policy-open", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:      facts.Made | facts.Changed,
	Remains: true,
	Title:   "A policy opens all rows to everybody",
	Why: "`USING (true)` and `WITH CHECK (true)` leave out no row. For every role (a policy without `TO`), or one that stands for whoever has not logged in, row security then protects nothing from the command. " +
		"Permissive policies are joined with `OR`: the narrow ones beside it have no say any more. That is told of any role, where such a policy is there for the same role and command.\n\n" +
		"That everybody reads may be meant, so it is a notice; that everybody writes is a warning.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "Name the roles (`TO authenticated`), and the rows: `USING (owner = auth.uid())`. A policy that is to narrow what others allow is `AS RESTRICTIVE`.",
	Check: func(p *lint.Pass) {
		o := readPolicy(p)
		if o == nil || !o.permissive {
			return
		}
		if to := opensTo(o.roles); to != "" {
			reportOpenPolicy(p, o, to)
			return
		}
		if !o.readsAll() && !o.writesAll() {
			return
		}
		if narrow := outvoted(p, o); narrow != "" {
			p.Reportf(0, "policy %s lets %s through to all rows of %s, so that policy %s, which names some, has no say any more: permissive policies are joined with OR; name the rows, or drop the narrow one",
				o.name, rolesText(o.roles), tableName(o.table), narrow)
		}
	},
}

// reportOpenPolicy reports what a policy lets everybody do.
func reportOpenPolicy(p *lint.Pass, o *policy, to string) {
	switch {
	case o.command == "SELECT" && o.readsAll():
		p.Reportf(0, "policy %s lets %s read all rows of %s, whatever other policies say; name the roles or the rows if that is not meant", o.name, to, tableName(o.table)).Severity = lint.Notice
	case o.command == "INSERT" && o.writesAll():
		p.Reportf(0, "policy %s lets %s insert any row into %s; name the roles, and say which rows", o.name, to, tableName(o.table))
	case o.command != "SELECT" && o.command != "INSERT" && o.readsAll() && o.writesAll():
		p.Reportf(0, "policy %s opens all rows of %s to %s FOR %s, whatever other policies say; name the roles, and say which rows", o.name, tableName(o.table), to, o.command)
	}
}

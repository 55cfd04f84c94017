package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var ruleCreated = &lint.Rule{
	ID: "rule-created", Group: lint.GroupLock, Severity: lint.Warning,
	On:      facts.Made,
	Remains: true,
	Title:   "A rule rewrites the queries of a table",
	Why: "`CREATE RULE` takes `ACCESS EXCLUSIVE` on the table, and changes the meaning of statements rather than of rows: functions such as `nextval` or `random` in them run twice, the number of changed rows that code gets back is another, `RETURNING` fails, `COPY` goes past it.\n\n" +
		"https://www.postgresql.org/docs/current/rules-triggers.html",
	Fix: "Use a trigger; for a view, an `INSTEAD OF` trigger. Rules on views are not reported.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetRuleStmt()
		if s == nil || isView(p, s.Relation) || facts.IsTemporary(s.Relation) {
			return
		}
		f := p.Reportf(s.Relation.GetLocation(), "rule %s rewrites the statements on %s, which counts, RETURNING and volatile functions do not survive; use a trigger", s.Rulename, tableName(s.Relation))
		p.Measured(f, "%s", p.Effect())
	},
}

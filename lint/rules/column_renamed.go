package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var columnRenamed = &lint.Rule{
	ID: "column-renamed", Group: lint.GroupCompat, Severity: lint.Warning,
	On:      facts.Renamed,
	Remains: true,
	Title:   "A column is renamed while code uses the old name",
	Why: "The rename itself is quick. But during a deploy the old code still runs against the new schema (or the new code against the old one), and every statement with the name that is not there fails with `42703`. " +
		"Views and functions in SQL-standard form follow the rename; functions whose body is text, prepared statements of the code and column lists of tools do not.",
	Fix: "Add the new column, write both, backfill, read the new one, then drop the old one: each step a deploy of its own. Or keep the old name in the database and rename only in the code (most ORMs map names).\n\n" +
		"Renaming a column away and another one to its name in the same review is not reported: the name stays.",
	Check: func(p *lint.Pass) {
		r := p.Node().GetRenameStmt()
		if !renamesColumn(r) || p.IsNew(r.Relation) || facts.IsTemporary(r.Relation) {
			return
		}
		if columnIsNew(p, r.Relation, r.Subname) || p.ComesBack(facts.PartOf(facts.Column, r.Relation, r.Subname)) != nil {
			return
		}
		p.Reportf(r.Relation.GetLocation(), "renaming %s.%s to %s breaks code that still uses the old name while it is deployed%s; add %s beside it, write both, and drop the old one later",
			tableName(r.Relation), r.Subname, r.Newname, stillMentioned(p, facts.PartOf(facts.Column, r.Relation, r.Subname)), r.Newname)
	},
}

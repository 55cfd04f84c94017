package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var deleteCascades = &lint.Rule{
	ID: "delete-cascades", Group: lint.GroupCascade, Severity: lint.Notice,
	On:    facts.Querying | facts.Ran,
	Title: "DELETE takes rows of tables that it does not name",
	Why: "Through `ON DELETE CASCADE` a `DELETE` also takes the rows that refer to those it deletes, and the rows that refer to these. Nothing counts them: `DELETE 3` may have taken thousands.\n\n" +
		"A `DELETE` of all rows is `delete-without-where`. Not told of tables from which the review deletes rows itself before.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
	Fix: "Delete the rows that refer to them first, by a statement of their own that the review can see, or say that they are meant:\n\n" +
		"```sql\nDELETE FROM order_lines WHERE order_id IN (SELECT id FROM orders WHERE state = 'test');\nDELETE FROM orders WHERE state = 'test';\n```",
	Check: func(p *lint.Pass) {
		told := map[string]bool{}
		for c := range commandsOf(p) {
			for _, s := range c.Statements {
				for _, change := range readRowChanges(p, s) {
					name := tableName(change.table)
					if !change.isDelete || change.all() || c.routine != "" && !c.Always || p.IsNew(change.table) || told[name] {
						continue
					}
					told[name] = true
					along := slices.DeleteFunc(deletedThroughKeys(p, change.table), func(name string) bool { return isDeletedFrom(p, name) })
					if len(along) > 0 {
						p.Reportf(c.placeOf(s, change.table), "DELETE from %s also takes the rows of %s that refer to those, through ON DELETE CASCADE; delete them first by name if they are to go", name, listed(along))
					}
				}
			}
		}
	},
}

// isDeletedFrom tells whether the review made a table, or deletes rows of it before.
func isDeletedFrom(p *lint.Pass, table string) bool {
	o := p.Object(facts.Identity(facts.Table, table))
	if o.IsNew(p) {
		return true
	}
	for e := range o.Before(p) {
		if e.New && e.Verb&(facts.Deleted|facts.Emptied) != 0 {
			return true
		}
	}
	return false
}

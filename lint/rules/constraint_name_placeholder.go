package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var constraintNamePlaceholder = &lint.Rule{
	ID: "constraint-name-placeholder", Group: lint.GroupHistory, Severity: lint.Error,
	On:    facts.Made,
	Title: "drizzle-kit could not name a primary key, and nobody did",
	Why: "drizzle-kit 0.x does not know what an old primary key is called. It writes `DROP CONSTRAINT \"<constraint_name>\"` into a comment, with instructions, and goes on. What follows adds the new key while the old one stands: `multiple primary keys for table … are not allowed` (42P16).\n\n" +
		"Measured with drizzle-kit 0.31.11.",
	Fix:      "Look the name up (`SELECT conname FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'p'`, most often `users_pkey`), write the statement with it, and remove the comment.",
	Explains: []string{"42P16"},
	Check: func(p *lint.Pass) {
		table := addsPrimaryKey(p.Node())
		if p.Tried() || table == nil || !leavesNameOpen(p.Migration.Source[:p.Statement.Start], table.Relname) {
			return
		}
		if dropsAnyConstraint(p, table) {
			return
		}
		p.Reportf(0, "the primary key that %s has is not dropped, since drizzle-kit left its name open in the comment above; write the statement with the name, and remove the comment", tableName(table))
	},
}

// addsPrimaryKey returns the table that gets one, nil when none does.
func addsPrimaryKey(n *pg.Node) *pg.RangeVar {
	for _, cmd := range n.GetAlterTableStmt().GetCmds() {
		if cmd.GetAlterTableCmd().GetDef().GetConstraint().GetContype() == pg.ConstrType_CONSTR_PRIMARY {
			return n.GetAlterTableStmt().Relation
		}
	}
	return nil
}

// leavesNameOpen tells whether a line of the text has drizzle-kit's
// placeholder for a constraint of the table.
func leavesNameOpen(text, table string) bool {
	for line := range strings.Lines(text) {
		if strings.Contains(line, `"<constraint_name>"`) && strings.Contains(line, `"`+table+`"`) {
			return true
		}
	}
	return false
}

// dropsAnyConstraint tells whether an earlier statement of the review drops a
// constraint of a table.
func dropsAnyConstraint(p *lint.Pass, table *pg.RangeVar) bool {
	for e := range p.Relation(table).Before(p) {
		if e.New && e.Verb&facts.Dropped != 0 && e.Name.Kind == facts.Constraint {
			return true
		}
	}
	return false
}

package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var autovacuumDisabled = &lint.Rule{
	ID: "autovacuum-disabled", Group: lint.GroupData, Severity: lint.Warning,
	On:      facts.Made | facts.Changed,
	Remains: true,
	Title:   "Nothing cleans a table any more",
	Why: "Without autovacuum dead rows stay and the table grows with every `UPDATE`; the planner's statistics become wrong, because autovacuum also runs `ANALYZE`. " +
		"What is left is the vacuum against wraparound, which PostgreSQL starts in any case, at a moment nobody chose.\n\n" +
		"https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM",
	Fix: "For a table that changes much, vacuum more often instead:\n\n```sql\nALTER TABLE events SET (autovacuum_vacuum_scale_factor = 0.02);\n```",
	Check: func(p *lint.Pass) {
		if s := p.Node().GetCreateStmt(); s != nil && !facts.IsTemporary(s.Relation) {
			reportAutovacuum(p, s.Relation, s.Options, s.Relation.GetLocation())
		}
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_SetRelOptions {
				reportAutovacuum(p, c.table, c.GetDef().GetList().GetItems(), c.location)
			}
		}
	},
}

func reportAutovacuum(p *lint.Pass, table *pg.RangeVar, options []*pg.Node, location int32) {
	for _, o := range options {
		def := o.GetDefElem()
		if def.GetDefname() == "autovacuum_enabled" && isFalse(def.GetArg()) && def.Defnamespace != "toast" {
			p.Reportf(location, "%s grows with every change while autovacuum is off, and its statistics become wrong; tune autovacuum instead", tableName(table))
		}
	}
}

// isFalse reads the argument of an option as PostgreSQL reads a boolean.
func isFalse(arg *pg.Node) bool {
	if i := arg.GetInteger(); i != nil {
		return i.Ival == 0
	}
	word := strings.ToLower(arg.GetString_().GetSval())
	if t := arg.GetTypeName(); t != nil { // a bare word
		word = facts.LastWord(t.Names)
	}
	return word == "false" || word == "off" || word == "no" || word == "0" || word == "f"
}

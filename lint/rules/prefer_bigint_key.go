package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var preferBigintKey = &lint.Rule{
	ID: "prefer-bigint-key", Group: lint.GroupStyle, Severity: lint.Off,
	On:    facts.Made,
	Title: "A primary key ends at two billion",
	Why: "An `integer` key is used up after 2,147,483,647 values, and sequences skip some with every rolled-back transaction and every `ON CONFLICT`. Then every `INSERT` fails (`2200H` or `22003`). " +
		"Making it a `bigint` rewrites the table, its indexes, and the tables that reference it, with nobody reading them. Four bytes a row are mostly lost to alignment anyway.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
	Fix: "```sql\nid bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if t := sqlvalue.ReadType(c.def.GetTypeName()); c.key && (t.Is("int4") || t.Is("int2")) {
				p.Reportf(c.location, "primary key %s is %s, which is used up some day and expensive to widen then; use bigint", c, t)
			}
		}
	},
}

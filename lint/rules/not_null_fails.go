package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var notNullFails = &lint.Rule{
	ID: "not-null-fails", Group: lint.GroupNotNull, Severity: lint.Error,
	On:    facts.Made,
	Title: "A column that cannot be NULL is added without a value for the rows that exist",
	Why: "`ADD COLUMN … NOT NULL` without a default gives every existing row a NULL, and PostgreSQL refuses that (SQLSTATE 23502). " +
		"On an empty table it works, so a development or CI database lets it pass and production does not. " +
		"The same happens with `DEFAULT NULL`, with a column that is the primary key, with a type that is a domain `NOT NULL`, and with `SET NOT NULL` or `SET DEFAULT` in the same statement: a default set there comes too late for the rows.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN",
	Fix: "Give it a constant default, which is free since PostgreSQL 11, or do it in steps:\n\n" +
		"```sql\nALTER TABLE tasks ADD COLUMN owner text;\n-- deploy code that writes it; then backfill in batches:\nUPDATE tasks SET owner = … WHERE owner IS NULL AND id BETWEEN … AND …;\n-- then make it NOT NULL, without a scan under the lock: see not-null-scans\n```",
	Explains: []string{"23502"},
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if !existingRows(p, c) || passedOnRows(p, c.table) || c.generated() {
				continue
			}
			if how := refusesNull(p, c); how != "" && !hasValue(p, c) {
				reportRefusedNull(p, c, how)
			}
		}
	},
}

func reportRefusedNull(p *lint.Pass, c column, how string) {
	f := p.Reportf(c.location, "adding %s %s fails as soon as %s has a row; add it nullable, backfill, then SET NOT NULL", c, how, tableName(c.table))
	if e := p.Effect(); e != nil && e.Err != nil && e.Err.SQLState == "23502" {
		p.Measured(f, "%s", e.Err)
	}
}

// hasValue tells whether existing rows get a value.
func hasValue(p *lint.Pass, c column) bool {
	if c.expr != nil {
		return !sqlvalue.IsNull(c.expr)
	}
	d := typeOf(p, c).Domain
	return d != nil && d.HasDefault
}

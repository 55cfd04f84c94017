package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var domainColumnRewrites = &lint.Rule{
	ID: "domain-column-rewrites", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Made,
	Title: "A new column of a domain with constraints rewrites the table",
	Why: "A nullable column without a default is free, except when its type is a domain that has a `CHECK`: PostgreSQL then writes every row again, with all indexes, under `ACCESS EXCLUSIVE`, to ask the check of a NULL. Nothing in the `ALTER TABLE` shows it; the constraint stands where the domain was made. " +
		"With a default it is `default-volatile`, and a domain that is `NOT NULL` is refused (`not-null-fails`).\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
	Fix:    "Use the type below the domain, and the same check beside it:\n\n```sql\nALTER TABLE orders ADD COLUMN amount int;\nALTER TABLE orders ADD CONSTRAINT orders_amount_check CHECK (amount > 0) NOT VALID;\n-- later:\nALTER TABLE orders VALIDATE CONSTRAINT orders_amount_check;\n```",
	Scales: true,
	Check: func(p *lint.Pass) {
		if sawNoWork(p) {
			return
		}
		for _, c := range columns(p) {
			if !existingRows(p, c) || c.expr != nil || !ofCheckedDomain(p, c) || p.Tried() && !p.Effect().DidRewrite(catalogName(p, c.table)) {
				continue
			}
			f := p.Reportf(c.location, "adding %s rewrites %s and its indexes while nobody can read or write it, because its type is a domain with a CHECK; use the base type, and add the CHECK as NOT VALID", c, tableName(c.table))
			underRewrite(p, f, c)
			p.Measured(f, "%s", p.Effect())
		}
	},
}

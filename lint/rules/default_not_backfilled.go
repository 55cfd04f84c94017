package rules

import (
	"slices"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultNotBackfilled = &lint.Rule{
	ID: "default-not-backfilled", Group: lint.GroupDefault, Severity: lint.Notice,
	Title: "A column gets its first default, and old rows keep NULL",
	Why: "`SET DEFAULT` is about rows to come. Those that are there keep what they have, which in a column that may be NULL and had no default is often NULL. Code written for the default then meets both.\n\n" +
		"Not reported when the review also fills the column, makes it `NOT NULL`, or has added it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-DEFAULT",
	Fix: "Fill old rows in batches, or say that NULL is meant with an ignore comment:\n\n```sql\nUPDATE orders SET state = 'open' WHERE state IS NULL AND id BETWEEN … AND …;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if c.form != columnDefaulted || sqlvalue.IsNull(c.expr) || p.IsNew(c.table) || isNewObject(p, relation("table column", c.table, c.name)) {
				continue
			}
			was, known := columnBefore(p, c)
			if !known || was.notNull || was.hasDefault || becomesNotNull(p, c) || filled(p, c) {
				continue
			}
			p.Reportf(c.location, "rows that %s holds keep NULL in %s, since a default is for new rows only; fill them in batches", tableName(c.table), c.name)
		}
	},
}

// columnBefore returns what a column was before the statement.
func columnBefore(p *lint.Pass, c column) (declared, bool) {
	if t := p.Table(c.table); t != nil {
		was := t.Column(c.name)
		if was == nil {
			return declared{}, false
		}
		return declared{notNull: was.NotNull, hasDefault: was.Default != "" || was.Identity || was.Generated}, true
	}
	return declaredColumn(p.Earlier(), c.table, c.name)
}

// filled tells whether an UPDATE of the review sets the column.
func filled(p *lint.Pass, c column) bool {
	return slices.ContainsFunc(underReview(p), func(s *lint.Statement) bool {
		u := s.Node.GetUpdateStmt()
		return u != nil && sameRelation(u.Relation, c.table) && slices.Contains(targets(u.TargetList), c.name)
	})
}

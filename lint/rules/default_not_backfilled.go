package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultNotBackfilled = &lint.Rule{
	ID: "default-not-backfilled", Group: lint.GroupDefault, Severity: lint.Notice,
	On:    facts.Changed,
	Title: "A column gets its first default, and old rows keep NULL",
	Why: "`SET DEFAULT` is about rows to come. Those that are there keep what they have, which in a column that may be NULL and had no default is often NULL. Code written for the default then meets both.\n\n" +
		"Not reported when the review also fills the column, makes it `NOT NULL`, or has added it.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-DEFAULT",
	Fix: "Fill old rows in batches, or say that NULL is meant with an ignore comment:\n\n```sql\nUPDATE orders SET state = 'open' WHERE state IS NULL AND id BETWEEN … AND …;\n```",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if c.form != columnDefaulted || sqlvalue.IsNull(c.expr) || p.IsNew(c.table) || isNewObject(p, facts.PartOf(facts.Column, c.table, c.name)) {
				continue
			}
			was := p.Table(c.table).Column(c.name)
			if was == nil || was.Unknown || was.NotNull || was.IsFilled() || becomesNotNull(p, c) || refusesNullAfter(p, c) || isFilledByUpdate(p, c) {
				continue
			}
			f := p.Reportf(c.location, "rows that %s holds keep NULL in %s, since a default is for new rows only; fill them in batches", tableName(c.table), c.name)
			p.TellInSeries(f, "keep NULL", tableName(c.table)+"."+c.name)
		}
	},
}

// refusesNullAfter tells whether the statement leaves the column NOT NULL, which it cannot
// where a row holds a NULL: a later one may drop it and make it anew.
func refusesNullAfter(p *lint.Pass, c column) bool {
	after := p.TableAfter(c.table).Column(c.name)
	return after != nil && after.NotNull
}

// isFilledByUpdate tells whether an UPDATE of the review sets the column, under
// one of the names that it has there.
func isFilledByUpdate(p *lint.Pass, c column) bool {
	names := []string{c.name}
	for e := range p.Object(facts.PartOf(facts.Column, c.table, c.name)).Reviewed(p) {
		if e.Verb&facts.Renamed != 0 {
			names = append(names, e.Name.Name, e.To.Name)
		}
	}
	for e := range p.Relation(c.table).Reviewed(p) {
		if u, is := e.Tree.(*pg.UpdateStmt); is && slices.ContainsFunc(targetColumns(u.TargetList), func(name string) bool { return slices.Contains(names, name) }) {
			return true
		}
	}
	return false
}

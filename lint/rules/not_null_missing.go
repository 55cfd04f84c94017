package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var notNullMissing = &lint.Rule{
	ID: "not-null-missing", Group: lint.GroupNotNull, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A new column allows NULL although nothing needs it",
	Why: "A nullable boolean has three states, and `WHERE NOT flag` leaves out the third. Without a default that is told where another boolean of the table is `NOT NULL`, or the review fills the column; elsewhere nothing says that the third state is not meant. " +
		"A default does not keep NULL away: it applies only to an INSERT that leaves the column out, while one that passes NULL, as many ORMs do, stores NULL. Columns of what may be absent, as `notes`, `weight` and times other than `created_at`, may have one. " +
		"`NOT NULL` is free while the column is new, and costs a backfill and a read of the whole table later.",
	Fix: "Say `NOT NULL`, with a default where the table has rows:\n\n" +
		"```sql\nALTER TABLE tasks ADD COLUMN archived boolean NOT NULL DEFAULT false;\n```\n\n" +
		"`--fix` writes `NOT NULL` only where every row has the time, as `created_at` has: whether code writes NULL into other columns it cannot know. " +
		"If NULL means something, say so with an explicit `NULL` behind the type; the rule is then silent. So it is with Prisma, whose schema says `?` of each column that may be NULL.",
	Check: func(p *lint.Pass) {
		if strings.HasPrefix(p.History.Tool, "Prisma") {
			return
		}
		for _, c := range nullableColumns(p) {
			if what := nullableReason(p, c); what != "" && !isDropped(p, facts.PartOf(facts.Column, c.table, c.name)) {
				f := p.Reportf(c.location, "%s is nullable: %s", c, what)
				p.TellInSeries(f, what, c.String())
				if isMomentOfRow(p, c) {
					at := int(c.constraint(pg.ConstrType_CONSTR_DEFAULT).Location)
					p.Offer(f, at, at, "NOT NULL ")
				}
			}
		}
	},
}

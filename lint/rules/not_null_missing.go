package rules

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var notNullMissing = &lint.Rule{
	ID: "not-null-missing", Group: lint.GroupNotNull, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A new column allows NULL although nothing needs it",
	Why: "A nullable boolean has three states, and `WHERE NOT flag` leaves out the third. " +
		"A default does not keep NULL away: it applies only to an INSERT that leaves the column out, while one that passes NULL, as many ORMs do, stores NULL. " +
		"`NOT NULL` is free while the column is new, and costs a backfill and a read of the whole table later.",
	Fix: "Say `NOT NULL`, with a default where the table has rows:\n\n" +
		"```sql\nALTER TABLE tasks ADD COLUMN archived boolean NOT NULL DEFAULT false;\n```\n\n" +
		"If NULL means something, say so with an explicit `NULL` behind the type; the rule is then silent. So it is with Prisma, whose schema says `?` of each column that may be NULL.",
	Check: func(p *lint.Pass) {
		if strings.HasPrefix(p.History.Tool, "Prisma") {
			return
		}
		for _, c := range nullableColumns(p) {
			if what := nullableReason(p, c); what != "" {
				f := p.Reportf(c.location, "%s is nullable: %s", c, what)
				if c.expr != nil && !sqlvalue.IsNull(c.expr) {
					at := int(c.constraint(pg.ConstrType_CONSTR_DEFAULT).Location)
					p.Offer(f, at, at, "NOT NULL ")
				}
			}
		}
	},
}

// nullableColumns returns the new columns that allow NULL without having been
// told to.
func nullableColumns(p *lint.Pass) []column {
	var found []column
	for _, c := range columns(p) {
		switch {
		case c.form == columnDefaulted || c.def.GetTypeName() == nil || c.notNull() || c.generated():
		case c.constraint(pg.ConstrType_CONSTR_NULL) != nil || becomesNotNull(p, c):
		case forcedNotNull(p, c):
		default:
			found = append(found, c)
		}
	}
	return found
}

// forcedNotNull tells whether the type is a domain that refuses NULL, or the
// server says that the column does.
func forcedNotNull(p *lint.Pass, c column) bool {
	if after := p.After(c.table).Column(c.name); after != nil {
		return after.NotNull
	}
	d := typeOf(p, c).Domain
	return d != nil && d.NotNull
}

var timestampName = regexp.MustCompile(`(?i)^(created|updated|inserted|modified)(_?(at|on|time|date))?$`)

func nullableReason(p *lint.Pass, c column) string {
	t := typeOf(p, c)
	hasDefault := c.expr != nil && !sqlvalue.IsNull(c.expr)
	switch {
	case t.Is("bool") && hasDefault:
		return "a boolean with a third state, which its default does not keep away; add NOT NULL"
	case t.Is("bool"):
		return "a boolean with a third state, which WHERE NOT leaves out; add NOT NULL DEFAULT false, or NULL if it means something"
	case hasDefault && t.IsTime() && timestampName.MatchString(c.name):
		return "every row has a time, but its default does not keep NULL away; add NOT NULL"
	case hasDefault:
		return "its default does not keep NULL away, only NOT NULL does; add it while it is free"
	}
	return ""
}

package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var typeDropped = &lint.Rule{
	ID: "type-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:    facts.Dropped,
	Title: "A type, enum or domain is dropped",
	Why: "PostgreSQL refuses while a column, function or other type uses it (`2BP01`), but it does not know the code: casts such as `$1::mood`, which Prisma and other ORMs write for every enum, fail with `42704`. " +
		"With `CASCADE` the columns of that type are dropped with their values; see `drop-cascades`.\n\n" +
		"A type that the same migration makes again, after converting its columns, is how labels are removed from an enum, and is not reported; nor is one whose table or column the same review drops, which says so itself.\n\n" +
		"https://www.postgresql.org/docs/current/sql-droptype.html",
	Fix: "First deploy code that does not name the type. Convert columns that use it:\n\n" +
		"```sql\nALTER TABLE people ALTER COLUMN feeling TYPE text;\nDROP TYPE mood;\n```",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "type") {
			if isNewObject(p, r.Name) || p.MadeAgain(r.Name) != nil || userWasDropped(p, r.Name) {
				continue
			}
			mentioned := stillMentioned(p, r.Name)
			f := p.Reportf(r.location, "dropping type %s breaks code that casts to it%s; first deploy code that does not", r, mentioned)
			p.TellInSeries(f, "breaks"+mentioned, r.String())
		}
	},
}

// userWasDropped tells whether an earlier statement of the review dropped a column of the
// base branch that has the type, or its table: whoever misses the type misses that first.
func userWasDropped(p *lint.Pass, typ facts.Name) bool {
	e := typeUserOf(p, typ).dropped
	return e != nil && e.IsBefore(p)
}

package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var nameTooLong = &lint.Rule{
	ID: "name-too-long", Group: lint.GroupStyle, Severity: lint.Warning,
	Title: "A name is cut at 63 bytes",
	Why: "PostgreSQL cuts names to 63 bytes and says so only in a notice. Two names with the same beginning collide (`42P07`, `42710`, or, with `IF NOT EXISTS`, silently). " +
		"Drizzle and others write `ADD CONSTRAINT` into a `DO` block that catches `duplicate_object`: the second of two such keys is then never made, and nothing tells. " +
		"Tools that compare the name they asked for with the one in the catalog see a difference for ever, and make the same change again with every new migration.\n\n" +
		"A long name by itself is told once in a review, and not where drizzle-kit made it or the base branch has such names: there it is a habit. Two that meet are told always.\n\n" +
		"https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
	Fix:      "Give the object a shorter name of its own; most ORMs take one for keys and indexes, such as `foreignKey({ name: 'orders_customer_fk', … })` in Drizzle and `@@index(…, map: \"…\")` in Prisma.",
	Explains: []string{"42P07", "42710"},
	Check: func(p *lint.Pass) {
		if !mayHaveLongName(p.Statement.SQL) {
			return
		}
		for _, n := range givenLongNames(p.Statement) {
			if other, as := nameMet(p, n); other != nil {
				reportMet(p, n, *other, as)
				continue
			}
			first, others := firstLongName(p)
			if !n.inBlock && n.isThe(first) && !givesSuchNames(p) {
				f := p.Reportf(n.start, "%s has %d bytes and is cut to 63%s, where it can collide with another name and is not found by tools; use a shorter one", sqlvalue.Shorten(n.name), len(n.name), others)
				p.Measured(f, "%s", truncation(p, n.name))
			}
		}
	},
}

// reportMet is about two names that are one in their first 63 bytes.
func reportMet(p *lint.Pass, n, other longName, as facts.Name) {
	says := "only one of them can be there; look whether production has the other, and"
	switch there := p.Object(as) != nil || n.statement == other.statement; {
	case there && n.maybe:
		says = "this one is taken for there and never made;"
	case there:
		says = "this one is refused;"
	}
	p.Reportf(n.start, "%s and %s are the same name in their first 63 bytes, which is all that PostgreSQL keeps, so %s use shorter names", uncut(n.name), uncut(other.name), says)
}

// truncation returns the notice in which the server says what it made of a
// name; "" when it was not tried.
func truncation(p *lint.Pass, name string) string {
	if p.Effect() == nil {
		return ""
	}
	for _, notice := range p.Effect().Notices {
		if strings.HasPrefix(notice, "identifier \""+name+"\" will be truncated") {
			return notice
		}
	}
	return ""
}

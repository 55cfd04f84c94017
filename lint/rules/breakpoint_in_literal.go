package rules

import "github.com/migvet/migvet/lint"

// BreakpointInLiteral is also reported by what reads a folder of Prisma.
var BreakpointInLiteral = &lint.Rule{
	ID: "breakpoint-in-literal", Group: lint.GroupHistory, Severity: lint.Error,
	Title: "What a tool cuts the file at stands inside of a string, function body or comment",
	Why: "Drizzle looks for `--> statement-breakpoint` in the text and not in the SQL. In the middle of a string, a `$$` body or a block comment it cuts them in two, and neither half is SQL: `unterminated quoted string`, `unterminated /* comment` (42601). Behind it in its line, a comment becomes the beginning of the next statement.\n\n" +
		"Prisma's drivers of JavaScript (`engine: \"js\"` in `prisma.config.ts`) cut a file at every semicolon in the same way.\n\n" +
		"Measured with drizzle-orm 0.45.4 and @prisma/adapter-pg 7.10.1.",
	Fix:      "Move the marker behind the statement. Where the text itself is wanted, put it together: `'--> statement' || '-breakpoint'`.",
	Explains: []string{"42601"},
	Check: func(p *lint.Pass) {
		c, told, found := cutShort(p)
		if !found || told || c.isPulledBaseline(p.Migration.Source) {
			return
		}
		at := int32(p.Statement.ParseError.Offset - p.Statement.Start)
		if c.inside == "its line" {
			p.Reportf(at, "Drizzle splits at the breakpoint, so what stands behind it in its line is no comment but the beginning of this statement; end the line with the marker")
			return
		}
		p.Reportf(at, "Drizzle splits at the breakpoint inside of %s, and neither half is SQL; move the marker behind the statement", c.inside)
	},
}

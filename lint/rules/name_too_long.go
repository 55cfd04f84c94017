package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var nameTooLong = &lint.Rule{
	ID: "name-too-long", Group: lint.GroupStyle, Severity: lint.Warning,
	Title: "A name is cut at 63 bytes",
	Why: "PostgreSQL cuts names to 63 bytes and says so only in a notice. Two names with the same beginning collide (`42P07`, `42710`, or, with `IF NOT EXISTS`, silently). " +
		"Tools that compare the name they asked for with the one in the catalog see a difference for ever, and make the same change again with every new migration.\n\n" +
		"https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
	Fix: "Give the object a shorter name of its own; most ORMs take one for keys and indexes, such as `foreignKey({ name: 'orders_customer_fk', … })` in Drizzle and `@@index(…, map: \"…\")` in Prisma.",
	Check: func(p *lint.Pass) {
		if !givesNames(p.Node()) || !mayHaveLongName(p.Statement.SQL) {
			return
		}
		for _, n := range longNames(p.Statement.SQL) {
			f := p.Reportf(n.start, "%s has %d bytes and is cut to 63, where it can collide with another name and is not found by tools; use a shorter one", sqlvalue.Shorten(n.name), len(n.name))
			p.Measured(f, "%s", truncation(p, n.name))
		}
	},
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

// givesNames leaves out statements that only use names: those are cut alike
// and find what they mean.
func givesNames(n *pg.Node) bool {
	if facts.IsQuery(n) {
		return false
	}
	switch n.GetNode().(type) {
	case nil, *pg.Node_DropStmt, *pg.Node_DoStmt, *pg.Node_CommentStmt, *pg.Node_VariableSetStmt, *pg.Node_GrantStmt, *pg.Node_CopyStmt:
		return false
	}
	return true
}

// mayHaveLongName spares most statements the scan.
func mayHaveLongName(sql string) bool {
	if strings.Contains(sql, `"`) && len(sql) > facts.MaxIdentifier {
		return true
	}
	run := 0
	for i := range len(sql) {
		if !isNameByte(sql[i]) {
			run = 0
			continue
		}
		if run++; run > facts.MaxIdentifier {
			return true
		}
	}
	return false
}

func isNameByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '_' || b == '$' || b >= 0x80
}

type longName struct {
	name  string
	start int32
}

// longNames finds the names beyond the limit, each once. The parse tree has
// them cut already.
func longNames(sql string) []longName {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return nil
	}
	var found []longName
	seen := map[string]bool{}
	for i, t := range tokens {
		if t.Token != pg.Token_IDENT || usesName(tokens[:i]) {
			continue
		}
		name := sql[t.Start:t.End]
		if strings.HasPrefix(name, `"`) {
			name = strings.ReplaceAll(strings.Trim(name, `"`), `""`, `"`)
		}
		if len(name) > facts.MaxIdentifier && !seen[name] {
			seen[name] = true
			found = append(found, longName{name, t.Start})
		}
	}
	return found
}

// usesName tells whether what is named behind some words has its name already: DROP
// CONSTRAINT IF EXISTS, ALTER TABLE ONLY, RENAME COLUMN.
func usesName(before []*pg.ScanToken) bool {
	last := func(words ...pg.Token) bool {
		n := len(before)
		if n == 0 || !slices.Contains(words, before[n-1].Token) {
			return false
		}
		before = before[:n-1]
		return true
	}
	for last(pg.Token_IF_P, pg.Token_EXISTS, pg.Token_ONLY) {
	}
	last(pg.Token_CONSTRAINT, pg.Token_COLUMN, pg.Token_TABLE, pg.Token_INDEX, pg.Token_SEQUENCE, pg.Token_VIEW, pg.Token_TYPE_P)
	return last(pg.Token_DROP, pg.Token_ALTER, pg.Token_VALIDATE, pg.Token_RENAME)
}

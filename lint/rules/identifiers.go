package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// newNames returns the last parts of the names that a statement gives to
// objects: tables and their columns, constraints, indexes and so on.
func newNames(p *lint.Pass) []facts.Name {
	var found []facts.Name
	for _, n := range madeNames(p.Statement) {
		if n.Kind.IsPart() && p.Node().GetCreateStmt() != nil || n.Kind == facts.Index && p.Node().GetIndexStmt() == nil {
			continue
		}
		if r := n.Relation(); r == nil || !facts.IsTemporary(madeRelation(p.Node())) {
			found = append(found, n)
		}
	}
	for _, c := range columns(p) {
		if c.form == columnCreated {
			found = append(found, facts.PartOf(facts.Column, c.table, c.name))
		}
	}
	for _, c := range constraintsMade(p.Statement) {
		if p.Node().GetCreateStmt() != nil && writes(p.Statement.SQL, c.name) {
			found = append(found, facts.PartOf(facts.Constraint, c.table, c.name))
		}
	}
	return found
}

func madeRelation(n *pg.Node) *pg.RangeVar {
	if s := n.GetCreateStmt(); s != nil {
		return s.Relation
	}
	return madeByQuery(n)
}

// writes tells whether a text has a name: PostgreSQL chooses those of
// constraints that have none.
func writes(sql, name string) bool { return strings.Contains(sql, name) }

// needsQuotes tells whether a name can only be written in quotes: it would be
// read in lower case, or as a word of SQL.
// https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
func needsQuotes(name string) bool {
	for i, r := range name {
		letter := r >= 'a' && r <= 'z' || r == '_' || r >= 0x80
		if !letter && (i == 0 || !(r >= '0' && r <= '9' || r == '$')) {
			return true
		}
	}
	return isReserved(name)
}

func isReserved(word string) bool {
	tokens, err := lint.Scan(word)
	if err != nil || len(tokens) != 1 {
		return false
	}
	kind := tokens[0].KeywordKind
	return kind == pg.KeywordKind_RESERVED_KEYWORD || kind == pg.KeywordKind_TYPE_FUNC_NAME_KEYWORD
}

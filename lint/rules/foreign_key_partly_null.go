package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyPartlyNull = &lint.Rule{
	ID: "foreign-key-partly-null", Group: lint.GroupCascade, Severity: lint.Notice,
	On:    facts.Made,
	Title: "A foreign key of several columns is not checked when one of them is NULL",
	Why: "A foreign key is `MATCH SIMPLE` unless it says otherwise: as soon as one of its columns is NULL, the others may hold anything, and rows come in that reference nothing. " +
		"With one nullable column beside others that are `NOT NULL`, NULL there means no reference, and nothing is reported; with two or more, a reference can be half there.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
	Fix: "Add `MATCH FULL`, which wants all of the columns or none, or the same as a check:\n\n```sql\nCHECK (num_nulls(city_id, street_id) IN (0, 2))\n```",
	Check: func(p *lint.Pass) {
		keys := foreignKeys(p, p.Statement)
		if len(keys) == 0 || strings.Contains(strings.ToLower(p.Statement.SQL), "num_n") || matchFull(p.Node()) {
			return
		}
		for _, k := range keys {
			if nullable := takesNull(p, k); len(nullable) > 1 {
				p.Reportf(k.location, "a row of %s with NULL in only one of %s references nothing and is not checked; add MATCH FULL", tableName(k.table), listed(nullable))
			}
		}
	},
}

func matchFull(n *pg.Node) bool {
	found := false
	facts.Walk(n, func(n *pg.Node) bool {
		found = found || n.GetConstraint().GetFkMatchtype() == "f"
		return !found
	})
	return found
}

// takesNull returns the columns of a key that are known to take NULL.
func takesNull(p *lint.Pass, k foreignKey) []string {
	if len(k.columns) < 2 {
		return nil
	}
	if _, _, gone := finalKey(p, k); gone {
		return nil
	}
	var names []string
	for _, name := range k.columns {
		if c := lastColumn(p, k.table, name); c != nil && !c.Unknown && !c.NotNull {
			names = append(names, name)
		}
	}
	return names
}

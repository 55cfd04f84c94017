package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A lastKey is what keeps rows of a table unique from then on: a constraint or an index.
type lastKey struct {
	name    string
	columns []string
	partial bool
}

// finalKeys are those of a table that are valid in the end; nil where nobody knows.
func finalKeys(p *lint.Pass, fact constraintFact) (keys []lastKey) {
	t := p.TableFinal(fact.table)
	if t == nil {
		return nil
	}
	for _, c := range t.Constraints {
		if c.Kind.IsUnique() {
			keys = append(keys, lastKey{c.Name, c.Columns, false})
		}
	}
	for _, ix := range t.Indexes {
		if ix.Unique && ix.Valid {
			keys = append(keys, lastKey{ix.Name, ix.Columns, ix.Partial})
		}
	}
	return keys
}

// hasStrongerKey tells whether a key stands in the end over some of the columns that a dropped one had: UNIQUE (a)
// keeps out all that UNIQUE (a, b) did. It keeps out no second NULL where that one was NULLS
// NOT DISTINCT.
func hasStrongerKey(p *lint.Pass, fact constraintFact) bool {
	columns := lastNames(p, fact.table, fact.columns)
	if countsNulls(p, fact) {
		return false
	}
	return findKey(finalKeys(p, fact), func(k lastKey) bool { return !k.partial && len(k.columns) < len(columns) && hasAll(columns, k.columns) }) != nil
}

// weakerAgain returns the key that a dropped one is made again as, under its name, where that
// lets in rows which the old one kept out, and no other does: it has more columns, or others,
// or leaves rows out.
func weakerAgain(p *lint.Pass, fact constraintFact, again *lint.Event) *lastKey {
	known := p.Table(fact.table).Index(fact.name)
	wasPartial := known != nil && known.Partial
	isWeaker := func(columns []string, k lastKey) bool { return k.partial && !wasPartial || !hasAll(columns, k.columns) }
	k, last := keyMade(again), lastNames(p, fact.table, fact.columns)
	if k == nil || slices.Contains(fact.columns, "") || slices.Contains(k.columns, "") || !isWeaker(fact.columns, *k) ||
		findKey(finalKeys(p, fact), func(k lastKey) bool { return !isWeaker(last, k) }) != nil {
		return nil
	}
	return k
}

// keyMade is the key that an event makes; nil for other events.
func keyMade(e *lint.Event) *lastKey {
	if index, is := e.Tree.(*pg.IndexStmt); is && index.Unique {
		return &lastKey{index.Idxname, indexColumns(index), index.WhereClause != nil}
	}
	if c := constraintMade(*e); c.kind.IsUnique() && len(c.columns) > 0 {
		return &lastKey{c.name, c.columns, false}
	}
	return nil
}

func findKey(keys []lastKey, is func(lastKey) bool) *lastKey {
	if i := slices.IndexFunc(keys, is); i >= 0 {
		return &keys[i]
	}
	return nil
}

// hasAll tells whether a list of columns holds all of another that is not empty.
func hasAll(all, some []string) bool {
	return len(some) > 0 && !slices.ContainsFunc(some, func(c string) bool { return c == "" || !slices.Contains(all, c) })
}

// countsNulls tells whether a unique constraint is NULLS NOT DISTINCT, as far as anything
// tells: two rows with NULL are duplicates then.
func countsNulls(p *lint.Pass, fact constraintFact) bool {
	if known := p.Table(fact.table).Constraint(fact.name); known != nil && strings.Contains(known.Definition, "NULLS NOT DISTINCT") {
		return true
	}
	made := p.Object(facts.PartOf(facts.Constraint, fact.table, fact.name)).Made()
	if made == nil {
		return false
	}
	tree, is := made.Tree.(*facts.TableConstraint)
	return is && tree.NullsNotDistinct
}

package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var cascadeDelete = &lint.Rule{
	ID: "cascade-delete", Group: lint.GroupCascade, Severity: lint.Notice,
	On:    facts.Made,
	Title: "Deleting a row deletes rows of other tables",
	Why: "`ON DELETE CASCADE` deletes the referencing rows in the same transaction, without a word, and goes on from there through every further `CASCADE` key. `SET NULL` ends the way, `RESTRICT` and `NO ACTION` refuse the whole `DELETE` while there are rows. " +
		"Each step looks up its rows by the key's columns; without an index on them it reads the whole table once for every deleted row.\n\n" +
		"Rows that are owned by their parent may well go with it, so one step is only a notice, and all new tables whose rows belong to one row of another (the key is NOT NULL, and nothing hangs on them) are told in one. It is a warning when a DELETE reaches four tables or more that are not all new, when the keys form a circle, or when an older key on the way has no index (of one that the review adds, `foreign-key-unindexed` tells). " +
		"A key to a table that the review itself makes is reported only then, and one that takes the place of a key never: `foreign-key-action-changed` tells of that.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
	Fix: "Keep `CASCADE` for rows that mean nothing without their parent. Elsewhere write `ON DELETE RESTRICT` and let the code delete what it means to. Give every key on the way an index that begins with its columns.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			if k.onDelete == lint.CascadeTo {
				checkCascade(p, k)
			}
		}
	},
}

func checkCascade(p *lint.Pass, k foreignKey) {
	_, replaces := formerActions(p, k)
	if replaces || isOwnKey(p, k) {
		return
	}
	direct := "deleting a row of " + tableName(k.ref) + " also deletes its rows in " + tableName(k.table)
	r, gone := reachOfKey(p, k)
	if gone {
		return
	}
	if r == nil {
		if !isNewHere(p, k.ref) {
			tellPart(p, k, p.Reportf(k.location, "%s; use ON DELETE RESTRICT unless they are a part of it", direct))
		}
		return
	}
	grave := r.cycle || len(r.deleted) > 3 && !r.staysNew() || len(r.unindexed) > 0
	if !grave && isNewHere(p, k.ref) {
		return
	}
	f := p.Reportf(k.location, "%s%s; use ON DELETE RESTRICT unless they are a part of it", direct, r.further(shortNames(p)))
	switch {
	case grave:
		f.Severity = lint.Warning
	case r.staysNew():
		tellPart(p, k, f)
	}
	r.measure(p, f)
}

// reachOfKey is what a DELETE reaches through a key that cascades, by the schema in the end;
// nil where that is not known.
func reachOfKey(p *lint.Pass, k foreignKey) (r *cascadeReach, gone bool) {
	schema, key, gone := storedKey(p, k)
	if gone || key == nil {
		return nil, gone
	}
	parent := schema.Table(key.RefTable)
	if parent == nil {
		return nil, true
	}
	r = reachOf(schema, parent, key)
	r.unindexed = slices.DeleteFunc(r.unindexed, func(ref lint.Reference) bool { return ref.Key == key || ref.From.New || addedKey(p, ref) })
	return r, false
}

// measure gives a finding the longest way of a DELETE, where there is more than what its
// message says: more than one step.
func (r *cascadeReach) measure(p *lint.Pass, f *lint.Finding) {
	if to, from := ownersOf(r.schema, r.from), r.longest(); len(to)+len(from) > 3 {
		p.Measured(f, "%s", chainEvidence(shortNames(p), to, from))
	}
}

// staysNew tells whether all that is behind the first table is new as well.
func (r *cascadeReach) staysNew() bool {
	isOld := func(ref lint.Reference) bool { return !ref.From.New }
	return !slices.ContainsFunc(r.deleted[1:], func(t *lint.Table) bool { return !t.New }) && !slices.ContainsFunc(r.emptied, isOld) && !slices.ContainsFunc(r.refused, isOld)
}

// isOwnKey tells whether the key of a new table is its primary key, too: a row that has its
// parent's number is a part of it.
func isOwnKey(p *lint.Pass, k foreignKey) bool {
	final := p.TableFinal(k.table)
	return isNewHere(p, k.table) && final != nil && sameColumns(lastNames(p, k.table, k.columns), final.PrimaryKey())
}

// tellPart has a finding about rows that belong to one row of another table told with the
// others of its kind: a new table whose key is NOT NULL.
func tellPart(p *lint.Pass, k foreignKey, f *lint.Finding) {
	isOptional := func(name string) bool {
		c := lastColumn(p, k.table, name)
		return c == nil || !c.NotNull
	}
	if isNewHere(p, k.table) && !slices.ContainsFunc(k.columns, isOptional) {
		p.TellTogether(f, "the same goes for new", tableName(k.table)+" of "+tableName(k.ref))
	}
}

// storedKey finds a key in the catalog as the review leaves it, else as the statement
// does; nil when the statement was not tried.
func storedKey(p *lint.Pass, k foreignKey) (s *lint.Schema, c *lint.Constraint, gone bool) {
	t, c, gone := finalKey(p, k)
	switch {
	case gone || !p.Tried():
		return nil, nil, gone
	case t == nil || t.Folded:
		return p.Effect().After, k.storedIn(p.CatalogAfter(k.table)), false
	}
	return p.FinalSchema(), c, false
}

// addedKey tells whether the review adds a key: foreign-key-unindexed then tells
// of its index.
func addedKey(p *lint.Pass, ref lint.Reference) bool {
	from := &pg.RangeVar{Schemaname: ref.From.Schema, Relname: ref.From.Name}
	for e := range p.Relation(from).Reviewed(p) {
		if c := constraintMade(e); c.kind == lint.ForeignKey && sameColumns(c.columns, ref.Key.Columns) {
			return true
		}
	}
	return false
}

// further says what happens behind the first table.
func (r *cascadeReach) further(short func(string) string) string {
	var text strings.Builder
	if len(r.deleted) > 1 {
		text.WriteString(" and from there in " + listed(tableNames(short, r.deleted[1:])))
	}
	if len(r.emptied) > 0 {
		text.WriteString(", empties " + listed(keyNames(short, r.emptied)))
	}
	if len(r.refused) > 0 {
		text.WriteString(", unless rows refuse it by " + listed(keyNames(short, r.refused)))
	}
	if r.cycle {
		text.WriteString("; the keys form a circle, so it can go on from row to row")
	}
	if len(r.unindexed) > 0 {
		text.WriteString("; without an index on " + listed(keyNames(short, r.unindexed)) + " the table is read in full for every deleted row")
	}
	return text.String()
}

func tableNames(short func(string) string, tables []*lint.Table) []string {
	var names []string
	for _, t := range tables {
		names = append(names, short(t.QName()))
	}
	return names
}

func keyNames(short func(string) string, refs []lint.Reference) []string {
	var names []string
	for _, ref := range refs {
		names = append(names, columnsOf(short(ref.From.QName()), ref.Key.Columns))
	}
	return names
}

// chainEvidence tells the longest way that leads through the key.
func chainEvidence(short func(string) string, to, from []*lint.Table) string {
	way := append(tableNames(short, to), tableNames(short, from[1:])...)
	return "one DELETE in " + way[0] + " goes " + strings.Join(way, " → ")
}

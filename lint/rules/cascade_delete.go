package rules

import (
	"slices"

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

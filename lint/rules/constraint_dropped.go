package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var constraintDropped = &lint.Rule{
	ID: "constraint-dropped", Group: lint.GroupDrop, Severity: lint.Warning,
	On:      facts.Dropped,
	Remains: true,
	Title:   "A constraint or unique index is dropped",
	Why: "From then on rows come in that it kept out, and it cannot be added again until they are gone. Without a `UNIQUE` constraint, unique index or primary key, `INSERT … ON CONFLICT (columns)` fails at once (`42P10`). " +
		"Without a foreign key, rows point at rows that do not exist, and deleting no longer cascades.\n\n" +
		"Not reported: a constraint that the same migration adds again, or replaces by one of its kind over the same columns; one whose table or columns it drops as well; a `CHECK (c IS NOT NULL)` that `SET NOT NULL` made superfluous. Where a key over fewer of its columns stands in the end, nothing new comes in, and `ON CONFLICT` alone is told, as a notice. A key that is made again under its name over more columns lets duplicates in.\n\n" +
		"https://www.postgresql.org/docs/current/sql-altertable.html",
	Fix: "Add what replaces it in the same migration, before the drop. When code uses `ON CONFLICT` on the columns, deploy code that does not first.",
	Check: func(p *lint.Pass) {
		for _, r := range removals(p, "table constraint") {
			if !isNewObject(p, r.Name) {
				checkConstraint(p, r)
			}
		}
		for _, r := range removals(p, "index") {
			if !isNewObject(p, r.Name) {
				checkUniqueIndex(p, r)
			}
		}
	},
}

func checkUniqueIndex(p *lint.Pass, r removal) {
	columns, table, ok := uniqueIndex(p, r)
	fact := constraintFact{table: table, name: r.Name.Name, kind: lint.Unique, columns: columns}
	switch {
	case !ok || columnsGo(p, fact):
	case p.MadeAgain(r.Name) != nil:
		reportWeakerAgain(p, r, "unique index "+r.String(), fact)
	default:
		reportUnique(p, r, "unique index "+r.String(), fact)
	}
}

func checkConstraint(p *lint.Pass, r removal) {
	fact := constraintOf(p, r.Relation(), r.Name.Name)
	if fact.kind.IsUnique() && p.MadeAgain(r.Name) != nil && !goesAnyway(p, r, fact) {
		reportWeakerAgain(p, r, constraintNoun(fact.kind)+" "+r.Name.Name+" on "+unqualified(p, tableName(r.Relation())), fact)
	}
	if fact.kind == lint.NotNullC || p.MadeAgain(r.Name) != nil || isReplaced(p, fact) || goesAnyway(p, r, fact) || isSuperfluous(p, fact) {
		return
	}
	name := fmt.Sprintf("%s %s on %s", constraintNounOr(fact.kind), r.Name.Name, unqualified(p, tableName(r.Relation())))
	switch fact.kind {
	case lint.ForeignKey:
		f := p.Reportf(r.location, "dropping %s lets %s hold values that %s does not have, and deleting there no longer reaches here; add what replaces it in this migration",
			name, columnsOf(unqualified(p, tableName(r.Relation())), fact.columns), unqualified(p, fact.ref))
		p.TellInSeries(f, "key", name+onlyIf(fact.ref != "", " (references "+unqualified(p, fact.ref)+")"))
	case lint.PrimaryKey, lint.Unique:
		reportUnique(p, r, name, fact)
	case lint.Check:
		f := p.Reportf(r.location, "dropping %s lets in rows that it kept out; it cannot be added again while such rows are there", name)
		f.Severity = lint.Notice
		p.TellInSeries(f, "lets in", name)
	default:
		p.Reportf(r.location, "dropping %s lets in rows that it kept out; it cannot be added again while such rows are there", name)
	}
}

func constraintNounOr(k lint.ConstraintKind) string {
	if k == "" {
		return "constraint"
	}
	return constraintNoun(k)
}

func reportUnique(p *lint.Pass, r removal, name string, fact constraintFact) {
	conflict := "ON CONFLICT on its columns"
	if len(fact.columns) > 0 && !slices.Contains(fact.columns, "") {
		conflict = "ON CONFLICT (" + writtenColumns(fact.columns) + ")"
	}
	if isReplacedButNull(p, fact) {
		p.Reportf(r.location, "a partial index takes the place of %s, so INSERT … %s fails from now on (42P10) unless it repeats the WHERE of the index; first deploy code without it", name, conflict)
		return
	}
	if hasStrongerKey(p, fact) {
		f := p.Reportf(r.location, "a key over fewer columns keeps out what %s did, but INSERT … %s fails from now on (42P10); first deploy code without it", name, conflict)
		f.Severity = lint.Notice
		return
	}
	p.Reportf(r.location, "dropping %s lets duplicates in, and INSERT … %s fails from now on (42P10); first deploy code without it", name, conflict)
}

// reportWeakerAgain is about a key that is made again under its name and keeps out less.
func reportWeakerAgain(p *lint.Pass, r removal, name string, fact constraintFact) {
	k := weakerAgain(p, fact, p.MadeAgain(r.Name))
	if k == nil {
		return
	}
	now, before := "over ("+writtenColumns(k.columns)+")"+onlyIf(k.partial, " with a WHERE"), writtenColumns(fact.columns)
	p.Reportf(r.location, "%s is made again %s, which lets in rows that are alike in (%s), and INSERT … ON CONFLICT (%s) fails from now on (42P10); first deploy code without it", name, now, before, before)
}

// isReplaced tells whether a constraint of the kind over the same columns, or a
// unique index for one, stands at the end. One of the same name is made again.
func isReplaced(p *lint.Pass, fact constraintFact) bool {
	t := p.TableFinal(fact.table)
	if t == nil {
		return false
	}
	fact.columns = lastNames(p, fact.table, fact.columns)
	var older map[string]bool
	if fact.kind == lint.Check {
		older = olderChecks(p, fact.table)
	}
	return slices.ContainsFunc(t.Constraints, func(c lint.Constraint) bool {
		return canReplace(c.Kind, c.Columns, fact) && !older[c.Name]
	}) || fact.kind.IsUnique() && slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Unique && !ix.Partial && sameColumns(ix.Columns, fact.columns)
	})
}

// isReplacedButNull tells whether a unique index that leaves out only NULL stands at the
// end: rows with a NULL never were duplicates.
func isReplacedButNull(p *lint.Pass, fact constraintFact) bool {
	t := p.TableFinal(fact.table)
	if t == nil || countsNulls(p, fact) {
		return false
	}
	columns := lastNames(p, fact.table, fact.columns)
	return slices.ContainsFunc(t.Indexes, func(ix lint.Index) bool {
		return ix.Unique && ix.Valid && ix.Partial && sameColumns(ix.Columns, columns) && slices.Contains(columns, columnNotNull(ix))
	})
}

// olderChecks are the names that the CHECKs of a table which were there before the
// review have in the end. They take the place of none that is dropped:
// CHECK (total < 1000) does not keep out what CHECK (total > 0) did.
func olderChecks(p *lint.Pass, table *pg.RangeVar) map[string]bool {
	older := map[string]bool{}
	for _, c := range p.Table(table).Constraints {
		last := p.FinalConstraint(table, c.Name)
		if c.Kind == lint.Check && last != nil && !isNewObject(p, facts.PartOf(facts.Constraint, table, c.Name)) {
			older[last.Name] = true
		}
	}
	return older
}

func canReplace(kind lint.ConstraintKind, columns []string, fact constraintFact) bool {
	if kind == "" || kind != fact.kind && !(kind.IsUnique() && fact.kind.IsUnique()) {
		return false
	}
	return kind == lint.Check && len(columns) == 0 || sameColumns(columns, fact.columns)
}

// goesAnyway tells whether the migration also drops the table, one of the
// constraint's columns, or the table it points at.
func goesAnyway(p *lint.Pass, r removal, fact constraintFact) bool {
	if fact.ref != "" {
		ref := facts.Identity(facts.Table, fact.ref)
		if p.Gone(ref).IsHere(p) || dropsKind(p.Object(ref).Here(p), facts.Table) {
			return true
		}
	}
	return columnsGo(p, constraintFact{table: r.Relation(), columns: fact.columns})
}

// columnsGo tells whether the migration also drops the table or one of the columns.
func columnsGo(p *lint.Pass, fact constraintFact) bool {
	return dropsKind(p.Relation(fact.table).Here(p), facts.Table) || slices.ContainsFunc(fact.columns, func(name string) bool {
		return dropsKind(p.Object(facts.PartOf(facts.Column, fact.table, name)).Here(p), facts.Column)
	})
}

// isSuperfluous tells whether the column's own NOT NULL does the constraint's
// work by now: the CHECK was there so that SET NOT NULL needs no scan.
// https://www.postgresql.org/docs/current/sql-altertable.html
func isSuperfluous(p *lint.Pass, fact constraintFact) bool {
	if fact.proves == "" {
		return false
	}
	before, final := p.Table(fact.table).Column(fact.proves), p.FinalColumn(fact.table, fact.proves)
	return before != nil && before.NotNull || final != nil && final.NotNull
}

// uniqueIndex tells whether a dropped index kept rows unique, and over which
// columns; without a server as far as the history says how it was made.
func uniqueIndex(p *lint.Pass, r removal) (columns []string, table *pg.RangeVar, unique bool) {
	if e := p.Effect(); e != nil && e.Before != nil {
		return catalogUnique(p, e.Before, r)
	}
	if made := p.Object(r.Name).Made(); made != nil {
		if index, is := made.Tree.(*pg.IndexStmt); is {
			return indexColumns(index), p.Object(r.Name).Table().Name(p).Relation(), index.Unique
		}
	}
	return nil, nil, false
}

func catalogUnique(p *lint.Pass, before *lint.Schema, r removal) (columns []string, table *pg.RangeVar, unique bool) {
	for _, t := range before.Tables {
		in := &pg.RangeVar{Schemaname: t.Schema, Relname: t.Name}
		for _, ix := range t.Indexes {
			name := facts.Name{Kind: facts.Index, Schema: t.Schema, Name: ix.Name}
			if p.Same(name, r.Name) && ix.Unique && !p.IsNew(in) {
				return ix.Columns, in, !isReplaced(p, constraintFact{table: in, name: ix.Name, kind: lint.Unique, columns: ix.Columns})
			}
		}
	}
	return nil, nil, false
}

package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// A wholeTable is a table all of whose rows a statement was seen to delete, or
// to update, without saying so in its own tree.
type wholeTable struct {
	name     string
	qname    string // "public.tasks"
	rows     int64
	location int32 // of the command that did it
}

// wholeTables returns the tables that lost all rows, or had all of them changed,
// to something that does not say which rows it means. Rows of a trial are few
// and alike: WHERE id > 0 takes them all, and says what it takes.
func wholeTables(p *lint.Pass, isDelete bool) []wholeTable {
	if !p.Tried() {
		return nil
	}
	var found []wholeTable
	for _, w := range p.Effect().Wrote {
		rows := w.Updated
		if isDelete {
			rows = w.Deleted
		}
		t := touchedTable{p, w.Table, w.Had, isDelete}
		if w.Had == 0 || rows < w.Had || t.saidAll() {
			continue
		}
		if location, yes := t.entirely(); yes {
			found = append(found, wholeTable{unqualified(p, w.Table), w.Table, w.Had, location})
		}
	}
	return found
}

// A touchedTable table lost or changed all rows in the trial.
type touchedTable struct {
	*lint.Pass
	table    string // "public.tasks"
	rows     int64  // it had
	isDelete bool
}

// saidAll tells whether the statement's own text has every row of the table
// changed, which is told without a trial.
func (t touchedTable) saidAll() bool {
	return slices.ContainsFunc(rowChanges(t.Pass), func(c rowChange) bool { return c.isDelete == t.isDelete && c.all() && t.isIt(c.table) })
}

// entirely looks for what did it among all that the statement runs: a command
// for all rows, or else, when no command for some of them explains it, one that
// nobody can read.
func (t touchedTable) entirely() (location int32, yes bool) {
	explained, unread := false, int32(-1)
	if t.lostOnTheWay() {
		return 0, true
	}
	for c := range commandsOf(t.Pass) {
		for _, s := range c.Statements {
			for _, change := range readRowChanges(t.Pass, s) {
				switch {
				case change.isDelete != t.isDelete:
				case t.isIt(change.table) && t.all(change):
					return c.placeOf(s, change.table), true
				case t.isIt(change.table):
					explained = true
				case t.isView(change.table) && change.all():
					unread = c.placeOf(s, change.table)
				}
			}
		}
		if unread < 0 && c.Open && !slices.ContainsFunc(c.Statements, func(s *lint.Statement) bool { return s.Node != nil }) {
			unread = c.location()
		}
	}
	return unread, unread >= 0 && !explained && !t.isPartition() && !t.hasNewColumn()
}

// lostOnTheWay tells whether the statement inserts fewer rows than it deletes:
// WITH moved AS (DELETE … RETURNING …) INSERT … moves them only if it takes all.
func (t touchedTable) lostOnTheWay() bool {
	target := t.Node().GetInsertStmt().GetRelation()
	after := t.CatalogAfter(target)
	if target == nil || after == nil || !t.isDelete {
		return false
	}
	deletes := false
	facts.Walk(t.Node(), func(n *pg.Node) bool {
		d := n.GetDeleteStmt()
		deletes = deletes || d != nil && len(d.UsingClause) == 0 && everyRow(d.WhereClause) && t.isIt(d.Relation)
		return true
	})
	var before int64
	if was := t.Table(target); was != nil {
		before = was.Rows
	}
	return deletes && after.Rows-before < t.rows
}

// isIt tells whether a name means the table, or can mean any.
func (t touchedTable) isIt(r *pg.RangeVar) bool {
	if r.GetRelname() == plpgsql.Placeholder {
		return true
	}
	_, name, _ := strings.Cut(t.table, ".")
	return catalogName(t.Pass, r) == t.table || r.GetSchemaname() == "" && r.GetRelname() == name
}

// isView tells whether a name means a view, whose rows are those of tables.
func (t touchedTable) isView(r *pg.RangeVar) bool {
	is := t.Table(r)
	return is != nil && is.Kind == lint.View
}

// all tells whether a change leaves out no row. An UPDATE that sets new columns
// takes no value away.
func (t touchedTable) all(c rowChange) bool {
	if !c.all() {
		return false
	}
	return t.isDelete || !c.fillsNewColumns(t.Pass) && !t.setsOnlyNew(c)
}

// setsOnlyNew tells whether an UPDATE sets only columns that the same statement
// adds.
func (t touchedTable) setsOnlyNew(c rowChange) bool {
	before, after := t.Table(t.relation()), t.CatalogAfter(t.relation())
	return len(c.columns) > 0 && after != nil && !slices.ContainsFunc(c.columns, func(name string) bool {
		return before.Column(name) != nil || after.Column(name) == nil
	})
}

// hasNewColumn tells whether the review added a column, which unread code is
// likely to fill.
func (t touchedTable) hasNewColumn() bool {
	after := t.CatalogAfter(t.relation())
	return !t.isDelete && after != nil && slices.ContainsFunc(after.Columns, func(c lint.Column) bool {
		return isNewObject(t.Pass, facts.PartOf(facts.Column, t.relation(), c.Name)) || t.Table(t.relation()).Column(c.Name) == nil
	})
}

// isPartition tells that the table's parent is told of.
func (t touchedTable) isPartition() bool {
	is := t.Table(t.relation())
	return is != nil && is.Partition
}

func (t touchedTable) relation() *pg.RangeVar {
	schema, name, _ := strings.Cut(t.table, ".")
	return &pg.RangeVar{Schemaname: schema, Relname: name}
}

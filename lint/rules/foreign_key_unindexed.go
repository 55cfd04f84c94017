package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyUnindexed = &lint.Rule{
	ID: "foreign-key-unindexed", Group: lint.GroupCascade, Severity: lint.Notice,
	On:    facts.Made,
	Title: "No index begins with the columns of a foreign key",
	Why: "PostgreSQL makes no index for the referencing side. Every `DELETE` in the referenced table, and every `UPDATE` of its key, looks for referencing rows; without an index it reads the whole table, once for each row, whatever the action. " +
		"A new table is small today; that is why this is said while the index costs nothing. An index that a later statement of the review adds counts, and so does one that leaves out only NULL, or begins with one column of a key of several.\n\n" +
		"A warning for `CASCADE`, `SET NULL` and `SET DEFAULT`, which say that rows of the referenced table are deleted.",
	Fix: "```sql\nCREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n```\n\nAn index that begins with a column of the key is enough: `(customer_id, created_at)`. When rows of the referenced table are never deleted, ignore it with that reason.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			checkUnindexed(p, k)
		}
	},
}

func checkUnindexed(p *lint.Pass, k foreignKey) {
	t, key, gone := finalKey(p, k)
	columns := k.columns
	if key != nil {
		columns = key.Columns // which may have other names in the end
	}
	if gone || t != nil && (isIndexed(t, columns) || copiesIndexes(p, k)) || refusedIndexServes(p, k) {
		return
	}
	concurrently := onlyIf(!isNewHere(p, k.table), "CONCURRENTLY ")
	f := p.Reportf(k.location, "no index begins with %s, so each DELETE in %s reads %s in full; CREATE INDEX %sON %s (%s)",
		k.side(), tableName(k.ref), tableName(k.table), concurrently, written(k.table), writtenColumns(k.columns))
	p.TellInSeries(f, "no index"+concurrently, k.side()+" to "+tableName(k.ref))
	if k.onDelete == lint.CascadeTo || k.onDelete == lint.SetNull || k.onDelete == lint.SetDefault {
		f.Severity = lint.Warning // rows of the referenced table are meant to be deleted
	}
}

// copiesIndexes tells whether the table of a key may have got indexes that its
// statements do not name, by LIKE or from its parent.
func copiesIndexes(p *lint.Pass, k foreignKey) bool {
	t := p.TableAfter(k.table)
	return t != nil && t.Partial && p.ObjectAfter(facts.Named(facts.Table, k.table)).Made() != nil
}

// refusedIndexServes tells whether the review makes an index for the key that only
// the trial's rows kept from being built.
func refusedIndexServes(p *lint.Pass, k foreignKey) bool {
	for e := range p.ObjectAfter(facts.Named(facts.Table, k.table)).Reviewed(p) {
		index, is := e.Tree.(*pg.IndexStmt)
		if effect := p.EffectOf(e.Statement); is && effect != nil && effect.Err != nil && effect.Err.SQLState == "23505" && slices.Contains(k.columns, indexColumns(index)[0]) {
			return true
		}
	}
	return false
}

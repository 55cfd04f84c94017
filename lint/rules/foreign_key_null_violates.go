package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

var foreignKeyNullViolates = &lint.Rule{
	ID: "foreign-key-null-violates", Group: lint.GroupCascade, Severity: lint.Error,
	Title: "ON DELETE SET NULL on a column that cannot be NULL",
	Why: "PostgreSQL accepts `ON DELETE SET NULL` on a `NOT NULL` column (or one of a primary key), and `SET DEFAULT` on one without a default. Every `DELETE` of a referenced row that has such rows then fails with 23502, and the message names a table that the `DELETE` does not mention. " +
		"The same happens when `NOT NULL` is added later to a column whose key says `SET NULL`.",
	Fix: "Decide which is meant: `ALTER COLUMN … DROP NOT NULL`, or `ON DELETE RESTRICT` (keep the parent), or `ON DELETE CASCADE` (the rows go too). In a key of several columns, `ON DELETE SET NULL (column)` (PostgreSQL 15) names those that may become NULL.",
	Check: func(p *lint.Pass) {
		for _, k := range foreignKeys(p, p.Statement) {
			checkEmptied(p, k)
		}
		for _, c := range alterCommands(p.Statement) {
			if c.Subtype == pg.AlterTableType_AT_SetNotNull {
				checkMadeNotNull(p, c)
			}
		}
	},
}

func checkEmptied(p *lint.Pass, k foreignKey) {
	if k.onDelete != lint.SetNull && k.onDelete != lint.SetDefault {
		return
	}
	if _, _, _, gone := catalogKey(p, k); gone {
		return
	}
	for _, name := range k.emptied() {
		c := columnState(p, k.table, name)
		if c.notNull && !(k.onDelete == lint.SetDefault && c.hasDefault) {
			p.Reportf(k.location, "deleting a row of %s will fail: ON DELETE %s, but %s.%s is NOT NULL%s; drop NOT NULL, or use RESTRICT or CASCADE",
				tableName(k.ref), k.onDelete, tableName(k.table), name, when(k.onDelete == lint.SetDefault, " and has no default"))
		}
	}
}

// columnState returns what a column is after the statement, as far as it stays
// so until the end of the review.
func columnState(p *lint.Pass, table *pg.RangeVar, name string) declared {
	d, _ := declaredColumn(andEarlier(p), table, name)
	if c := p.After(table).Column(name); c != nil {
		d.notNull, d.hasDefault = c.NotNull, c.Default != "" || c.Identity || c.Generated
	}
	if c := p.Final(table).Column(name); c != nil {
		d.notNull, d.hasDefault = d.notNull && c.NotNull, c.Default != "" || c.Identity || c.Generated
		return d
	}
	for _, later := range laterCommands(p, table) {
		if later.Subtype == pg.AlterTableType_AT_DropNotNull && later.Name == name {
			d.notNull = false
		}
	}
	return d
}

func checkMadeNotNull(p *lint.Pass, c alterCommand) {
	if final := p.Final(c.table).Column(c.Name); final != nil && !final.NotNull {
		return
	}
	for _, parent := range nullingParents(p, c) {
		p.Reportf(c.location, "deleting a row of %s will fail: its foreign key says ON DELETE SET NULL, but %s.%s becomes NOT NULL; change the key to RESTRICT or CASCADE first",
			parent, tableName(c.table), c.Name)
	}
}

// nullingParents returns the tables whose DELETE sets the column to NULL.
func nullingParents(p *lint.Pass, c alterCommand) []string {
	var parents []string
	if t := p.Table(c.table); t != nil {
		for _, key := range remaining(p, c.table, t.Constraints) {
			emptied := key.SetColumns
			if len(emptied) == 0 {
				emptied = key.Columns
			}
			if key.OnDelete == lint.SetNull && slices.Contains(emptied, c.Name) {
				parents = append(parents, unqualified(key.RefTable))
			}
		}
		return parents
	}
	gone := laterDropped(p, c.table)
	for _, k := range liveKeys(p, c.table) {
		if k.onDelete == lint.SetNull && slices.Contains(k.emptied(), c.Name) && !slices.Contains(gone, k.constraintName()) {
			parents = append(parents, tableName(k.ref))
		}
	}
	return parents
}

// remaining leaves out constraints that the rest of the review drops.
func remaining(p *lint.Pass, table *pg.RangeVar, constraints []lint.Constraint) []lint.Constraint {
	gone := laterDropped(p, table)
	return slices.DeleteFunc(slices.Clone(constraints), func(c lint.Constraint) bool { return slices.Contains(gone, c.Name) })
}

func laterDropped(p *lint.Pass, table *pg.RangeVar) []string {
	names := droppedConstraints(p.Statement, table)
	for s := range p.Later() {
		names = append(names, droppedConstraints(s, table)...)
	}
	return names
}

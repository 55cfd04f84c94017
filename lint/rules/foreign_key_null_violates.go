package rules

import (
	"fmt"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var foreignKeyNullViolates = &lint.Rule{
	ID: "foreign-key-null-violates", Group: lint.GroupCascade, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
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
	if _, _, gone := finalKey(p, k); gone {
		return
	}
	for _, name := range k.emptied() {
		if refusesEmptying(p, k, name) {
			p.Reportf(k.location, "deleting a row of %s will fail: ON DELETE %s, but %s.%s is NOT NULL%s; %s",
				tableName(k.ref), k.onDelete, tableName(k.table), name, onlyIf(k.onDelete == lint.SetDefault, " and has no default"), wayToEmpty(p, k))
		}
	}
}

// refusesEmptying tells whether a column of a key cannot take what its action sets
// it to.
func refusesEmptying(p *lint.Pass, k foreignKey, name string) bool {
	notNull, isFilled := columnState(p, k.table, name)
	return notNull && !(k.onDelete == lint.SetDefault && isFilled)
}

// wayToEmpty names the columns of a key that may become NULL where there are some
// beside the one that may not: ON DELETE SET NULL (owner_id).
func wayToEmpty(p *lint.Pass, k foreignKey) string {
	var may []string
	for _, name := range k.emptied() {
		if !refusesEmptying(p, k, name) {
			may = append(may, name)
		}
	}
	if len(may) == 0 {
		return "drop NOT NULL, or use RESTRICT or CASCADE"
	}
	return fmt.Sprintf("say ON DELETE %s (%s), which PostgreSQL knows from 15 on, or use RESTRICT or CASCADE", k.onDelete, writtenColumns(may))
}

// columnState returns what a column is after the statement, as far as it stays
// so until the end of the review.
func columnState(p *lint.Pass, table *pg.RangeVar, name string) (notNull, isFilled bool) {
	after, final := p.TableAfter(table).Column(name), p.FinalColumn(table, name)
	if final == nil {
		final = after
	}
	return after != nil && after.NotNull && final.NotNull, final.IsFilled()
}

func checkMadeNotNull(p *lint.Pass, c alterCommand) {
	if final := p.FinalColumn(c.table, c.Name); final != nil && !final.NotNull {
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
	t := p.Table(c.table)
	if t == nil {
		return nil
	}
	for _, key := range t.Constraints {
		emptied := key.SetColumns
		if len(emptied) == 0 {
			emptied = key.Columns
		}
		if key.Kind == lint.ForeignKey && key.OnDelete == lint.SetNull && slices.Contains(emptied, c.Name) && p.FinalConstraint(c.table, key.Name) != nil {
			parents = append(parents, unqualified(p, key.RefTable))
		}
	}
	return parents
}

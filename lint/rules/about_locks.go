package rules

import (
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// lockedInUse returns those of the tables that a statement locks strongly that
// existed before the migrations under review. What the server saw wins.
func lockedInUse(p *lint.Pass, s *lint.Statement) []*pg.RangeVar {
	var tables []*pg.RangeVar
	for _, f := range s.Facts() {
		if f.Verb&facts.Locked == 0 {
			continue
		}
		if r := f.Name.Relation(); r != nil && !isTemporaryHere(p, r) && !p.IsNew(r) && lockHappened(p.EffectOf(s), r) {
			tables = append(tables, r)
		}
	}
	return tables
}

// lockHappened tells whether the server did not show the opposite: IF EXISTS
// finds nothing, a table can be new.
func lockHappened(e *lint.Effect, r *pg.RangeVar) bool {
	if e == nil || e.Err != nil || e.Incomplete != "" {
		return true
	}
	t := e.Before.Find(r.Schemaname, r.Relname)
	return t != nil && !t.New
}

// readersLocked tells whether an earlier statement of the transaction keeps
// readers from a table: most forms of ALTER TABLE and DROP do.
func readersLocked(p *lint.Pass, table *pg.RangeVar) bool {
	for e := range p.Relation(table).Before(p) {
		if !e.IsInTransaction(p) {
			return false
		}
		if effect := p.EffectOf(e.Statement); effect != nil {
			if effect.LockOn(catalogName(p, table)).BlocksReads() {
				return true
			}
			continue
		}
		if locksReadersOf(p, e) {
			return true
		}
	}
	return false
}

// locksReadersOf tells whether an event is that of an ALTER TABLE which keeps readers from its
// table, and not from one that it references.
func locksReadersOf(p *lint.Pass, e lint.Event) bool {
	alter := e.Statement.Node.GetAlterTableStmt()
	return e.Verb&facts.Locked != 0 && p.Same(e.Name, facts.Named(facts.Table, alter.GetRelation())) && slices.ContainsFunc(tableCommands(e.Statement), locksReaders)
}

// locksReaders knows the common actions of ALTER TABLE that take
// ACCESS EXCLUSIVE.
func locksReaders(c *pg.AlterTableCmd) bool {
	switch c.Subtype {
	case pg.AlterTableType_AT_AddColumn, pg.AlterTableType_AT_DropColumn, pg.AlterTableType_AT_AlterColumnType, pg.AlterTableType_AT_ColumnDefault,
		pg.AlterTableType_AT_SetNotNull, pg.AlterTableType_AT_DropNotNull, pg.AlterTableType_AT_DropConstraint:
		return true
	case pg.AlterTableType_AT_AddConstraint:
		return c.GetDef().GetConstraint().GetContype() != pg.ConstrType_CONSTR_FOREIGN
	}
	return false
}

// isHeldFromReaders tells whether earlier statements of the transaction keep readers from a table.
func isHeldFromReaders(p *lint.Pass, table *pg.RangeVar) bool {
	return slices.ContainsFunc(p.Held(), func(h lint.HeldTable) bool {
		return h.BlocksReads() && p.Same(h.Name, facts.Named(facts.Table, table))
	})
}

// othersHeld says which other tables nobody can read while a statement works on some: behind
// ADD COLUMN of project, building an index of another table keeps project locked until it is
// done. The prefix leads to them; "" for none.
func othersHeld(p *lint.Pass, prefix string, worked ...*pg.RangeVar) string {
	var names []string
	for _, h := range p.Held() {
		isWorked := func(r *pg.RangeVar) bool { return r != nil && p.Same(h.Name, facts.Named(facts.Table, r)) }
		if h.BlocksReads() && !slices.ContainsFunc(worked, isWorked) {
			names = append(names, tableName(h.Name.Relation()))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return prefix + names[0] + ", which an earlier statement locked"
	}
	names = firstOf(names)
	last := len(names) - 1
	return prefix + strings.Join(names[:last], ", ") + " or " + names[last] + ", which earlier statements locked"
}

// enclosed puts a comma behind words that begin with one, in the middle of a sentence.
func enclosed(words string) string { return onlyIf(words != "", words+",") }

// firstOf returns the first three names, and how many more there are.
func firstOf(names []string) []string {
	if more := len(names) - manyTables; more > 0 {
		return append(names[:manyTables:manyTables], fmt.Sprintf("%d more", more))
	}
	return names
}

// manyTables is the number of tables that are worth telling of: two are often
// a table and the one it references.
const manyTables = 3

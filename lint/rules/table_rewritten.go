package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/newer"
)

var tableRewritten = &lint.Rule{
	ID: "table-rewritten", Group: lint.GroupLock, Severity: lint.Error,
	On:    facts.Changed | facts.Rebuilt,
	Title: "A table is written again while nobody can read it",
	Why: "Some statements copy every row into a new file and build every index again, holding `ACCESS EXCLUSIVE` for as long as that takes; the table needs its size again on the disk meanwhile. " +
		"`VACUUM FULL`, `CLUSTER`, `SET TABLESPACE`, `SET ACCESS METHOD`, `SET LOGGED` and `SET UNLOGGED` do. " +
		"On a server it is also seen when it happens inside a `DO` block or a function. Changes of a type, defaults, columns of domains and materialized views have rules of their own.",
	Fix:    "`VACUUM FULL` and `CLUSTER`: `REPACK (CONCURRENTLY)` since PostgreSQL 19, before that let pg_repack or pg_squeeze do it, outside of migrations. Else fill a new table in batches and change places.",
	Scales: true,
	Check: func(p *lint.Pass) {
		if p.Tried() && (p.Effect().Incomplete == "" || len(p.Effect().Rewritten) > 0) {
			checkRewritten(p)
			return
		}
		what, table := rewriteOf(p)
		if what != "" && !p.IsNew(table) && !facts.IsTemporary(table) {
			p.Reportf(table.GetLocation(), "%s while nobody can read or write it; %s", what, rewriteWay(p))
		}
	},
}

// checkRewritten tells what the server did, whichever statement did it.
func checkRewritten(p *lint.Pass) {
	e := p.Effect()
	tables := slices.DeleteFunc(slices.Clone(e.Rewritten), func(name string) bool { return isIndex(e, name) })
	if len(tables) == 0 || rewriteKnown(p) {
		return
	}
	f := p.Reportf(0, "%s is written again while nobody can read or write it; %s", strings.Join(unqualifiedAll(p, tables), ", "), rewriteWay(p))
	if len(tables) == 1 {
		p.UnderLock(f, lint.Work{Kind: lint.WorkRewrite, Table: facts.Identity(facts.Table, tables[0]).Relation(), What: "rewrite of " + unqualified(p, tables[0])})
	}
	p.Measured(f, "%s", e)
}

// rewriteKnown tells whether another rule says why the table is rewritten, or
// emptying it is what the statement is for.
func rewriteKnown(p *lint.Pass) bool {
	if p.Node().GetTruncateStmt() != nil || p.Node().GetRefreshMatViewStmt() != nil {
		return true
	}
	for _, c := range alterCommands(p.Statement) {
		if c.Subtype == pg.AlterTableType_AT_AlterColumnType {
			return true
		}
	}
	for _, c := range columns(p) {
		if c.form == columnAdded && (c.expr != nil || c.serial() || c.identity() || c.generated() || ofCheckedDomain(p, c)) {
			return true
		}
	}
	return false
}

// rewriteOf says what PostgreSQL rewrites by its documented rules, "" for
// statements that rewrite nothing or about which nobody knows.
func rewriteOf(p *lint.Pass) (what string, table *pg.RangeVar) {
	switch n := p.Node().GetNode().(type) {
	case *pg.Node_VacuumStmt:
		if p.Statement.HasNewer(newer.Repack) {
			return fullRewrite("REPACK", n.VacuumStmt)
		}
		return fullRewrite("VACUUM FULL", n.VacuumStmt)
	case *pg.Node_ClusterStmt:
		if n.ClusterStmt.Relation == nil {
			return "CLUSTER writes every clustered table again", nil
		}
		return "CLUSTER writes " + tableName(n.ClusterStmt.Relation) + " again", n.ClusterStmt.Relation
	}
	for _, c := range alterCommands(p.Statement) {
		if setting := storageSettings[c.Subtype]; setting != "" {
			return setting + " writes " + tableName(c.table) + " again", c.table
		}
		if what := movedRows(p, c); what != "" {
			return what, c.table
		}
	}
	return "", nil
}

var storageSettings = map[pg.AlterTableType]string{
	pg.AlterTableType_AT_SetUnLogged:     "SET UNLOGGED",
	pg.AlterTableType_AT_SetTableSpace:   "SET TABLESPACE",
	pg.AlterTableType_AT_SetAccessMethod: "SET ACCESS METHOD",
}

// fullRewrite is about VACUUM FULL and REPACK, of which the tree has the same.
func fullRewrite(command string, s *pg.VacuumStmt) (string, *pg.RangeVar) {
	if !s.IsVacuumcmd || !facts.HasOption(s.Options, "full") {
		return "", nil
	}
	if len(s.Rels) == 0 {
		return command + " writes every table of the database again", nil
	}
	table := s.Rels[0].GetVacuumRelation().GetRelation()
	return command + " writes " + tableName(table) + " again", table
}

// movedRows is about actions that PostgreSQL 16 has not. SET EXPRESSION computes stored columns anew and
// leaves virtual ones to be; SPLIT and MERGE PARTITION move every row into new tables.
// https://www.postgresql.org/docs/17/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-EXPRESSION
// https://www.postgresql.org/docs/19/sql-altertable.html
func movedRows(p *lint.Pass, c alterCommand) string {
	switch c.Subtype {
	case facts.AlterSetExpression:
		if known := p.Table(c.table).Column(c.Name); known != nil && known.Virtual {
			return ""
		}
		return "SET EXPRESSION of " + tableName(c.table) + "." + c.Name + ", if it is STORED, writes " + tableName(c.table) + " again"
	case facts.AlterSplitPartition:
		return "SPLIT PARTITION moves the rows of " + tableName(c.GetDef().GetRangeVar()) + " into new tables under the lock of " + tableName(c.table)
	case facts.AlterMergePartitions:
		return "MERGE PARTITIONS moves the rows into " + tableName(c.GetDef().GetRangeVar()) + " under the lock of " + tableName(c.table)
	}
	return ""
}

func rewriteWay(p *lint.Pass) string {
	switch p.Node().GetNode().(type) {
	case *pg.Node_VacuumStmt, *pg.Node_ClusterStmt:
		if p.Postgres() >= newer.Repack.Since() || p.Statement.HasNewer(newer.Repack) {
			return "use REPACK (CONCURRENTLY), outside of a transaction"
		}
		return "use pg_repack, outside of migrations"
	}
	return "fill a new table in batches and change places, or do it while nobody needs it"
}

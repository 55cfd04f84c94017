package rules

import (
	"iter"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var statisticsWithoutAnalyze = &lint.Rule{
	ID: "statistics-without-analyze", Group: lint.GroupData, Severity: lint.Notice,
	On:    facts.Made | facts.Changed,
	Title: "New statistics are empty until ANALYZE",
	Why: "`CREATE STATISTICS` and `ALTER COLUMN … SET STATISTICS` say what to collect. Nothing is collected before `ANALYZE` has run, which autovacuum does only when enough rows have changed: on a quiet table, never.\n\n" +
		"https://www.postgresql.org/docs/current/sql-createstatistics.html",
	Fix: "Add `ANALYZE orders;` to the migration. It lets reads and writes go on, and may run in a transaction.",
	Check: func(p *lint.Pass) {
		for _, r := range statisticsOf(p) {
			if !p.IsNew(r) && !analysedLater(p, r) {
				p.Reportf(0, "the new statistics of %s are empty until it is analysed, which may be never; add ANALYZE %s", tableName(r), written(r))
			}
		}
	},
}

// statisticsOf returns the tables of which a statement wants other statistics.
func statisticsOf(p *lint.Pass) []*pg.RangeVar {
	if s := p.Node().GetCreateStatsStmt(); s != nil {
		return rangeVars(s.Relations)
	}
	for _, c := range tableCommands(p.Statement) {
		if c.Subtype == pg.AlterTableType_AT_SetStatistics {
			return []*pg.RangeVar{p.Node().GetAlterTableStmt().Relation}
		}
	}
	return nil
}

func analysedLater(p *lint.Pass, table *pg.RangeVar) bool {
	return isAnalysed(p.Relation(table).After(p)) || isAnalysed(p.ObjectAfter(facts.AllTables).After(p))
}

func isAnalysed(events iter.Seq[lint.Event]) bool {
	for e := range events {
		if e.Verb&facts.Analysed != 0 {
			return true
		}
	}
	return false
}

package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var catalogWritten = &lint.Rule{
	ID: "catalog-written", Group: lint.GroupData, Severity: lint.Error,
	On:    facts.Querying,
	Title: "Rows of PostgreSQL's own catalog are written by hand",
	Why: "What `pg_index`, `pg_class` or `pg_attribute` say has to agree with files on disk, with other catalogs and with what sessions have in memory; nothing checks it when rows are written by hand. " +
		"An index that is switched off with `indisready = false` misses every row written meanwhile, and answers queries wrongly when it is switched on again. " +
		"Only a superuser may, and managed services have none: `42501`.\n\n" +
		"https://www.postgresql.org/docs/current/catalogs-overview.html",
	Fix: "Say it in DDL: `DROP INDEX CONCURRENTLY` and `CREATE INDEX CONCURRENTLY` instead of `indisready`, `ALTER TABLE … ADD CONSTRAINT … NOT VALID` instead of `convalidated`, `ALTER TYPE … ADD VALUE` instead of rows of `pg_enum`.",
	Check: func(p *lint.Pass) {
		for _, c := range catalogWrites(p.Node()) {
			p.Reportf(c.Location, "%s is PostgreSQL's own catalog, and nothing checks what is written into it by hand; say it in DDL", tableName(c))
		}
	},
}

// catalogWrites are the catalogs that a query writes rows of, itself or in its WITH.
func catalogWrites(query *pg.Node) (all []*pg.RangeVar) {
	if table := query.GetInsertStmt().GetRelation(); isCatalog(table) {
		all = append(all, table)
	}
	if table := query.GetMergeStmt().GetRelation(); isCatalog(table) {
		all = append(all, table)
	}
	for _, c := range rowChangesIn(query) {
		if isCatalog(c.table) {
			all = append(all, c.table)
		}
	}
	return all
}

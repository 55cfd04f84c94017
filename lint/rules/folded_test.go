package rules_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// storedTables are the tables of a database, each on one line as foldedTable
// writes them. PostgreSQL 18 makes a constraint of every NOT NULL: that of a column
// with a name of its own is compared as well, and one that is NOT VALID proves nothing.
const storedTables = `
SELECT n.nspname || '.' || t.relname || ': ' || concat_ws(' ',
  (SELECT string_agg(attname || CASE WHEN attnotnull AND NOT EXISTS (SELECT FROM pg_constraint
            WHERE conrelid = t.oid AND contype = 'n' AND conkey = ARRAY[attnum] AND NOT convalidated) THEN '!' ELSE '' END, ' ' ORDER BY attname COLLATE "C")
     FROM pg_attribute a WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped),
  (SELECT string_agg(format('%s(%s)%s', conname,
            (SELECT string_agg(attname, ',' ORDER BY k.n) FROM unnest(conkey) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum),
            CASE WHEN convalidated THEN '' ELSE '?' END), ' ' ORDER BY conname COLLATE "C")
     FROM pg_constraint c WHERE conrelid = t.oid AND (contype IN ('p', 'u', 'c', 'f', 'x') OR contype = 'n' AND conname !~ '_not_null\d*$')),
  (SELECT string_agg(format('[%s%s]', i.relname, CASE WHEN indisunique THEN ' unique' ELSE '' END), ' ' ORDER BY i.relname COLLATE "C")
     FROM pg_index x JOIN pg_class i ON i.oid = indexrelid WHERE indrelid = t.oid))
FROM pg_class t JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'`

// What SQL says of tables is what PostgreSQL has of them then: names that it
// chooses, what goes with a column, what moves with a table. The SQL is that of all
// cases of rules; a table of which it does not say all is left out.
func TestFoldedTablesAreThoseOfPostgreSQL(t *testing.T) {
	server := postgrestest.Start(t)
	conn, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Superuser, postgrestest.Database(t, server)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	compared := 0
	for _, c := range loadCases(t) {
		if c.major > server.Major() || saysTooLittle[c.rule+"/"+c.name] != "" {
			continue
		}
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			ran, lines := c.storedTables(t, conn)
			for _, line := range lines {
				name, _, _ := strings.Cut(line, ": ")
				if folded := foldedTable(ran, name); folded != "" {
					compared++
					if folded != line {
						t.Errorf("\n     read %s\nPostgreSQL %s", folded, line)
					}
				}
			}
		})
	}
	if compared < 1000 {
		t.Errorf("only %d tables were compared", compared)
	}
}

// saysTooLittle are cases in which text does not say what goes.
var saysTooLittle = map[string]string{
	"column-dropped/bad-swapped":    "CASCADE takes a generated column",
	"constraint-scans/bad-function": "a function adds a constraint",
	"drop-cascades/bad-type":        "CASCADE takes the columns of a type",
	"type-dropped/bad-cascade":      "CASCADE takes the columns of a type",
}

// storedTables runs a case, in a transaction that is rolled back, up to the first
// statement that the server refuses, that cannot be in one, or whose text says nothing. It returns what ran,
// and the tables then.
func (c ruleCase) storedTables(t *testing.T, conn *pgx.Conn) (ran []*lint.Migration, lines []string) {
	t.Helper()
	must(t, conn, "BEGIN; SET LOCAL statement_timeout = '5s'")
	defer must(t, conn, "DISCARD ALL")
	defer must(t, conn, "ROLLBACK")
	for _, m := range slices.Concat(c.base, c.new) {
		for _, s := range m.Statements() {
			isCode := s.Node == nil || s.Node.GetDoStmt() != nil || s.Node.GetCallStmt() != nil
			if leavesTransaction(s) || isCode || !runs(t, conn, s.SQL) {
				return ran, queryLines(t, conn, storedTables)
			}
			ran = append(ran, migration(fmt.Sprintf("ran%03d.sql", len(ran)), s.SQL))
		}
	}
	return ran, queryLines(t, conn, storedTables)
}

// runs tells whether the server takes a statement; one that it refuses leaves
// nothing behind.
func runs(t *testing.T, conn *pgx.Conn, sql string) bool {
	t.Helper()
	must(t, conn, "SAVEPOINT before")
	if _, err := conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		must(t, conn, "ROLLBACK TO before")
		return false
	}
	return true
}

func queryLines(t *testing.T, conn *pgx.Conn, query string) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), query, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// foldedTable is what rules see of a table of the base; "" where the text does not
// say all.
func foldedTable(base []*lint.Migration, qname string) (line string) {
	schema, name, _ := strings.Cut(qname, ".")
	r := &lint.Rule{ID: "r", Severity: lint.Notice, Check: func(p *lint.Pass) {
		if t := p.Table(&pg.RangeVar{Schemaname: schema, Relname: name}); t != nil && !t.Partial {
			line = foldedLine(t)
		}
	}}
	review := migration("review.sql", fmt.Sprintf("SELECT FROM %s.%s", quote.Name(schema), quote.Name(name)))
	lint.Run([]*lint.History{{Base: base, New: []*lint.Migration{review}}}, nil, lint.Options{Rules: []*lint.Rule{r}})
	return line
}

func foldedLine(t *lint.Table) string {
	var columns, constraints, indexes []string
	for _, c := range t.Columns {
		columns = append(columns, c.Name+mark(c.NotNull, "!"))
	}
	for _, c := range t.Constraints {
		constraints = append(constraints, fmt.Sprintf("%s(%s)%s", c.Name, strings.Join(c.Columns, ","), mark(!c.Valid, "?")))
	}
	for _, ix := range t.Indexes {
		indexes = append(indexes, fmt.Sprintf("[%s%s]", ix.Name, mark(ix.Unique, " unique")))
	}
	slices.Sort(columns)
	slices.Sort(constraints)
	slices.Sort(indexes)
	parts := slices.Concat(columns, constraints, indexes)
	return t.QName() + ": " + strings.Join(parts, " ")
}

func mark(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

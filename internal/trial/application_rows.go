package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/rules"
)

// A migration may count on rows that only the application writes: it takes the id of
// the role admin from a table, or raises where a setting is not there. In a database that
// holds what migrations wrote it fails, and in production it may well pass.

// wantsRows reports what is refused for want of such a row: the statement reads tables of
// the base that hold none.
func (t *trial) wantsRows(ctx context.Context, database string, r *session.Refused) (bool, error) {
	if r.Statement == nil || !failsWithoutRow(r.Err.SQLState) || isWrittenNull(r) {
		return false, nil
	}
	empty, err := t.emptyTables(ctx, database, readTables(r))
	if err != nil || len(empty) == 0 {
		return false, err
	}
	tables := strings.Join(empty, ", ")
	message := fmt.Sprintf("this fails where %s holds no row that it looks for, as in a database with nothing but what migrations wrote: %s; have the migration insert the row first, or INSERT … SELECT from %s, which adds nothing where there is none",
		tables, r.Err.Message, tables)
	if r.Err.SQLState == raised {
		message = fmt.Sprintf("this raises by itself where %s holds no row that it looks for, as in a database with nothing but what migrations wrote: %s; let it pass where the table is empty, or no new database gets past it",
			tables, r.Err.Message)
	}
	f := findingAt(r, rules.MayFailOnRows, message)
	f.Evidence = fmt.Sprintf("refused by PostgreSQL %s without any rows added: %s", t.Server.Version(), describeRefusal(r.Err))
	t.report(f)
	t.notOurs(r, fmt.Sprintf("%s was not run to its end: it needs rows of %s that only the application writes, so what is behind it was not tried as %s runs it", r.Migration.Name, tables, t.Source.Tool))
	return true, nil
}

const raised = "P0001"

// failsWithoutRow tells the SQLSTATEs of what a query that finds no row leads to: NULL
// where none may be, a key of nothing, RAISE, and SELECT … INTO STRICT.
func failsWithoutRow(state string) bool {
	switch state {
	case "23502", "23503", raised, "P0002", "22004":
		return true
	}
	return false
}

// nullIn is the column and the table that a refused NULL was for.
var nullIn = lazyregexp.New(`^null value in column "(.+)" of relation "(.+)" violates not-null constraint$`)

// isWrittenNull reports whether the NULL that is refused stands in the INSERT, or the
// column is left out there: no row of any table would change that.
func isWrittenNull(r *session.Refused) bool {
	m := nullIn.FindStringSubmatch(r.Err.Message)
	if r.Err.SQLState != "23502" || m == nil {
		return false
	}
	written, inserts := 0, 0
	for _, s := range withBodies([]*lint.Statement{r.Statement}) {
		if insert := s.Node.GetInsertStmt(); insert != nil && insert.Relation.GetRelname() == m[2] {
			inserts++
			if writesNull(insert, m[1]) {
				written++
			}
		}
	}
	return inserts > 0 && written == inserts
}

// writesNull reports whether an INSERT gives a column nothing but what it says itself.
func writesNull(s *pg.InsertStmt, column string) bool {
	at := slices.IndexFunc(s.Cols, func(n *pg.Node) bool { return n.GetResTarget().GetName() == column })
	if len(s.Cols) == 0 || s.SelectStmt == nil {
		return s.SelectStmt == nil
	}
	if at < 0 {
		return true
	}
	query := s.SelectStmt.GetSelectStmt()
	for _, row := range query.GetValuesLists() {
		if items := row.GetList().GetItems(); at < len(items) && isNullConst(items[at]) {
			return true
		}
	}
	return at < len(query.GetTargetList()) && isNullConst(query.TargetList[at].GetResTarget().GetVal())
}

// isNullConst matches NULL and NULL::text.
func isNullConst(n *pg.Node) bool {
	if cast := n.GetTypeCast(); cast != nil {
		return isNullConst(cast.Arg)
	}
	return n.GetAConst().GetIsnull()
}

var notPresent = lazyregexp.New(`is not present in table "(.+)"`)

// readTables are the tables from which a statement selects, also in the bodies that
// it runs, and the one that a foreign key finds nothing in.
func readTables(r *session.Refused) []*pg.RangeVar {
	var all []*pg.RangeVar
	if m := notPresent.FindStringSubmatch(r.Err.Detail); m != nil {
		all = append(all, &pg.RangeVar{Relname: m[1]})
	}
	for _, s := range withBodies([]*lint.Statement{r.Statement}) {
		facts.WalkMessages(s.Node, func(m proto.Message) bool {
			if selected, ok := m.(*pg.SelectStmt); ok {
				for _, from := range selected.FromClause {
					all = append(all, rangeVarsIn(from)...)
				}
			}
			return true
		})
	}
	return slices.DeleteFunc(all, isOfSystem)
}

// isOfSystem tells PostgreSQL's own catalogs: no application writes their rows.
func isOfSystem(table *pg.RangeVar) bool {
	return isSystemSchema(table.Schemaname) || table.Schemaname == "" && strings.HasPrefix(table.Relname, "pg_")
}

func rangeVarsIn(n *pg.Node) (found []*pg.RangeVar) {
	facts.WalkMessages(n, func(m proto.Message) bool {
		if table, ok := m.(*pg.RangeVar); ok {
			found = append(found, table)
		}
		return true
	})
	return found
}

// emptyTables returns those that are tables of the database and hold no row.
func (t *trial) emptyTables(ctx context.Context, database string, tables []*pg.RangeVar) ([]string, error) {
	path, err := t.toolPath(ctx, database)
	if err != nil {
		return nil, err
	}
	var empty []string
	seen := map[string]bool{}
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		for _, table := range tables {
			name := strings.TrimPrefix(table.Schemaname+"."+table.Relname, ".")
			if seen[name] || name == t.historyTable() {
				continue
			}
			seen[name] = true
			none, err := isEmpty(ctx, conn, table, path)
			if err != nil {
				return fmt.Errorf("look for rows of %s: %w", name, err)
			}
			if none {
				empty = append(empty, name)
			}
		}
		return nil
	})
	return empty, err
}

// isEmpty looks into the first table of the name in the path. It is false for what is no
// table: a view may run anything.
func isEmpty(ctx context.Context, conn *pgx.Conn, table *pg.RangeVar, path []string) (bool, error) {
	if table.Schemaname != "" {
		path = []string{table.Schemaname}
	}
	for _, schema := range path {
		name := quote.Name(schema) + "." + quote.Name(table.Relname)
		var isTable, filled bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($1) AND relkind IN ('r', 'p'))", name.ForServer()).Scan(&isTable)
		if err != nil || !isTable {
			if err != nil {
				return false, err
			}
			continue
		}
		err = conn.QueryRow(ctx, ("SELECT EXISTS (SELECT FROM " + name + ")").ForServer()).Scan(&filled)
		return !filled, err
	}
	return false, nil
}

package schema

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
)

//go:embed sql
var queryFiles embed.FS

// readerSettings make the server write definitions in one way, whatever the session
// or the database is set to: names are looked up in, and left unqualified for,
// pg_catalog alone, where no user's object is.
// https://www.postgresql.org/docs/current/functions-info.html
const readerSettings = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = pg_catalog, pg_temp;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL standard_conforming_strings = on;
SET LOCAL quote_all_identifiers = off;
SET LOCAL DateStyle = 'ISO, YMD';
SET LOCAL IntervalStyle = 'postgres';
SET LOCAL TimeZone = 'UTC';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL xmlbinary = 'base64';
SET LOCAL statement_timeout = 0;
SET LOCAL jit = off`

// Read reads the schema of the database that conn is connected to, in one
// snapshot. exclude are tables to leave out with all that is theirs,
// "schema.name" unquoted. The session must not be in a transaction.
func Read(ctx context.Context, conn *pgx.Conn, exclude ...string) (*Schema, error) {
	if conn.PgConn().TxStatus() != 'I' {
		return nil, fmt.Errorf("read the schema: the session is in a transaction")
	}
	if _, err := conn.PgConn().Exec(ctx, readerSettings).ReadAll(); err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s, err := readSchema(ctx, conn, append([]string{}, exclude...))
	if _, end := conn.PgConn().Exec(ctx, "ROLLBACK").ReadAll(); err == nil {
		err = end
	}
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s.sort()
	return s, nil
}

func (s *Schema) sort() {
	slices.SortFunc(s.Objects, func(a, b Object) int { return a.key().compare(b.key()) })
}

func readSchema(ctx context.Context, conn *pgx.Conn, exclude []string) (*Schema, error) {
	common, err := queryFiles.ReadFile("sql/common.sql")
	if err != nil {
		return nil, err
	}
	files, err := fs.Glob(queryFiles, "sql/*.sql")
	if err != nil {
		return nil, err
	}
	s := &Schema{}
	for _, file := range files {
		if file == "sql/common.sql" {
			continue
		}
		text, err := queryFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := s.add(ctx, conn, ownSQL(common)+ownSQL(text), exclude); err != nil {
			return nil, fmt.Errorf("%s: %w", strings.TrimPrefix(file, "sql/"), err)
		}
	}
	return s, nil
}

// ownSQL is a file of migvet.
func ownSQL(file []byte) quote.SQL { return quote.SQL(file) }

// add runs one query. All have the same columns.
func (s *Schema) add(ctx context.Context, conn *pgx.Conn, query quote.SQL, exclude []string) error {
	rows, err := conn.Query(ctx, query.ForServer(), pgx.QueryExecModeExec, exclude)
	if err != nil {
		return err
	}
	var o Object
	var properties string
	_, err = pgx.ForEachRow(rows, []any{&o.Kind, &o.Schema, &o.Relation, &o.Name, &o.id, &o.Inherited, &o.Columns, &o.References, &properties}, func() error {
		next := o
		next.Properties, err = decodeProperties(properties)
		s.Objects = append(s.Objects, next)
		o.Columns = nil
		return err
	})
	return err
}

// decodeProperties reads [["name", "value" or null], …].
func decodeProperties(text string) ([]Property, error) {
	var raw [][2]*string
	if err := json.Unmarshal([]byte(text), &raw); err != nil {
		return nil, err
	}
	var list []Property
	for _, p := range raw {
		if p[1] != nil && *p[1] != "" {
			list = append(list, Property{*p[0], *p[1]})
		}
	}
	return list, nil
}

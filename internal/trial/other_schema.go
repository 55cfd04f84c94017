package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/yamltext"
)

// holders are the schemas that hold an object of a name.
var holders = map[string]quote.SQL{
	"relation": "SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relname = ",
	"type":     "SELECT n.nspname::text FROM pg_catalog.pg_type c JOIN pg_catalog.pg_namespace n ON n.oid = c.typnamespace WHERE c.typname = ",
	"function": "SELECT DISTINCT n.nspname::text FROM pg_catalog.pg_proc c JOIN pg_catalog.pg_namespace n ON n.oid = c.pronamespace WHERE c.proname = ",
}

// pathLack is about a name without a schema that one schema alone has: production's
// sessions may have it in their search_path.
func (t *trial) pathLack(ctx context.Context, database string, o object) (string, error) {
	query := holders[o.kind]
	if query == "" {
		return "", nil
	}
	if o.schema != "" {
		return t.firstSchemaLack(ctx, database, o)
	}
	found, err := t.schemasWith(ctx, database, query+quote.Text(o.name))
	if err != nil {
		return "", fmt.Errorf("look for %s in other schemas: %w", o.name, err)
	}
	if len(found) != 1 || platformSchemas[found[0]] != nil || schemasOf[found[0]] != "" || strings.HasPrefix(found[0], "pg_") || found[0] == "information_schema" {
		return "", nil
	}
	path := t.Environment.SearchPath
	if len(path) == 0 {
		path = []string{"public"}
	}
	if slices.Contains(path, found[0]) {
		return "", nil
	}
	return fmt.Sprintf("%s %q does not exist in the search_path, and %s.%s is the only one; if production's sessions look there, write search-path: %s in .migvet.yml",
		o.kind, o.name, found[0], o.name, yamltext.List(append([]string{found[0]}, path...))), nil
}

func (t *trial) schemasWith(ctx context.Context, database string, query quote.SQL) (found []string, err error) {
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) (err error) {
		found, err = namesOf(ctx, conn, query)
		return err
	})
	return found, err
}

// firstSchemaLack is about live.song in a schema where nothing is, of which public has a
// song: production's sessions may begin with the schema, so that CREATE TABLE song made it
// there.
func (t *trial) firstSchemaLack(ctx context.Context, database string, o object) (string, error) {
	path := t.Environment.SearchPath
	if len(path) == 0 {
		path = []string{"public"}
	}
	if o.kind != "relation" || slices.Contains(path, o.schema) {
		return "", nil
	}
	const holds = "SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
	others, err := t.schemasWith(ctx, database, holds+quote.Text(o.schema)+" LIMIT 1")
	if err != nil || len(others) > 0 {
		return "", err
	}
	found, err := t.schemasWith(ctx, database, holders[o.kind]+quote.Text(o.name))
	if err != nil || !slices.Contains(found, path[0]) {
		return "", err
	}
	return fmt.Sprintf("%s %s.%s does not exist, no migration puts anything into schema %s, and %s.%s is there; if production's sessions begin with %s, write search-path: %s in .migvet.yml",
		o.kind, o.schema, o.name, o.schema, path[0], o.name, o.schema, yamltext.List(append([]string{o.schema}, path...))), nil
}

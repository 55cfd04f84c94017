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
	if query == "" || o.schema != "" {
		return "", nil
	}
	var found []string
	err := t.asSuperuser(ctx, database, func(conn *pgx.Conn) (err error) {
		found, err = namesOf(ctx, conn, query+quote.Text(o.name))
		return err
	})
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

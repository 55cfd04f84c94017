package trial

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// baselineLack is about what no migration makes where all of history is tried: many
// histories begin on a database that JPA, an ORM or a dump has made. What is new on top of
// a base that applies is to blame itself.
func (t *trial) baselineLack(ctx context.Context, at string, o object, r *session.Refused) (string, error) {
	if !t.isOfWholeHistory(r.Migration) {
		return "", nil
	}
	if foreign, err := t.isForeign(ctx, at, o); !foreign {
		return "", err
	}
	text := fmt.Sprintf("%s, and no migration in %s makes it; if production had it before the first one, %s", r.Err.Message, t.Source.Dir, beforeMaking(o))
	if len(t.Source.History.Base) == 0 {
		text += ", or run this with --base-schema FILE.sql, a dump of the schema from before the first one (pg_dump --schema-only)"
	}
	return text, nil
}

// beforeText is the way out for what production has from elsewhere.
const beforeText = "write before: FILE.sql in .migvet.yml, with the SQL that makes it"

// beforeWith is that where the SQL is known.
func beforeWith(sql string) string {
	return "write before: FILE.sql in .migvet.yml, with " + sql + " in the file"
}

// beforeMaking is that for an object, whose SQL is known where it is a schema.
func beforeMaking(o object) string {
	if o.kind == "schema" {
		return beforeWith("CREATE SCHEMA " + lint.QuoteIdentifier(o.name) + ";")
	}
	return beforeText
}

// foreignHint adds to a refusal that is held against a new migration what helps where
// production has from elsewhere what no migration makes.
func (t *trial) foreignHint(ctx context.Context, at string, r *session.Refused) (string, error) {
	o, found := missingObject(r.Err.Message)
	if !found {
		return "", nil
	}
	foreign, err := t.isForeign(ctx, at, o)
	if !foreign {
		return "", err
	}
	return "; no migration makes it: if production has it from elsewhere, " + beforeText, nil
}

// isForeign reports whether a missing object may be one that something else than the
// migrations makes: none of them makes it, and its name is nearly that of nothing that
// is there.
func (t *trial) isForeign(ctx context.Context, at string, o object) (bool, error) {
	query := neighbours[o.kind]
	if query == "" || t.makes(o) || strings.HasPrefix(o.name, "pg_") || isSystemSchema(o.schema) {
		return false, nil
	}
	names := t.madeNames(o.kind)
	err := t.asSuperuser(ctx, at, func(conn *pgx.Conn) error {
		there, err := namesOf(ctx, conn, query)
		names = append(names, there...)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for names like %s: %w", o.name, err)
	}
	return lint.DidYouMean(o.name, names) == "", nil
}

func isSystemSchema(name string) bool { return name == "pg_catalog" || name == "information_schema" }

// neighbours are the names of which one that is missing may be a slip: PostgreSQL's own
// functions and types too, but not its relations, which are called pg_ and more.
var neighbours = map[string]quote.SQL{
	"relation": "SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')",
	"schema":   "SELECT nspname::text FROM pg_catalog.pg_namespace",
	"type":     "SELECT typname::text FROM pg_catalog.pg_type",
	"function": "SELECT DISTINCT proname::text FROM pg_catalog.pg_proc",
}

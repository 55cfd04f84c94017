package trial

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// provided are extensions that managed services install for an owner although
// PostgreSQL wants a superuser for them. None of them reaches files, programs
// or other servers.
var provided = []string{
	"vector", "postgis", "postgis_topology", "postgis_raster", "postgis_tiger_geocoder", "pg_stat_statements",
	"pgrouting", "pg_partman", "hll", "timescaledb", "address_standardizer", "earthdistance", "pg_prewarm", "pgstattuple",
	"pg_buffercache", "pg_freespacemap", "pg_visibility", "sslinfo", "xml2", "rum", "pgaudit", "pg_hint_plan", "pg_repack",
}

//go:embed extension.sql
var extensionSQL quote.SQL

// findProvided returns those of the provided extensions that the server has and
// that the role of the migrations may not create. There are none without a
// complete sandbox around the server: their scripts would run as its superuser.
func (t *trial) findProvided(ctx context.Context) (found []string, err error) {
	if t.Superuser || !t.Server.Sandboxed() || !t.wantsProvided() {
		return nil, nil
	}
	err = t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		found, err = namesOf(ctx, conn, "SELECT DISTINCT name::text FROM pg_catalog.pg_available_extension_versions WHERE superuser AND NOT trusted")
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look for extensions: %w", err)
	}
	return slices.DeleteFunc(found, func(name string) bool { return !slices.Contains(provided, name) }), nil
}

func (t *trial) wantsProvided() bool {
	wanted := slices.Clone(t.Environment.Extensions)
	for _, p := range t.Environment.Presets {
		wanted = append(wanted, p.Extensions...)
	}
	return slices.ContainsFunc(wanted, func(name string) bool { return slices.Contains(provided, name) }) ||
		slices.ContainsFunc(slices.Concat(t.Source.History.Base, t.Source.Head), createsProvided)
}

func createsProvided(m *lint.Migration) bool {
	return mentionsExtension(m.Source) && slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool {
		return slices.Contains(provided, s.Node.GetCreateExtensionStmt().GetExtname())
	})
}

// installProvider makes the function that creates extensions for roles that may not.
func (t *trial) installProvider(ctx context.Context, database string) error {
	names := providedIn(ctx)
	if len(names) == 0 {
		return nil
	}
	list := "SELECT ARRAY[" + quote.List(names, quote.Text) + "]"
	err := t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		return execute(ctx, conn, extensionSQL+"; SET allow_system_table_mods = on; "+
			"CREATE FUNCTION pg_catalog.migvet_provided() RETURNS text[] LANGUAGE sql IMMUTABLE AS "+quote.Text(list.ForServer()))
	})
	if err != nil {
		return fmt.Errorf("prepare extensions: %w", err)
	}
	return nil
}

type providedKey struct{}

// withProvided has the statements that create these extensions sent as calls of
// the function of installProvider. The rights of the migration stay what they are.
func withProvided(ctx context.Context, names []string) context.Context {
	return context.WithValue(ctx, providedKey{}, names)
}

func providedIn(ctx context.Context) []string {
	names, _ := ctx.Value(providedKey{}).([]string)
	return names
}

// statementSQL is what is sent for a statement.
func statementSQL(ctx context.Context, s *lint.Statement) quote.SQL {
	if e := s.Node.GetCreateExtensionStmt(); e != nil && slices.Contains(providedIn(ctx), e.Extname) {
		return provide(e)
	}
	return branchSQL(s.SQL)
}

// provide calls the function in place of the statement.
func provide(e *pg.CreateExtensionStmt) quote.SQL {
	schema, version := quote.SQL("NULL"), quote.SQL("NULL")
	required := false
	for _, o := range e.Options {
		switch d := o.GetDefElem(); d.GetDefname() {
		case "schema":
			schema = quote.Text(d.Arg.GetString_().GetSval())
		case "new_version":
			version = quote.Text(d.Arg.GetString_().GetSval())
		case "cascade":
			required = d.Arg == nil || d.Arg.GetBoolean().GetBoolval()
		}
	}
	return provideNamed(quote.Text(e.Extname), schema, version, e.IfNotExists, required)
}

func provideNamed(name, schema, version quote.SQL, missing, required bool) quote.SQL {
	return "SELECT pg_catalog.migvet_extension(" + quote.Join([]quote.SQL{
		name, schema, version, truth(missing), truth(required), "pg_catalog.current_schema()", "CURRENT_USER",
	}, ", ") + ")"
}

// A chunkText is what is sent for a chunk, and where it differs from the file.
type chunkText struct {
	sql  quote.SQL
	cuts []cut
}

// A cut says that some bytes of the file, from at on in what was sent, stand there
// as others.
type cut struct{ at, file, sent int }

func chunkSQL(ctx context.Context, m *lint.Migration, chunk int) chunkText {
	span := m.Chunks[chunk]
	whole := chunkText{sql: branchSQL(m.Source[span.Start:span.End])}
	if len(providedIn(ctx)) == 0 || !mentionsExtension(m.Source[span.Start:span.End]) {
		return whole
	}
	var c chunkText
	from := span.Start
	for _, s := range m.Sent(chunk) {
		call := statementSQL(ctx, s)
		if call == branchSQL(s.SQL) || m.Source[s.Start:s.End] != s.SQL {
			continue
		}
		c.sql += branchSQL(m.Source[from:s.Start])
		c.cuts = append(c.cuts, cut{len(c.sql), s.End - s.Start, len(call)})
		c.sql += call
		from = s.End
	}
	c.sql += branchSQL(m.Source[from:span.End])
	return c
}

// inFile turns a byte of what was sent into one of the chunk in the file.
func (c chunkText) inFile(offset int) int {
	moved := offset
	for _, cut := range c.cuts {
		switch {
		case offset < cut.at:
			return moved
		case offset < cut.at+cut.sent:
			return moved - (offset - cut.at)
		}
		moved += cut.file - cut.sent
	}
	return moved
}

// tellProvided says which extensions the new migrations create with rights that
// their role does not have.
func (t *trial) tellProvided(ctx context.Context) {
	for _, m := range t.fresh {
		if !createsProvided(m) {
			continue
		}
		for _, s := range m.Statements() {
			if name := s.Node.GetCreateExtensionStmt().GetExtname(); slices.Contains(providedIn(ctx), name) {
				t.result.Unchecked = append(t.result.Unchecked, Unchecked{
					Path: m.Path, Start: s.Start, Minor: true,
					Reason: fmt.Sprintf("whether the role of the migrations may create the extension %s: PostgreSQL wants a superuser for it, who made it here, as managed services do", name),
				})
			}
		}
	}
}

// extensionMissing tells whether a refusal says that the server lacks an
// extension: the server's fault, not the migration's.
func (r *refused) extensionMissing() (name string, missing bool) {
	if r.Statement == nil || !slices.Contains([]string{"0A000", "58P01", "22023"}, r.Err.SQLState) {
		return "", false
	}
	e, ok := r.Statement.Node.GetNode().(*pg.Node_CreateExtensionStmt)
	if !ok {
		return "", false
	}
	return e.CreateExtensionStmt.Extname, true
}

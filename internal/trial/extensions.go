package trial

import (
	"context"
	_ "embed"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// providedExtensions are extensions that managed services install for an owner although
// PostgreSQL wants a superuser for them. None of them reaches files, programs
// or other servers.
// https://neon.com/docs/extensions/pg-extensions
var providedExtensions = []string{
	"vector", "postgis", "postgis_topology", "postgis_raster", "postgis_tiger_geocoder", "pg_stat_statements",
	"pgrouting", "pg_partman", "hll", "timescaledb", "address_standardizer", "earthdistance", "pg_prewarm", "pgstattuple",
	"pg_buffercache", "pg_freespacemap", "pg_visibility", "sslinfo", "xml2", "rum", "pgaudit", "pg_hint_plan", "pg_repack",
	"moddatetime", "insert_username", "pgrowlocks", "bloom", "plpgsql_check", "ip4r", "semver", "pg_ivm", "pg_jsonschema", "pg_uuidv7", "h3", "roaringbitmap",
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
	return slices.DeleteFunc(found, func(name string) bool { return !isProvided(name) }), nil
}

func (t *trial) wantsProvided() bool {
	wanted := slices.Clone(t.Environment.Extensions)
	for _, p := range t.Environment.Presets {
		wanted = append(wanted, p.Extensions...)
	}
	return slices.ContainsFunc(wanted, isProvided) || slices.ContainsFunc(t.creators(), createsProvided)
}

func createsProvided(m *lint.Migration) bool {
	return session.CreatesExtension(m, isProvided)
}

func isProvided(name string) bool { return slices.Contains(providedExtensions, name) }

// installProvider makes the function that creates extensions for roles that may not.
func (t *trial) installProvider(ctx context.Context, database string) error {
	names := session.Provided(ctx)
	if len(names) == 0 {
		return nil
	}
	list := "SELECT ARRAY[" + quote.List(names, quote.Text) + "]"
	scripts, err := t.standInScripts()
	if err != nil {
		return err
	}
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		return session.Execute(ctx, conn, extensionSQL+"; SET allow_system_table_mods = on; "+scripts+"; "+
			"CREATE FUNCTION pg_catalog.migvet_provided() RETURNS text[] LANGUAGE sql IMMUTABLE AS "+quote.Text(list.ForServer()))
	})
	if err != nil {
		return fmt.Errorf("prepare extensions: %w", err)
	}
	return nil
}

// noteProvided says which extensions the new migrations create with rights that
// their role does not have.
func (t *trial) noteProvided(ctx context.Context) {
	for _, m := range t.fresh {
		if !createsProvided(m) {
			continue
		}
		for _, s := range m.Statements() {
			if name := s.Node.GetCreateExtensionStmt().GetExtname(); isProvided(name) && slices.Contains(session.Provided(ctx), name) {
				t.leaveUnchecked(Unchecked{
					Path: m.Path, Start: s.Start, Minor: true,
					Reason: fmt.Sprintf("whether the role of the migrations may create the extension %s: PostgreSQL wants a superuser for it, who made it here, as managed services do", name),
				})
			}
		}
	}
}

// extensionAbsences are PostgreSQL's words for an extension that the server lacks: since
// version 15, before it, and where it lacks the version that is asked for.
// https://github.com/postgres/postgres/blob/master/src/backend/commands/extension.c
var extensionAbsences = []*lazyregexp.Regexp{
	lazyregexp.New(`^extension "(.+)" is not available$`),
	lazyregexp.New(`^could not open extension control file ".*/([^/]+)\.control": No such file or directory$`),
	lazyregexp.New(`^extension "(.+)" must be preloaded$`),
	lazyregexp.New(`^(.+) (?:must|can only) be loaded via shared_preload_libraries`),
	lazyregexp.New(`^extension "(.+)" has no installation script nor update path for version ".*"$`),
}

// extensionMissing reports whether a refusal says that the server lacks an extension: the
// server's fault, not the migration's, also where a DO block or a function creates it.
func extensionMissing(r *session.Refused) (name string, missing bool) {
	if !slices.Contains([]string{"0A000", "58P01", "22023", "55000", "XX000"}, r.Err.SQLState) {
		return "", false
	}
	if r.Statement != nil && !slices.Contains([]string{"55000", "XX000"}, r.Err.SQLState) {
		if e := r.Statement.Node.GetCreateExtensionStmt(); e != nil {
			return e.Extname, true
		}
	}
	for _, absence := range extensionAbsences {
		if m := absence.FindStringSubmatch(r.Err.Message); m != nil {
			return m[1], true
		}
	}
	return "", false
}

// lackText says what to do about an extension that the server lacks, and about all others
// that are created and that it lacks, too: who installs one would meet the next.
func (t *trial) lackText(ctx context.Context, first string) (string, error) {
	names := []string{first}
	err := t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		there, err := namesOf(ctx, conn, "SELECT name::text FROM pg_catalog.pg_available_extensions")
		for _, name := range t.createdExtensions() {
			if !slices.Contains(there, name) && !slices.Contains(t.standIns, name) {
				addName(&names, name)
			}
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look for extensions: %w", err)
	}
	return missingText(names, t.Server.Major()), nil
}

// createdExtensions are those that the configuration, migrations and dumps name.
func (t *trial) createdExtensions() []string {
	names := slices.Clone(t.Environment.Extensions)
	for _, m := range t.creators() {
		session.CreatesExtension(m, func(name string) bool {
			if name != "" {
				addName(&names, name)
			}
			return false
		})
	}
	return names
}

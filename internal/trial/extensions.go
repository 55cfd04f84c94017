package trial

import (
	"context"
	"errors"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

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

// elevated runs f, which runs the migrations given, with the rights to create
// the extensions they name. Without a sandbox around the server nothing is
// elevated.
func (t *trial) elevated(ctx context.Context, ms []*lint.Migration, f func() error) error {
	if t.Superuser || !t.Server.Sandboxed() || !slices.ContainsFunc(ms, createsProvided) {
		return f()
	}
	if err := t.setSuperuser(ctx, true); err != nil {
		return err
	}
	err := f()
	if ctx.Err() != nil {
		return err
	}
	return errors.Join(err, t.setSuperuser(ctx, false))
}

func createsProvided(m *lint.Migration) bool {
	if !mentionsExtension(m.Source) {
		return false
	}
	return slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool {
		return slices.Contains(provided, s.Node.GetCreateExtensionStmt().GetExtname())
	})
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

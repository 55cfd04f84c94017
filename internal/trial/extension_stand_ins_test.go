package trial

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/session"
)

// On every version each script makes an extension that PostgreSQL takes for one, also with
// types of a stranger's in front of those that the script means; with it goes all that it
// made.
func TestStandInsAreExtensions(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run(version, func(t *testing.T) { standInsAreExtensions(t, postgrestest.Server(t, version)) })
	}
}

func standInsAreExtensions(t *testing.T, server *postgres.Server) {
	database := postgrestest.Database(t, server)
	tr := &trial{Options: Options{Server: server}, standIns: presets.ExtensionStandIns()}
	ctx := session.WithProvided(t.Context(), tr.standIns)
	if err := tr.installProvider(ctx, database); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(ctx, server.Config(postgres.Owner, database))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	execute := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Errorf("%s: %v", sql, err)
		}
	}
	execute(`CREATE SCHEMA tools; CREATE FUNCTION pg_temp.tell(of pg_catalog.text) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a stranger runs as %'', current_user; END';
		CREATE DOMAIN pg_temp.jsonb AS pg_catalog.text CHECK (pg_temp.tell(VALUE)); CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (pg_temp.tell(VALUE))`)
	for _, name := range tr.standIns {
		execute(session.CreateExtension(ctx, name, "tools").ForServer())
		execute(session.CreateExtension(ctx, name, "tools").ForServer()) // IF NOT EXISTS
		execute(`COMMENT ON EXTENSION "` + name + `" IS 'stands in'`)
	}
	execute(`DROP DOMAIN pg_temp.jsonb, pg_temp.text`)
	execute(`SELECT cron.schedule('a', '* * * * *', 'VACUUM'), cron.unschedule('a'), net.http_post('https://example.com'), tools.sign('{}', 'a'), (tools.http_get('https://example.com')).status`)
	for _, name := range tr.standIns {
		execute(`DROP EXTENSION "` + name + `"`)
	}
	var left int
	err = conn.QueryRow(ctx, `SELECT count(*)::pg_catalog.int4 FROM (SELECT relnamespace AS n FROM pg_class UNION ALL SELECT pronamespace FROM pg_proc UNION ALL SELECT typnamespace FROM pg_type) o
		WHERE n::regnamespace::pg_catalog.text IN ('tools', 'cron', 'net', 'graphql', 'vault', 'pgsodium')`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("DROP EXTENSION leaves %d objects, error %v", left, err)
	}
}

package observe

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

const outsideSetup = `
CREATE TABLE tasks (id int PRIMARY KEY, title text);
CREATE INDEX tasks_title_idx ON tasks (title);
INSERT INTO tasks SELECT i, 't' || i FROM generate_series(1, 100) AS i;
CREATE TABLE sorted (id int PRIMARY KEY);
CLUSTER sorted USING sorted_pkey;
CREATE TABLE events (id int, at int) PARTITION BY RANGE (at);
CREATE TABLE events_old PARTITION OF events FOR VALUES FROM (0) TO (10);
CREATE TABLE events_new PARTITION OF events FOR VALUES FROM (10) TO (20);
CREATE INDEX events_id_idx ON events (id);
`

// conflicting is the weakest mode that keeps a statement from each mode.
// https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY
var conflicting = map[lint.LockMode]string{
	lint.ShareUpdateExclusive: "SHARE UPDATE EXCLUSIVE",
	lint.Share:                "ROW EXCLUSIVE",
	lint.AccessExclusive:      "ACCESS SHARE",
}

// TestLocksOutside holds what lockOutside says to real servers: somebody holds
// a lock that conflicts with what is said, and the statement must then be seen
// to ask for just that mode; and where less than ACCESS EXCLUSIVE is said,
// others must be able to read meanwhile.
func TestLocksOutside(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run("postgres "+version, func(t *testing.T) {
			server := postgrestest.Server(t, version)
			template := postgrestest.Database(t, server)
			inSession(t, server, postgres.Superuser, template, nil, func(conn *pgx.Conn) { must(t, session.Execute(t.Context(), conn, observeSQL)) })
			inSession(t, server, postgres.Owner, template, nil, func(conn *pgx.Conn) { must(t, session.Execute(t.Context(), conn, outsideSetup)) })
			for sql, locks := range map[string]map[string]lint.LockMode{
				"CREATE INDEX CONCURRENTLY ON tasks (title)":                  {"public.tasks": lint.ShareUpdateExclusive},
				"DROP INDEX CONCURRENTLY tasks_title_idx":                     {"public.tasks": lint.ShareUpdateExclusive},
				"REINDEX TABLE CONCURRENTLY tasks":                            {"public.tasks": lint.ShareUpdateExclusive},
				"REINDEX INDEX CONCURRENTLY tasks_title_idx":                  {"public.tasks": lint.ShareUpdateExclusive},
				"REINDEX TABLE events":                                        {"public.events_old": lint.Share, "public.events_new": lint.Share},
				"VACUUM tasks":                                                {"public.tasks": lint.ShareUpdateExclusive},
				"VACUUM (ANALYZE) events":                                     {"public.events_old": lint.ShareUpdateExclusive},
				"VACUUM FULL tasks":                                           {"public.tasks": lint.AccessExclusive},
				"CLUSTER":                                                     {"public.sorted": lint.AccessExclusive},
				"ALTER TABLE events DETACH PARTITION events_old CONCURRENTLY": {"public.events": lint.ShareUpdateExclusive, "public.events_old": lint.AccessExclusive},
			} {
				t.Run(sql, func(t *testing.T) {
					inCopy(t, server, template, func(database string) { tellsLocks(t, server, database, sql, locks) })
					for table, mode := range locks {
						inCopy(t, server, template, func(database string) {
							asksFor(t, server, database, sql, table, conflicting[mode], mode)
						})
					}
				})
			}
		})
	}
}

func inCopy(t *testing.T, server *postgres.Server, template string, f func(database string)) {
	database, err := server.CreateDatabase(t.Context(), template+"_copy", template)
	must(t, err)
	defer func() { must(t, server.DropDatabase(context.WithoutCancel(t.Context()), database)) }()
	f(database)
}

func tellsLocks(t *testing.T, server *postgres.Server, database, sql string, want map[string]lint.LockMode) {
	var m Notices
	inSession(t, server, postgres.Owner, database, &m, func(conn *pgx.Conn) {
		o, err := New(t.Context(), conn, &m, server.Version(), "")
		must(t, err)
		e, _ := measure(t, o, &effectBlock{sql: sql})
		for table, mode := range want {
			if got := e.LockOn(table); got != mode {
				t.Errorf("it is said to lock %s with %q, want %s", table, got, mode)
			}
		}
	})
}

// whileLocked runs f while somebody has locked a table.
func whileLocked(t *testing.T, server *postgres.Server, database, table, mode string, f func(release func())) {
	inSession(t, server, postgres.Owner, database, nil, func(conn *pgx.Conn) {
		must(t, session.Execute(t.Context(), conn, session.BranchSQL(fmt.Sprintf("BEGIN; LOCK TABLE ONLY %s IN %s MODE", table, mode))))
		f(func() { must(t, session.Execute(t.Context(), conn, "ROLLBACK")) })
	})
}

// asksFor runs a statement that somebody is in the way of, until it is seen to
// want a mode; then lets it go on.
func asksFor(t *testing.T, server *postgres.Server, database, sql, table, held string, want lint.LockMode) {
	whileLocked(t, server, database, table, held, func(release func()) {
		worker, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Owner, database))
		must(t, err)
		defer worker.Close(context.WithoutCancel(t.Context()))
		done := make(chan error, 1)
		go func() { done <- session.Execute(t.Context(), worker, session.BranchSQL(sql)) }()
		inSession(t, server, postgres.Superuser, database, nil, func(watch *pgx.Conn) {
			err = waitFor(t.Context(), watch, worker.PgConn().PID(), table, string(want), done)
			if err == nil && !want.BlocksReads() {
				err = session.Execute(t.Context(), watch, session.BranchSQL("SET lock_timeout = '30s'; TABLE "+table))
			}
		})
		release()
		if err != nil {
			t.Errorf("%s on %s, while somebody holds %s: %v", want, table, held, err)
			return
		}
		must(t, <-done)
	})
}

func waitFor(ctx context.Context, watch *pgx.Conn, pid uint32, table, mode string, done <-chan error) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var seen bool
		err := watch.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = $1 AND relation = $2::regclass AND mode = $3)", pid, table, mode).Scan(&seen)
		if seen || err != nil {
			return err
		}
		select {
		case err := <-done:
			return errors.Join(errors.New("the statement ended without it"), err)
		default:
		}
	}
	return errors.New("the mode is not seen")
}

package observe

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// A superuser can replace what migvet observes with: its functions and event
// triggers, and what those call. Each change of a row gives it another xmin, so
// that it is seen even when it is taken back. Machine code in the server could
// forge this as well; it still cannot leave the sandbox.
const fingerprintSQL = `SELECT pg_catalog.md5(pg_catalog.string_agg(x.what, ',' ORDER BY x.what)) FROM (
	SELECT pg_catalog.concat('f', p.oid, ' ', p.xmin) AS what FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 11 AND NOT EXISTS (
			SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'e')
	UNION ALL SELECT pg_catalog.concat('e', e.oid, ' ', e.xmin) FROM pg_catalog.pg_event_trigger e WHERE e.evtname LIKE 'migvet%'
	UNION ALL SELECT pg_catalog.concat('o', o.oid, ' ', o.xmin) FROM pg_catalog.pg_operator o
		WHERE o.oprnamespace = 11 AND o.oid < 16384
) AS x`

// Fingerprint is a hash of all that a superuser can replace to have an observer
// see something else. It needs a session as a superuser.
func Fingerprint(ctx context.Context, conn *pgx.Conn) (print string, err error) {
	err = conn.QueryRow(ctx, fingerprintSQL, pgx.QueryExecModeSimpleProtocol).Scan(&print)
	return print, err
}

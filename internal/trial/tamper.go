package trial

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/lint"
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

// fingerprint is "" where the migrations run without the rights to change what
// it is about.
func (t *trial) fingerprint(ctx context.Context, database string) (print string, err error) {
	if !t.Superuser {
		return "", nil
	}
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, fingerprintSQL, pgx.QueryExecModeSimpleProtocol).Scan(&print)
	})
	if err != nil {
		return "", fmt.Errorf("look at the observer: %w", err)
	}
	return print, nil
}

// checkObserver tells of migrations that changed what migvet observes with: what
// was seen may be what they want to be seen.
func (t *trial) checkObserver(ctx context.Context, database, before string) error {
	after, err := t.fingerprint(ctx, database)
	if err != nil || after == before {
		return err
	}
	t.result.Unchecked = append(t.result.Unchecked, Unchecked{
		Path: t.Source.Dir, Start: lint.NoPos,
		Reason: "the migrations changed functions, operators or event triggers of pg_catalog that migvet observes with, so what it saw cannot be trusted",
	})
	return nil
}

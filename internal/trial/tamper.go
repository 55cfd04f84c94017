package trial

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/observe"
	"github.com/migvet/migvet/lint"
)

// fingerprint is observe.Fingerprint; "" unless the migrations run as a superuser, who
// alone could replace what the observer relies on.
func (t *trial) fingerprint(ctx context.Context, database string) (print string, err error) {
	if !t.Superuser {
		return "", nil
	}
	err = t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		print, err = observe.Fingerprint(ctx, conn)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("look at the observer: %w", err)
	}
	return print, nil
}

// checkObserver reports migrations that changed the functions migvet observes with:
// they may have hidden what they did.
func (t *trial) checkObserver(ctx context.Context, database, before string) error {
	after, err := t.fingerprint(ctx, database)
	if err != nil || after == before {
		return err
	}
	t.leaveUnchecked(Unchecked{
		Path: t.Source.Dir, Start: lint.NoPos,
		Reason: "the migrations changed functions, operators or event triggers of pg_catalog that migvet observes with, so what it saw cannot be trusted",
	})
	return nil
}

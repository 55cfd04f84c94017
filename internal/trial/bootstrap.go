package trial

import (
	"context"
	"fmt"

	"github.com/migvet/migvet/internal/session"
)

// bootstrap runs every migration on an empty database, as a new developer or a
// new environment does.
func (t *trial) bootstrap(ctx context.Context) error {
	t.Log("running all %d migrations on an empty database", len(t.Source.Head))
	return t.timed(ctx, "bootstrap", "", t.bootstrapIn)
}

func (t *trial) bootstrapIn(ctx context.Context, database string) error {
	if err := t.furnish(ctx, database); err != nil {
		return err
	}
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := session.Execute(ctx, conn, t.Source.Runner.Setup()); err != nil {
		return fmt.Errorf("create the history table of %s: %w", t.Source.Tool, err)
	}
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: t.Source.Head}
	r, err := run.all(ctx)
	if r != nil {
		t.bootstrapFails(r)
	}
	return err
}

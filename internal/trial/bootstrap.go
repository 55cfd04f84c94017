package trial

import (
	"context"
	"fmt"
)

// bootstrap runs every migration on an empty database, as a new developer or a
// new environment does.
func (t *trial) bootstrap(ctx context.Context) error {
	if err := t.Server.DropDatabase(ctx, t.base); err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	if err := t.dropRoles(ctx, t.roles); err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	if t.stopped != nil {
		return nil // the new migrations fail anyway, and that is told
	}
	t.Log("running all %d migrations on an empty database", len(t.Source.Head))
	database, err := t.Server.CreateDatabase(ctx, "bootstrap", "")
	if err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	if err := t.elevated(ctx, t.Source.Head, func() error { return t.bootstrapIn(ctx, database) }); err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	if err := t.Server.DropDatabase(ctx, database); err != nil {
		return fmt.Errorf("bootstrap: %w", err)
	}
	return t.dropRoles(ctx, t.roles)
}

func (t *trial) bootstrapIn(ctx context.Context, database string) error {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := execute(ctx, conn, t.Source.Runner.Setup()); err != nil {
		return err
	}
	run := toolRun{conn: conn, runner: t.Source.Runner, migrations: t.Source.Head}
	r, err := run.all(ctx)
	if r != nil {
		t.bootstrapFails(r)
	}
	return err
}

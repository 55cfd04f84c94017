package trial

import (
	"context"
	"fmt"

	"github.com/migvet/migvet/internal/session"
)

// bootstrap runs every migration on an empty database, as a new developer or a
// new environment does, and returns what it stops at.
func (t *trial) bootstrap(ctx context.Context) (*session.Refused, error) {
	t.Log("running all %d migrations on an empty database", len(t.Source.Head))
	return runPart(ctx, t, "bootstrap", t.furnished, t.bootstrapIn)
}

func (t *trial) bootstrapIn(ctx context.Context, database string) (*session.Refused, error) {
	if r, err := t.precede(ctx, database); r != nil || err != nil {
		return r, err
	}
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if err := session.Execute(ctx, conn, t.Source.Runner.Setup()); err != nil {
		return nil, fmt.Errorf("create the history table of %s: %w", t.Source.Tool, err)
	}
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: t.Source.Head}
	return run.all(ctx)
}

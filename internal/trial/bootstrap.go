package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// bootstrap runs migrations on an empty database, as a new developer or a new environment
// does, and returns what they stop at.
func (t *trial) bootstrap(ctx context.Context, migrations []*lint.Migration) (*session.Refused, error) {
	t.Log("running all %d migrations on an empty database", len(migrations))
	return runPart(ctx, t, "bootstrap", t.furnished, func(ctx context.Context, database string) (*session.Refused, error) {
		return t.bootstrapIn(ctx, database, migrations)
	})
}

// stopsOnBase reports whether the base's migrations stop where all of head do. Those of
// the base alone are run for it, since they were replayed more patiently than a tool runs
// them: an old migration may also stop for what the review edited or deleted before it.
func (t *trial) stopsOnBase(ctx context.Context, r *session.Refused) (bool, error) {
	if slices.Contains(t.fresh, t.historyTwin(r.Migration)) {
		return false, nil
	}
	old, err := t.bootstrap(ctx, t.Source.History.Base)
	return old != nil && old.Migration.Path == r.Migration.Path && old.Err.SQLState == r.Err.SQLState, err
}

func (t *trial) bootstrapIn(ctx context.Context, database string, migrations []*lint.Migration) (*session.Refused, error) {
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
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: migrations}
	return run.all(ctx)
}

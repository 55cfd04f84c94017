package trial

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// leftBehind looks at what a failed run left in the database: what the tool
// did not note as done should not be there.
func (t *trial) leftBehind(ctx context.Context, database string, conn *pgx.Conn, b base, f faithful) error {
	again, err := t.askPending(ctx, conn)
	if err != nil || t.Source.Runner.Applied() == "" {
		return nil // the tool refuses from here on, or keeps no account
	}
	left, err := t.wholeSchema(ctx, database)
	if err != nil {
		return err
	}
	done := slices.DeleteFunc(slices.Clone(f.pending), func(m *lint.Migration) bool { return slices.Contains(again, m) })
	var whole *schema.Schema
	err = t.inNewDatabase(ctx, "done", b.database, func(ctx context.Context, database string) error {
		if err := t.runOnly(ctx, database, done); err != nil {
			return err
		}
		whole, err = t.wholeSchema(ctx, database)
		return err
	})
	if err != nil {
		return fmt.Errorf("see what a failure leaves behind: %w", err)
	}
	half := withoutParts(schema.Diff(whole, left, schema.Options{}))
	if len(half) > 0 && t.rowText(f.stopped) == "" {
		t.notAtomic(f.stopped, half)
	}
	return nil
}

// runOnly runs migrations that are known to apply.
func (t *trial) runOnly(ctx context.Context, database string, migrations []*lint.Migration) error {
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	run := toolRun{conn: conn, note: t.Source.Runner.Record, migrations: migrations}
	_, err = run.all(ctx)
	return err
}

func (t *trial) notAtomic(r *session.Refused, half []schema.Change) {
	f := findingAt(r, rules.NotAtomic, fmt.Sprintf(
		"when this fails, %s of what %s did before stays (%s), and %s does not note it: the next run meets it again; remove it by hand then, or let the migration run again (IF NOT EXISTS)",
		noun.Count(len(half), "object"), r.Migration.Name, someNames(half), t.Source.Tool))
	f.Cause = ""
	f.Evidence = fmt.Sprintf("compared on PostgreSQL %s with the schema before", t.Server.Version())
	t.report(f)
}

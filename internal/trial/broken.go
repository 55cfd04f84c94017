package trial

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/session"
)

// locate finds out which statement of a message broke the session, by running
// them one by one.
func (t *trial) locate(ctx context.Context, at base, f faithful, err error) error {
	b := (*session.Broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil || b.Statement != nil || ctx.Err() != nil || t.Server.Failure() != nil {
		return err
	}
	var seen observed
	again := t.inNewDatabase(ctx, "observed", at.database, func(ctx context.Context, database string) (err error) {
		seen, err = t.observed(ctx, database, f)
		return err
	})
	t.keep(seen)
	if c := (*session.Broken)(nil); errors.As(again, &c) && c.Migration != nil {
		return again
	}
	return err
}

// takeBroken takes an error about a migration for a result. It returns all
// others.
func (t *trial) takeBroken(err error) error {
	b := (*session.Broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil {
		return err
	}
	reason := fmt.Sprintf("not tried to the end: %v", b)
	if failure := t.Server.Failure(); failure != nil {
		reason = fmt.Sprintf("not tried to the end: %v", failure)
	}
	t.leaveUnchecked(Unchecked{Path: b.Migration.Path, Start: startOf(b.Migration, b.Statement), Reason: reason})
	return nil
}

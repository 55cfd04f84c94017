package trial

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/session"
)

// locate finds out which statement of a message broke the session, by running
// them one by one.
func (t *trial) locate(ctx context.Context, err error) error {
	b := (*session.Broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil || b.Statement != nil || ctx.Err() != nil || t.Server.Failure() != nil {
		return err
	}
	again := t.within(ctx, "observed", t.base, t.observed)
	if c := (*session.Broken)(nil); errors.As(again, &c) && c.Migration != nil {
		return again
	}
	return err
}

// tellBroken takes an error about a migration for a result. It returns all
// others.
func (t *trial) tellBroken(err error) error {
	b := (*session.Broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil {
		return err
	}
	reason := fmt.Sprintf("not tried to the end: %v", b)
	if failure := t.Server.Failure(); failure != nil {
		reason = fmt.Sprintf("not tried to the end: %v", failure)
	}
	t.result.Unchecked = append(t.result.Unchecked, Unchecked{Path: b.Migration.Path, Start: startOf(b.Migration, b.Statement), Reason: reason})
	return nil
}

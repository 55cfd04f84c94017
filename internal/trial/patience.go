package trial

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/migvet/migvet/lint"
)

// statement_timeout is a setting that the migration can change, and a block may
// catch query_canceled. So each message to the server has a deadline of ours:
// when it passes, the connection is closed, and dropping the database ends what
// still runs in it.

type patienceKey struct{}

func withPatience(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, patienceKey{}, d)
}

// patient gives one message its deadline, below the deadline of all.
func patient(ctx context.Context) (context.Context, context.CancelFunc) {
	d, _ := ctx.Value(patienceKey{}).(time.Duration)
	if d <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("still running after %v (--statement-timeout)", d))
}

// A broken is a migration that took the session with it: it did not come to an
// end in time, or ended the session or the server. Nobody knows what the rest
// does.
type broken struct {
	Migration *lint.Migration
	Statement *lint.Statement // nil when it is not about one: COMMIT, a question of ours
	err       error
}

func (b *broken) Error() string { return b.err.Error() }

func (b *broken) Unwrap() error { return b.err }

// breaks wraps an error that is no refusal. ctx is the context of the message.
func breaks(ctx context.Context, err error, s *lint.Statement) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	} else if refusal(err) == nil {
		err = fmt.Errorf("the session with the server broke off: %w", err)
	}
	return &broken{Statement: s, err: err}
}

// in says which migration an error is about.
func in(m *lint.Migration, err error) error {
	if b := (*broken)(nil); errors.As(err, &b) {
		b.Migration = m
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	return nil
}

// locate finds out which statement of a message broke the session, by running
// them one by one.
func (t *trial) locate(ctx context.Context, err error) error {
	b := (*broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil || b.Statement != nil || ctx.Err() != nil || t.Server.Failure() != nil {
		return err
	}
	again := t.within(ctx, "observed", t.base, t.observed)
	if c := (*broken)(nil); errors.As(again, &c) && c.Migration != nil {
		return again
	}
	return err
}

// tellBroken takes an error about a migration for a result. It returns all
// others.
func (t *trial) tellBroken(err error) error {
	b := (*broken)(nil)
	if !errors.As(err, &b) || b.Migration == nil {
		return err
	}
	reason := fmt.Sprintf("not tried to the end: %v", b.err)
	if failure := t.Server.Failure(); failure != nil {
		reason = fmt.Sprintf("not tried to the end: %v", failure)
	}
	t.result.Unchecked = append(t.result.Unchecked, Unchecked{Path: b.Migration.Path, Start: startOf(b.Migration, b.Statement), Reason: reason})
	return nil
}

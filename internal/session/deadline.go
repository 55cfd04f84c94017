package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/migvet/migvet/lint"
)

type timeoutKey struct{}

// WithStatementTimeout gives each message to the server a deadline, 0 for none.
// When it passes, the connection is closed, and dropping the database ends what
// still runs in it.
//
// The server's own statement_timeout would not do: the migration can change the
// setting, and a block may catch query_canceled.
func WithStatementTimeout(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, timeoutKey{}, d)
}

// withDeadline gives one message its deadline, below the deadline of all.
func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	d, _ := ctx.Value(timeoutKey{}).(time.Duration)
	if d <= 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, d, fmt.Errorf("still running after %v (--statement-timeout)", d))
}

// A Broken is the error of a migration that took the session with it: it did not
// come to an end in time, or ended the session or the server. Nobody knows what
// the rest does.
type Broken struct {
	Migration *lint.Migration // nil when it is not about one; InMigration sets it
	Statement *lint.Statement // nil when it is not about one: COMMIT, a question of ours
	err       error
}

func (b *Broken) Error() string { return b.err.Error() }

func (b *Broken) Unwrap() error { return b.err }

// wrapBroken wraps an error that is no refusal. ctx is the context of the message.
func wrapBroken(ctx context.Context, err error, s *lint.Statement) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	} else if Refusal(err) == nil {
		err = fmt.Errorf("the session with the server broke off: %w", err)
	}
	return &Broken{Statement: s, err: err}
}

// InMigration says which migration an error is about; nil stays nil.
func InMigration(m *lint.Migration, err error) error {
	if b := (*Broken)(nil); errors.As(err, &b) {
		b.Migration = m
		return err
	}
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	return nil
}

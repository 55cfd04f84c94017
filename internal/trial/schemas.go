package trial

import (
	"context"
	"errors"
	"fmt"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
)

// A SchemaChange is what the new migrations make of the schema.
type SchemaChange struct {
	Before, After *schema.Schema
	Changes       []schema.Change
}

// A reading of a schema is under way while something else happens in copies of
// its database.
type reading struct {
	done   chan struct{}
	schema *schema.Schema
	err    error
}

// readBase starts reading the schema of the base, where somebody will ask for
// it. It must be waited for before anybody copies the base again.
func (t *trial) readBase(ctx context.Context, b base) *reading {
	r := &reading{done: make(chan struct{})}
	if !t.parts.schema {
		close(r.done)
		return r
	}
	go func() {
		defer close(r.done)
		r.schema, r.err = rescue.Value(func() (*schema.Schema, error) { return t.wholeSchema(ctx, b.database) })
	}()
	return r
}

func (r *reading) wait() (*schema.Schema, error) {
	<-r.done
	return r.schema, r.err
}

// readChange reads what the migrations made of the schema. A copy of a database
// keeps the identities of its objects. Functions of the migrations can keep it
// from being read: then it is nil, which is told and leaves the rest of the trial
// alone.
func (t *trial) readChange(ctx context.Context, database string, base *reading) (*SchemaChange, error) {
	after, err := t.wholeSchema(ctx, database)
	before, baseErr := base.wait()
	if pe := session.Refusal(err); pe != nil && baseErr == nil {
		t.leaveUnchecked(Unchecked{
			Path: t.Source.Dir, Start: lint.NoPos, Reason: fmt.Sprintf("what the migrations make of the schema could not be read: %s (%s)", pe.Message, pe.Code),
		})
		return nil, nil
	}
	if err := errors.Join(err, baseErr); err != nil {
		return nil, err
	}
	return &SchemaChange{before, after, schema.Diff(before, after, schema.Options{Renames: true})}, nil
}

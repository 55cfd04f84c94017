package trial

import (
	"context"

	"github.com/migvet/migvet/internal/schema"
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

// readBase starts reading the schema of the base. It must be waited for before
// anybody copies the base again.
func (t *trial) readBase(ctx context.Context) *reading {
	r := &reading{done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.schema, r.err = t.wholeSchema(ctx, t.base)
	}()
	return r
}

func (r *reading) wait() (*schema.Schema, error) {
	<-r.done
	return r.schema, r.err
}

// noteSchema keeps what the migrations made of the schema.
// A copy of a database keeps the identities of its objects.
func (t *trial) noteSchema(ctx context.Context, database string, base *reading) error {
	after, err := t.wholeSchema(ctx, database)
	if err != nil {
		return err
	}
	before, err := base.wait()
	if err != nil {
		return err
	}
	t.result.Schema = &SchemaChange{before, after, schema.Diff(before, after, schema.Options{Renames: true})}
	return nil
}

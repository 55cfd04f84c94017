package trial

import (
	"context"
	"slices"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
)

// An objectKey is an object in any of several schemas of one database.
type objectKey struct {
	kind                   schema.Kind
	schema, relation, name string
}

func keyOf(o *schema.Object) objectKey { return objectKey{o.Kind, o.Schema, o.Relation, o.Name} }

// steps are the objects that are not what they were before a migration once its down has
// run, of each that was taken back.
type steps map[*lint.Migration]map[objectKey]bool

// maxSteps bounds what is run once more for it.
const maxSteps = 20

// readSteps runs migrations one by one in a copy of the base, and their downs, and
// compares behind each down. It returns nil where one is refused: it ran together with
// others.
func (t *trial) readSteps(ctx context.Context, template string, reached []back) (steps, error) {
	if len(reached) < 2 || len(reached) > maxSteps {
		return nil, nil
	}
	return runPart(ctx, t, "undo", template, func(ctx context.Context, database string) (steps, error) {
		before := map[*lint.Migration]*schema.Schema{}
		for _, b := range slices.Backward(reached) {
			var err error
			if before[b.up], err = t.wholeSchema(ctx, database); err != nil {
				return nil, err
			}
			if ran, err := t.runOne(ctx, database, b.up, t.Source.Runner.Record); !ran || err != nil {
				return nil, err
			}
		}
		found := steps{}
		for _, b := range reached {
			if b.down != nil {
				forget := func(*lint.Migration) quote.SQL { return t.Source.Undo.Forget(b.up) }
				if ran, err := t.runOne(ctx, database, b.down.Migration, forget); !ran || err != nil {
					return nil, err
				}
			}
			now, err := t.wholeSchema(ctx, database)
			if err != nil {
				return nil, err
			}
			found[b.up] = differing(before[b.up], now)
		}
		return found, nil
	})
}

func (t *trial) runOne(ctx context.Context, database string, m *lint.Migration, note func(*lint.Migration) quote.SQL) (ran bool, err error) {
	r, _, err := t.runAll(ctx, database, []*lint.Migration{m}, note)
	return r == nil, err
}

func differing(before, now *schema.Schema) map[objectKey]bool {
	keys := map[objectKey]bool{}
	for _, c := range schema.Diff(before, now, schema.Options{Renames: true}) {
		keys[keyOf(c.Object)] = true
		if c.Before != nil {
			keys[keyOf(c.Before)] = true
		}
	}
	return keys
}

// blame returns the newest of the migrations since whose down an object is not what it
// was before them: what a later one meets without it is not that one's fault. ok is
// false where the steps do not tell.
func (s steps) blame(reached []back, c schema.Change) (newest back, ok bool) {
	for _, b := range slices.Backward(reached) {
		if !s[b.up][keyOf(c.Object)] {
			break
		}
		newest, ok = b, true
	}
	return newest, ok
}

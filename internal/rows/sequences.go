package rows

import (
	"context"
	"fmt"
)

// advanceSequences moves every sequence past the values that the filled columns have.
func (f *filler) advanceSequences(ctx context.Context) error {
	tables := map[uint32]*table{}
	var oids []uint32
	for _, t := range f.plan.tables {
		if t.inserted > 0 {
			tables[t.oid] = t
			oids = append(oids, t.oid)
		}
	}
	var questions []string
	var sequence, column string
	var oid uint32
	c := &catalog{session: f.session}
	err := c.each(ctx, sequencesSQL, []any{oids}, []any{&sequence, &oid, &column}, func() error {
		questions = append(questions, fmt.Sprintf(
			"SELECT pg_catalog.setval(%s, top) > 0 FROM (SELECT max(%s)::bigint AS top FROM %s) t WHERE top > (SELECT last_value FROM %s)",
			quoteText(sequence), column, tables[oid].name, sequence))
		return nil
	})
	if err != nil {
		return wrap(err, "sequences")
	}
	// A sequence that cannot be moved, a descending one for example, is left where it is.
	_, err = f.session.ask(ctx, questions)
	return err
}

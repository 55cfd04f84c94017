package rows

import (
	"context"

	"github.com/migvet/migvet/internal/quote"
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
	var questions []quote.SQL
	var schema, name, column string
	var oid uint32
	c := &catalog{session: f.session}
	err := c.each(ctx, sequencesSQL, []any{oids}, []any{&schema, &name, &oid, &column}, func() error {
		sequence := quote.Name(schema) + "." + quote.Name(name)
		questions = append(questions, "SELECT pg_catalog.setval("+quote.Text(string(sequence))+", top) > 0"+
			" FROM (SELECT max("+quote.Name(column)+")::bigint AS top FROM "+tables[oid].qualified()+") t"+
			" WHERE top > (SELECT last_value FROM "+sequence+")")
		return nil
	})
	if err != nil {
		return wrapReading(err, "sequences")
	}
	// A sequence that cannot be moved, a descending one for example, is left where it is.
	_, err = f.session.ask(ctx, questions)
	return err
}

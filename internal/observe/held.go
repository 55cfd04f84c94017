package observe

import (
	"context"
	"encoding/json"

	"github.com/migvet/migvet/lint"
)

// held is what tables held before a statement that may drop them or change
// their values: counts by "schema.table" and "schema.table.column", and hashes
// of the columns whose type changes.
type held struct {
	counts map[string]int64
	hashes []json.RawMessage
	hashed map[string]bool // by "schema.table.column"
}

// hold counts rows and values before the statement runs: a dropped table cannot be
// asked any more.
func (o *Observer) hold(ctx context.Context, s *lint.Statement, names []name, before *lint.Schema) (held, error) {
	h := held{counts: map[string]int64{}, hashed: map[string]bool{}}
	if err := h.hash(ctx, o.conn, typeChanges(s, before)); err != nil {
		return h, err
	}
	switch dropScopeOf(s) {
	case dropsNothing:
		return h, nil
	case dropsAnything:
		names = nil
	}
	counts, err := countValues(ctx, o.conn, names)
	for _, c := range counts {
		h.counts[c.qname()] = c.N
	}
	return h, err
}

// lost notes what a dropped object held.
func (h held) lost(o *lint.CatalogObject) {
	switch o.Kind {
	case "table", "table column", "materialized view":
		o.Values = h.counts[o.Name]
	}
}

package drizzlekit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// deltaFile is a snapshot of version 9: everything in the first of a chain,
// changes in the others.
type deltaFile struct {
	Type    string
	ID      string
	PrevIDs []string
	DDL     []fields
	Deltas  []delta
}

// A delta changes one entity. Its key is the kind and, behind a NUL, the
// names as a JSON list.
type delta struct {
	Op  string
	Key string
	Row fields
	Set fields
}

// replayDeltas makes what files, in the order of their migrations, add up to. Where
// the history has several ends, drizzle-kit takes all of them together too.
func replayDeltas(files []File) (*Snapshot, error) {
	var s state
	known := map[string]bool{rootID: true}
	for _, f := range files {
		var d deltaFile
		if err := json.Unmarshal(f.Data, &d); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		for _, p := range d.PrevIDs {
			if !known[p] {
				return nil, fmt.Errorf("%s: the snapshot %s that it was made from does not exist before it", f.Path, p)
			}
		}
		known[d.ID] = true
		if err := s.apply(d); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return s.snapshot()
}

// state is the entities of a snapshot as they are built up.
type state struct{ entities []fields }

type fields map[string]any

func (s *state) apply(d deltaFile) error {
	for _, row := range d.DDL {
		s.create(row)
	}
	for _, change := range d.Deltas {
		i := s.find(change.Key)
		switch {
		case change.Op == "create":
			s.create(change.Row)
		case i < 0: // what another branch dropped is gone already
		case change.Op == "drop":
			s.entities = slices.Delete(s.entities, i, i+1)
		case change.Op == "alter":
			maps.Copy(s.entities[i], change.Set)
		case change.Op == "rename":
			s.rename(s.entities[i], change.Set)
		default:
			return fmt.Errorf("a change of the kind %q is not known", change.Op)
		}
	}
	return nil
}

// create adds an entity, unless another branch made the same one.
func (s *state) create(row fields) {
	if i := s.find(row.key()); i >= 0 {
		s.entities[i] = row
		return
	}
	s.entities = append(s.entities, row)
}

// find returns the index of the entity with a key, or -1.
func (s *state) find(key string) int {
	return slices.IndexFunc(s.entities, func(e fields) bool { return e.key() == key })
}

// key is built as drizzle-kit builds it: of schema, table and name, as far as
// the kind has them.
func (f fields) key() string {
	parts := []any{}
	for _, field := range []string{"schema", "table", "name"} {
		if value, has := f[field]; has {
			parts = append(parts, value)
		}
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(parts); err != nil {
		return ""
	}
	return fmt.Sprint(f["entityType"]) + "\x00" + strings.TrimSuffix(text.String(), "\n")
}

func (s *state) snapshot() (*Snapshot, error) {
	var rows []json.RawMessage
	for _, e := range s.entities {
		row, err := json.Marshal(e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return fromEntities(rows)
}

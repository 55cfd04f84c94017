package lint

import (
	"cmp"
	"slices"
	"strings"
)

// An Edit replaces a part of a file: one step of a repair that needs no
// thought. An empty span inserts.
type Edit struct {
	Span
	Text string
}

// Editing says what may be changed in the text of a history's new migrations.
type Editing struct {
	Sealed    bool   // a checksum in the repository covers the files: nothing
	Generated bool   // from a schema kept elsewhere: nothing that makes another schema
	Separator string // what ends a statement in these files; "" means a semicolon and a new line

	// Reread reads a migration's file as it is after edits; nil, also as its
	// result, means that nothing but places changes.
	Reread func(m *Migration, edits []Edit) *Migration
}

// ApplyEdits makes the edits that lie in the text and do not overlap with an
// earlier one. It returns the new text and how many edits it made.
func ApplyEdits(text string, edits []Edit) (string, int) {
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b Edit) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	var b strings.Builder
	done, made := 0, 0
	for _, e := range edits {
		if e.Start < done || e.End < e.Start || e.End > len(text) {
			continue
		}
		b.WriteString(text[done:e.Start])
		b.WriteString(e.Text)
		done = e.End
		made++
	}
	b.WriteString(text[done:])
	return b.String(), made
}

// edited returns the migration with its text changed.
func (m *Migration) edited(edits []Edit) *Migration {
	out := &Migration{Path: m.Path, Name: m.Name, Tx: m.Tx, Opaque: m.Opaque, Chunks: make([]Span, 0, len(m.Chunks))}
	out.Source, _ = ApplyEdits(m.Source, edits)
	for _, c := range m.Chunks {
		out.Chunks = append(out.Chunks, Span{movedOffset(c.Start, edits, false), movedOffset(c.End, edits, true)})
	}
	return out
}

// movedOffset returns where an offset is after the edits. What is inserted at the
// end of a chunk belongs to it.
func movedOffset(offset int, edits []Edit, end bool) int {
	by := 0
	for _, e := range edits {
		if e.Start < offset || end && e.Start == offset && e.End == offset {
			by += len(e.Text) - (e.End - e.Start)
		}
	}
	return offset + by
}

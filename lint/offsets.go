package lint

// A Replacement is a part of a file that the migration tool replaces before it
// sends the file: a placeholder.
type Replacement struct {
	In   Span // in the file
	Made Span // in Source, what stands there instead
}

// InFile returns the bytes of the file that a part of Source came from. What
// lies in a replacement comes from the whole placeholder.
func (m *Migration) InFile(at Span) Span {
	if at.Start == NoPos || len(m.Replaced) == 0 {
		return at
	}
	return Span{Start: m.inFile(at.Start, false), End: m.inFile(at.End, true)}
}

// Place returns the bytes of the file in which a statement of the migration
// stands.
func (m *Migration) Place(s *Statement) Span { return m.InFile(Span{Start: s.Start, End: s.End}) }

// inFile converts one offset. A start inside of a replacement becomes the start of
// the placeholder, an end the end of it.
func (m *Migration) inFile(offset int, isEnd bool) int {
	moved := offset
	for _, r := range m.Replaced {
		switch {
		case offset < r.Made.Start || isEnd && offset == r.Made.Start:
			return moved
		case isEnd && offset <= r.Made.End:
			return r.In.End
		case offset < r.Made.End:
			return r.In.Start
		}
		moved = offset - r.Made.End + r.In.End
	}
	return moved
}

// inFiles turns offsets in what runs into offsets in files: behind a placeholder
// $schema that became "public" they differ.
func inFiles(findings []Finding) {
	for i, f := range findings {
		if f.migration != nil {
			at := f.migration.InFile(Span{Start: f.Start, End: f.End})
			findings[i].Start, findings[i].End = at.Start, at.End
		}
	}
}

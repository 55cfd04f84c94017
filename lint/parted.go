package lint

import pg "github.com/pganalyze/pg_query_go/v5"

// A Parted is a token of a file that the end of one of its messages lies in:
// the tool cuts it in two.
type Parted struct {
	Span
	Token pg.Token
}

// Parted returns the token that the end of a message lies in; ok is false when
// the message ends between two.
func (m *Migration) Parted(chunk int) (p Parted, ok bool) {
	m.findOnce.Do(func() { m.parted = m.findParted() }) // several walks ask at once
	p, ok = m.parted[chunk]
	return p, ok
}

// findParted scans the file once, as if it were one message.
func (m *Migration) findParted() map[int]Parted {
	found, chunk := map[int]Parted{}, 0
	clean, _ := scannablePart(m.Source)
	_, _ = eachWindow(clean, scanWindow, func(w tokens) bool {
		for _, t := range w.list {
			start, end := w.base+int(t.start), w.base+int(t.end)
			for chunk < len(m.Chunks) && m.Chunks[chunk].End < start {
				chunk++
			}
			for ; chunk < len(m.Chunks) && m.Chunks[chunk].End < end; chunk++ {
				found[chunk] = Parted{Span{start, end}, t.kind}
			}
		}
		return chunk < len(m.Chunks)
	})
	return found
}

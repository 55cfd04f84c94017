package report

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/noun"
)

// A page grows to a limit in bytes; what no longer fits is left out as a whole
// and counted.
type page struct {
	limit   int
	missing int // parts left out
	out     strings.Builder
}

// pageReserve is kept for what closes an open part, and for the last note.
const pageReserve = 1 << 10

// add reports whether the part fitted.
func (p *page) add(part string) bool {
	if p.missing > 0 || p.out.Len()+len(part) > p.limit-pageReserve {
		p.missing++
		return false
	}
	p.out.WriteString(part)
	return true
}

// close ends a part that was added; it always fits.
func (p *page) close(part string) { p.out.WriteString(part) }

func (p *page) finish() string {
	if p.missing > 0 {
		fmt.Fprintf(&p.out, "**%s left out** to keep below GitHub's limit of %s; the log and the JSON report hold everything.\n", noun.Count(p.missing, "line"), p.above())
	}
	return p.out.String()
}

// table adds a table, or nothing when it has no rows.
func (p *page) table(title string, header []string, rows [][]string, after string) {
	if len(rows) == 0 {
		return
	}
	rule := strings.Repeat("| --- ", len(header)) + "|\n"
	if !p.add(title + tableRow(header...) + rule + tableRow(rows[0]...)) {
		p.missing += len(rows) - 1
		return
	}
	for _, cells := range rows[1:] {
		p.add(tableRow(cells...))
	}
	p.close(after + "\n")
}

// above is the limit of GitHub that the page keeps below.
func (p *page) above() string {
	if p.limit > MaxComment {
		return "1 MiB"
	}
	return "65,536 characters"
}

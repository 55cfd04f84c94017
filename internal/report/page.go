package report

import (
	"fmt"
	"strings"
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

// add tells whether the part fitted.
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
		fmt.Fprintf(&p.out, "**%s left out** to keep below GitHub's limit of 1 MiB; the log and the JSON report hold everything.\n", plural(p.missing, "line"))
	}
	return p.out.String()
}

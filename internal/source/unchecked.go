package source

import (
	"fmt"
	"slices"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
)

// Unchecked is something of a folder that could not be checked, and why.
type Unchecked struct {
	Path   string
	Reason string

	// Known: it is so on the base branch, too, and no fault of the branch under review.
	Known bool

	Panic *rescue.Panic // what kept it from being checked; nil for everything else
}

// unchecked is what head could not be checked for. What is so on the base, too, is
// known.
func (r *review) unchecked() []Unchecked {
	all := slices.Concat(r.to.unchecked, r.attributed(), r.backwardAlone())
	before := map[Unchecked]bool{}
	if r.from != nil {
		for _, u := range r.from.unchecked {
			before[u] = true
		}
	}
	seen := map[Unchecked]bool{}
	var told []Unchecked
	for _, u := range all {
		u.Known = before[u] && !slices.Contains(r.to.doubts, u)
		if !seen[u] {
			seen[u] = true
			told = append(told, u)
		}
	}
	return slices.Concat(told, r.leftOut(), r.forOthers(), r.ofOtherRoots())
}

// An OpaqueGroup are migrations that nobody here can read, for one reason.
type OpaqueGroup struct{ Path, Who, Why string }

// OpaqueTogether gathers migrations that nobody here can read by their reasons: a folder
// of templates has one.
func OpaqueTogether(ms []*lint.Migration) (all []OpaqueGroup) {
	times := map[string]int{}
	for _, m := range ms {
		times[m.Opaque]++
	}
	for _, m := range ms {
		n := times[m.Opaque]
		if m.Opaque == "" || n == 0 {
			continue
		}
		times[m.Opaque] = 0
		who := m.Name
		if n > 1 {
			who = fmt.Sprintf("%s, like %d more,", m.Name, n-1)
		}
		all = append(all, OpaqueGroup{m.Path, who, m.Opaque})
	}
	return all
}

package source

import (
	"slices"

	"github.com/migvet/migvet/internal/rescue"
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
	return told
}

package source

import "slices"

// Unchecked is something of a folder that could not be checked, and why.
type Unchecked struct {
	Path   string
	Reason string

	// Known: it is so on the base branch, too, and no fault of the branch under review.
	Known bool
}

// unchecked is what head could not be checked for. What is so on the base, too, is
// known.
func (r *review) unchecked() []Unchecked {
	all := slices.Concat(r.to.unchecked, r.attributed(), r.backwardAlone())
	seen := map[Unchecked]bool{}
	var told []Unchecked
	for _, u := range all {
		u.Known = r.from != nil && slices.Contains(r.from.unchecked, u) && !slices.Contains(r.to.doubts, u)
		if !seen[u] {
			seen[u] = true
			told = append(told, u)
		}
	}
	return told
}

package lint

import (
	"fmt"
	"slices"
)

// DidYouMean returns "; did you mean …?" with the candidate nearest to a
// misspelt name, or "" when none is near.
func DidYouMean(name string, candidates []string) string {
	if len(name) > maxMisspelt {
		return ""
	}
	best, distance := "", len(name)/3+1
	for _, c := range candidates {
		d := editDistance(name, c)
		if d < distance || d == distance && commonPrefix(name, c) > commonPrefix(name, best) {
			best, distance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// DidYouSlip is [DidYouMean] for what is dropped: only of a name that a slip of one or two
// letters turns into the other. Who follows "updated_at does not exist; did you mean
// created_at?" loses a column.
func DidYouSlip(name string, candidates []string) string {
	return DidYouMean(name, slices.DeleteFunc(slices.Clone(candidates), func(c string) bool { return len(name) > maxMisspelt || editDistance(name, c) > 2 }))
}

// maxMisspelt is the longest name that is compared, in bytes: the time it takes
// grows with the product of the lengths.
const maxMisspelt = 200

func commonPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

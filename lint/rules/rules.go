// Package rules holds migvet's rules, one a file. A rule's documentation is
// part of it; README.md and `migvet explain` print it.
//
// Rules whose Check is nil are reported by the readers of migration tools and
// by the trial; they stand here so that every identifier is documented in one
// place.
package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// All returns every rule, in the order of groups and then of identifiers.
func All() []*lint.Rule {
	all := slices.Concat(history(), drops(), notNulls(), defaults(), cascades(), locks(), trials(), meta())
	slices.SortStableFunc(all, func(a, b *lint.Rule) int {
		if a.Group != b.Group {
			return 0
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

// meta lists the rules about migvet's own reading of the files.
func meta() []*lint.Rule {
	return []*lint.Rule{lint.IgnoreUnused, lint.IgnoreInvalid, syntaxError, notAnalysed}
}

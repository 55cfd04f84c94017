// Package rules holds migvet's rules, one a file. A rule's documentation is
// part of it; README.md and `migvet explain` print it.
//
// Rules whose Check is nil are reported by the readers of migration tools and
// by the trial; they stand here so that every identifier is documented in one
// place.
package rules

import (
	"cmp"
	"slices"

	"github.com/migvet/migvet/lint"
)

// groups is the order of the documentation: what only a history shows, what is
// lost, what is wrong, who waits, who sees what, and last what is taste.
var groups = []lint.Group{
	lint.GroupHistory, lint.GroupDrop, lint.GroupNotNull, lint.GroupDefault, lint.GroupCascade, lint.GroupLock, lint.GroupCompat,
	lint.GroupTx, lint.GroupData, lint.GroupSecurity, lint.GroupTrial, lint.GroupStyle, lint.GroupMeta,
}

// All returns every rule, in the order of groups and then of identifiers.
func All() []*lint.Rule {
	all := slices.Concat(
		history(), drops(), notNulls(), defaults(), cascades(), locks(), partitions(), compat(), tx(), data(), security(), trials(), style(), meta(),
	)
	slices.SortFunc(all, func(a, b *lint.Rule) int {
		return cmp.Or(
			cmp.Compare(slices.Index(groups, a.Group), slices.Index(groups, b.Group)),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return all
}

// meta lists the rules about migvet's own reading of the files.
func meta() []*lint.Rule {
	return []*lint.Rule{
		lint.IgnoreUnused, lint.IgnoreInvalid, syntaxError, notAnalysed,
		byteOrderMark, psqlCommand, copyWithoutRows, templateUnfilled, lint.RestNotLinted,
	}
}

package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// lostPhrases say what a part of a table is called that has no name of its own, or one of a
// column.
var lostPhrases = map[string]string{
	"default":                    "the default of",
	"identity":                   "the identity of",
	"generated":                  "the expression of",
	"not null":                   "NOT NULL of",
	"comment":                    "comments",
	"row security":               "row level security",
	"row security for the owner": "row level security for its owner",
	"replica identity":           "the replica identity",
	"partition of":               "the place under its parent",
	"inherits":                   "the place under its parent",
	"options":                    "storage parameters",
	"publication":                "the place in publication",
}

// lostFirst are the kinds that are told first, of which a reader has to know most.
var lostFirst = []string{"column", "primary key", "unique constraint", "foreign key", "check constraint", "exclusion constraint", "identity", "default", "generated", "not null", "index", "row security"}

func lostRank(o lint.CatalogObject) int {
	if i := slices.Index(lostFirst, o.Kind); i >= 0 {
		return i
	}
	return len(lostFirst)
}

// lostWords names parts of a table by their kinds: "primary key events_pkey", "the default
// of kind and at".
func lostWords(lost []lint.CatalogObject) (words []string) {
	lost = slices.SortedStableFunc(slices.Values(lost), func(a, b lint.CatalogObject) int { return lostRank(a) - lostRank(b) })
	for len(lost) > 0 {
		kind := lost[0].Kind
		var names []string
		for _, o := range lost {
			if o.Kind == kind && o.Name != "" && kind != "comment" {
				names = append(names, o.Name)
			}
		}
		words = append(words, strings.TrimSpace(lostPhrase(kind, len(names))+" "+listed(names)))
		lost = slices.DeleteFunc(lost, func(o lint.CatalogObject) bool { return o.Kind == kind })
	}
	return words
}

func lostPhrase(kind string, count int) string {
	if phrase := lostPhrases[kind]; phrase != "" {
		return phrase
	}
	if count < 2 {
		return kind
	}
	return pluralOf(kind)
}

func pluralOf(kind string) string {
	switch {
	case strings.HasSuffix(kind, "y") && !strings.HasSuffix(kind, "ey"):
		return strings.TrimSuffix(kind, "y") + "ies"
	case strings.HasSuffix(kind, "x"):
		return kind + "es"
	}
	return kind + "s"
}

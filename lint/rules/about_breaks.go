package rules

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// isOfRights tells a privilege that is missing from code that is wrong.
func isOfRights(b lint.Break) bool { return b.Err != nil && b.Err.SQLState == "42501" }

// inCode names the functions in which something was refused: ", in user_name(bigint), called
// by posts_byline()".
func inCode(b lint.Break) string {
	if len(b.Code) == 0 {
		return ""
	}
	return ", in " + strings.Join(b.Code, ", called by ")
}

// deeds says what someone does, and the verb that goes with it: "INSERT and UPDATE of
// invoices fail", "SELECT of posts and users fail".
func deeds(p *lint.Pass, b lint.Break, one, several string) string {
	var lists []string
	verbs := map[string][]string{} // by table
	tables := map[string][]string{}
	for _, d := range b.Does {
		verbs[d.Of] = append(verbs[d.Of], d.Verb)
	}
	for _, d := range b.Does {
		list := listed(withoutVariants(verbs[d.Of]))
		if !slices.Contains(lists, list) {
			lists = append(lists, list)
		}
		if name := unqualified(p, d.Of); !slices.Contains(tables[list], name) {
			tables[list] = append(tables[list], name)
		}
	}
	for i, list := range lists {
		if len(tables[list]) > 1 || len(lists) > 1 || strings.Contains(list, " and ") {
			one = several
		}
		lists[i] = list + " of " + listed(tables[list])
	}
	return strings.Join(lists, ", ") + " " + one
}

// withoutVariants leaves out "INSERT without columns …" beside INSERT.
func withoutVariants(verbs []string) []string {
	return slices.DeleteFunc(slices.Clone(verbs), func(verb string) bool {
		first, _, is := strings.Cut(verb, " without ")
		return is && slices.Contains(verbs, first)
	})
}

// breaksOf is what a statement breaks, as far as a server showed it.
func breaksOf(p *lint.Pass) []lint.Break {
	if !p.Tried() {
		return nil
	}
	return p.Effect().Breaks
}

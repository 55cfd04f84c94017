package rules

import (
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
// invoices fail".
func deeds(p *lint.Pass, b lint.Break, one, several string) string {
	var parts []string
	verbs := map[string][]string{}
	for _, d := range b.Does {
		verbs[d.Of] = append(verbs[d.Of], d.Verb)
	}
	for _, d := range b.Does {
		if all := verbs[d.Of]; all[0] == d.Verb {
			parts = append(parts, listed(all)+" of "+unqualified(p, d.Of))
		}
	}
	if len(b.Does) > 1 {
		one = several
	}
	return listed(parts) + " " + one
}

// breaksOf is what a statement breaks, as far as a server showed it.
func breaksOf(p *lint.Pass) []lint.Break {
	if !p.Tried() {
		return nil
	}
	return p.Effect().Breaks
}

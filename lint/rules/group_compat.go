package rules

import "github.com/migvet/migvet/lint"

// compat lists the rules about the code that still runs during the deploy
// that are not about names.
func compat() []*lint.Rule {
	return []*lint.Rule{columnRequired, functionChanged, functionOverloaded, viewChanged, constraintDeferrableChanged}
}

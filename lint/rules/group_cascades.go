package rules

import "github.com/migvet/migvet/lint"

func cascades() []*lint.Rule {
	return []*lint.Rule{}
}

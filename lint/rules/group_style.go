package rules

import "github.com/migvet/migvet/lint"

func style() []*lint.Rule {
	return []*lint.Rule{}
}

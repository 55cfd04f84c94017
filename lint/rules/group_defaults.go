package rules

import "github.com/migvet/migvet/lint"

func defaults() []*lint.Rule {
	return []*lint.Rule{}
}

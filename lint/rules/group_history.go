package rules

import "github.com/migvet/migvet/lint"

func history() []*lint.Rule {
	return []*lint.Rule{}
}

package rules

import "github.com/migvet/migvet/lint"

func drops() []*lint.Rule {
	return []*lint.Rule{}
}

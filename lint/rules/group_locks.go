package rules

import "github.com/migvet/migvet/lint"

func locks() []*lint.Rule {
	return []*lint.Rule{}
}

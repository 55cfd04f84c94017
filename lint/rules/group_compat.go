package rules

import "github.com/migvet/migvet/lint"

func compat() []*lint.Rule {
	return []*lint.Rule{}
}

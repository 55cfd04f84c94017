package rules

import "github.com/migvet/migvet/lint"

func notNulls() []*lint.Rule {
	return []*lint.Rule{}
}

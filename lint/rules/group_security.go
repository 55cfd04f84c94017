package rules

import "github.com/migvet/migvet/lint"

func security() []*lint.Rule {
	return []*lint.Rule{}
}

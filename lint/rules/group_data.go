package rules

import "github.com/migvet/migvet/lint"

func data() []*lint.Rule {
	return []*lint.Rule{}
}

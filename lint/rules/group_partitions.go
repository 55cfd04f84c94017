package rules

import "github.com/migvet/migvet/lint"

func partitions() []*lint.Rule {
	return []*lint.Rule{}
}

package rules

import "github.com/migvet/migvet/lint"

// notNulls lists the rules about NOT NULL that is missing or hurts.
func notNulls() []*lint.Rule {
	return []*lint.Rule{notNullFails, notNullScans, notNullMissing, notNullMissingStrict}
}

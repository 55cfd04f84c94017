package rules

import "github.com/migvet/migvet/lint"

// defaults lists the rules about DEFAULT: wrong values, and what they cost.
func defaults() []*lint.Rule {
	return []*lint.Rule{
		defaultFrozen, defaultQuotedExpression, defaultNull, defaultTooLong, defaultOutOfRange, defaultRounded,
		defaultInvalid, defaultVolatile, defaultShared, defaultTimezone,
		defaultNotBackfilled, defaultSentinel,
	}
}

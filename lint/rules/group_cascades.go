package rules

import "github.com/migvet/migvet/lint"

// cascades lists the rules about foreign keys.
func cascades() []*lint.Rule {
	return []*lint.Rule{
		cascadeDelete,
		cascadeUpdate,
		foreignKeyActionMissing,
		foreignKeyPartlyNull,
		foreignKeyActionChanged,
		foreignKeyNullViolates,
		foreignKeyTypeMismatch,
		foreignKeyUnindexed,
	}
}

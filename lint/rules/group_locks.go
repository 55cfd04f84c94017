package rules

import "github.com/migvet/migvet/lint"

// locks lists the rules about who waits, what runs in which transaction, and
// what breaks the code that is still running.
func locks() []*lint.Rule {
	return []*lint.Rule{
		columnTypeRewrites,
		constraintScans,
		domainColumnRewrites,
		foreignKeyLocksReferenced,
		indexNotConcurrent,
		lockHeldDuringWork,
		materializedViewRefreshed,
		refreshWithoutUniqueIndex,
		tableRewritten,
		tableRewrittenTwice,

		columnRenamed,
		columnTypeChanged,
		tableRenamed,

		concurrentlyInTransaction,
		enumValueUsed,
		notValidValidatedTogether,
		transactionControl,
	}
}

package rules

import "github.com/migvet/migvet/lint"

// tx lists the rules about transactions and the session that are not among
// those about locks.
func tx() []*lint.Rule {
	return []*lint.Rule{tablesLockedTogether, sessionChanged, lockTimeoutMissing, materializedViewFilled, statementTimeoutMissing}
}

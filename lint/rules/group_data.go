package rules

import "github.com/migvet/migvet/lint"

// data lists the rules about the rows that a migration changes or brings, and
// about what keeps them whole.
func data() []*lint.Rule {
	return []*lint.Rule{
		updateWithoutWhere, deleteWithoutWhere, backfillUnbatched, insertSeed,
		autovacuumDisabled, checkVolatile, columnValuesChanged, constraintLeftNotValid, constraintNotEnforced, indexDuplicate, unloggedTable,
		floatAmount, sequenceBehind, statisticsWithoutAnalyze, storageOfNewRows, tableDiffers,
	}
}

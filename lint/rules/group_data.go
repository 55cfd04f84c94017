package rules

import "github.com/migvet/migvet/lint"

// data lists the rules about the rows that a migration changes or brings.
func data() []*lint.Rule {
	return []*lint.Rule{updateWithoutWhere, deleteWithoutWhere, backfillUnbatched, insertSeed}
}

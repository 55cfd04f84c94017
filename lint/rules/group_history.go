package rules

import "github.com/migvet/migvet/lint"

// history lists the rules about the folder of migrations as a whole. The
// readers of migration tools report them, by the exported values.
func history() []*lint.Rule {
	return []*lint.Rule{
		MigrationEdited, MigrationDeleted, MigrationRenamed, MigrationOutOfOrder,
		MigrationDuplicate, MigrationOrphaned, MigrationMissing, JournalInvalid, FileUnreadable,
	}
}

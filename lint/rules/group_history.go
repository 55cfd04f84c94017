package rules

import "github.com/migvet/migvet/lint"

// history lists the rules about the folder of migrations as a whole, and about
// how its tool reads the files. The readers of migration tools report those
// that are exported.
func history() []*lint.Rule {
	return []*lint.Rule{
		MigrationEdited, MigrationDeleted, MigrationRenamed, MigrationOutOfOrder,
		HistoryTableChanged, ToolChanged, PlacesChanged, MarkerForeign, MigrationDuplicate, MigrationOrphaned, MigrationMissing, MigrationGhost, SchemaNotMigrated, JournalInvalid, FileUnreadable,
		SnapshotMissing, SnapshotCollision, SnapshotInvalid, SnapshotOrphaned, PrefixNone, DownMissing,
		BreakpointInLiteral, BreakpointMisspelt, baselineCommentedOut, constraintNamePlaceholder, SeveralStatementsSent, DrizzleUpBlocked,
	}
}

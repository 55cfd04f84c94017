package rules

import "github.com/migvet/migvet/lint"

// MigrationIrreversible is reported by the trial.
var MigrationIrreversible = &lint.Rule{
	ID: "migration-irreversible", Group: lint.GroupTrial, Severity: lint.Warning, Measured: true,
	Title: "The down does not take back what the migration did",
	Why: `Nobody runs a down before the night it is needed. migvet runs the downs of the new migrations in reverse order, as their tool does, and
compares the schema with the one before; then it runs the migrations again. A down that is refused, leaves something behind, brings something back
differently, or after which the migration does not run again, is no way back. Each down answers for what is not there behind it, in one finding: what an older one has forgotten is not missed by the next. It is run on tables with rows too: SET NOT NULL in a down fails there.`,
	Fix: "Correct the down. What cannot be taken back (a dropped column's values, a value added to an enum) is better said in a down that fails with a clear message, or by leaving it out.",
}

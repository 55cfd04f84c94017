package rules

import "github.com/migvet/migvet/lint"

func trials() []*lint.Rule {
	return []*lint.Rule{DoesNotApply, FailsOnRows, MayFailOnRows, MigrationSkipped, BootstrapFails, MigrationIrreversible, SnapshotDrift, NotAtomic, RunnerBlocked, noEffect, codeNotRun}
}

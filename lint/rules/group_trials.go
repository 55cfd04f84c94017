package rules

import "github.com/migvet/migvet/lint"

func trials() []*lint.Rule {
	return []*lint.Rule{DoesNotApply, FailsOnRows, MayFailOnRows, MigrationSkipped, BootstrapFails, SnapshotDrift, NotAtomic, RunnerBlocked, noEffect}
}

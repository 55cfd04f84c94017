package cli

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// tryRepairs runs the base where the branch has changed migrations of it and adds none: what
// cannot have run on the base may be changed. Where nothing can be run, the edit is an edit.
func (v *verdict) tryRepairs(ctx context.Context, env Env, t trialFlags) {
	edited := slices.DeleteFunc(slices.Clone(v.sources), func(s *source.Source) bool { return !slices.ContainsFunc(s.Findings, isEdit) })
	if len(edited) == 0 {
		return
	}
	err := v.onServer(ctx, env, t, func(ctx context.Context, server *postgres.Server) {
		for _, s := range edited {
			v.survive(s.Dir, "the trial", func() { v.tryRepairsOf(ctx, env, t, server, s) })
		}
	})
	if err != nil {
		env.progress("edited migrations were not tried: %v", err)
	}
}

func (v *verdict) tryRepairsOf(ctx context.Context, env Env, t trialFlags, server *postgres.Server, s *source.Source) {
	o, err := v.trialOptions(env, t, server, s)
	if err != nil {
		return // with the base unread, nothing is known of it
	}
	if result, err := trial.Run(ctx, o); err == nil {
		v.noteRepairs(s, result.Repaired)
	}
}

func isEdit(f lint.Finding) bool {
	return f.Rule == rules.MigrationEdited.ID && f.Severity == lint.Error
}

// noteRepairs makes a warning of the edit of a migration that cannot have run as the base has
// it.
func (v *verdict) noteRepairs(s *source.Source, repaired []trial.Repaired) {
	for _, r := range repaired {
		for i := range s.Findings {
			if f := &s.Findings[i]; isEdit(*f) && f.Path == r.Migration.Path {
				f.Message = v.repairText(r)
				if r.Applies {
					f.Severity = lint.Warning
				}
			}
		}
	}
}

func (v *verdict) repairText(r trial.Repaired) string {
	branch := cmp.Or(v.project.branch, "the base branch")
	stops := fmt.Sprintf("as it is on %s it stops on what the migrations before it make (%s)", branch, r.Stops)
	if !r.Applies {
		return fmt.Sprintf("%s was changed here; %s, and the new text does not apply either", r.Migration.Name, stops)
	}
	return fmt.Sprintf("%s was changed here, which repairs it: %s, and the new text applies in its place; a database where the old one has run all the same, since it has other objects, stays as that left it", r.Migration.Name, stops)
}

// configuredAsOnBase tells whether the branch's configuration says what the base's says.
func (p *project) configuredAsOnBase() bool {
	if p.flags.Strangers {
		return true // the base's counts
	}
	base, err := p.baseConfig()
	return p.tree != nil && err == nil && reflect.DeepEqual(base, p.config)
}

package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/drizzlekit"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// generateAll lets drizzle-kit say which folders lack a migration, in place of
// what their schema files let guess.
func (v *verdict) generateAll(ctx context.Context) {
	if v.project.flags.Strangers {
		v.project.notes = append(v.project.notes, "drizzle-kit generate was not run: it runs code of the branch, which may be anybody's")
		return
	}
	asked := false
	for _, s := range v.sources {
		if s.Tool != source.Drizzle && s.Tool != source.Drizzle1 {
			continue
		}
		asked = true
		if err := v.generate(ctx, s); err != nil {
			v.blind = true
			v.unchecked = append(v.unchecked, report.Unchecked{Path: cmp.Or(s.Config, s.Dir), Start: lint.NoPos, Reason: fmt.Sprintf("whether a migration is missing (--drizzle-generate): %v", err)})
		}
	}
	if !asked {
		v.project.notes = append(v.project.notes, "--drizzle-generate has nothing to do: no folder is Drizzle's")
	}
}

func (v *verdict) generate(ctx context.Context, s *source.Source) error {
	if s.Config == "" {
		return errors.New(`no drizzle.config names the folder; write its out: as a literal, or run drizzle-kit generate yourself`)
	}
	v.project.env.progress("asking drizzle-kit whether %s lacks a migration", s.Dir)
	g, err := drizzlekit.Generate(ctx, drizzlekit.Project{Root: v.project.root, Config: s.Config, Out: s.Dir, Getenv: v.project.env.Getenv})
	if err != nil {
		return err
	}
	at := s.Config
	s.Findings = slices.DeleteFunc(s.Findings, func(f lint.Finding) bool {
		if f.Rule != rules.SchemaNotMigrated.ID {
			return false
		}
		at = f.Path
		return true
	})
	if g.SQL != "" || g.Asks {
		s.Findings = append(s.Findings, notMigrated(s, at, g))
	}
	return nil
}

// notMigrated is proven: drizzle-kit has something to write.
func notMigrated(s *source.Source, at string, g drizzlekit.Generation) lint.Finding {
	message := fmt.Sprintf("the schema files declare what no migration in %s makes, so the code meets a database without it; run drizzle-kit generate", s.Dir)
	kit := strings.TrimSpace("drizzle-kit " + g.Version)
	evidence := kit + " generate asks what is renamed and what is new"
	if g.SQL != "" {
		evidence = fmt.Sprintf("%s generate writes %s", kit, outlineSQL(g.SQL))
	}
	f := rules.SchemaNotMigrated.AtFile(at, message)
	f.Severity, f.Evidence = lint.Warning, evidence
	return f
}

// maxOutline is how much of a statement is shown, in characters.
const maxOutline = 80

// outlineSQL shows how a migration begins, and how much there is.
func outlineSQL(sql string) string {
	spans := lint.Split(sql)
	if len(spans) == 0 {
		return "a migration"
	}
	text := []rune(strings.Join(strings.Fields(sql[spans[0].Start:spans[0].End]), " "))
	if len(text) > maxOutline {
		text = append(text[:maxOutline], '…')
	}
	switch n := len(spans) - 1; n {
	case 0:
		return string(text)
	case 1:
		return string(text) + " and another statement"
	default:
		return fmt.Sprintf("%s and %d more statements", string(text), n)
	}
}

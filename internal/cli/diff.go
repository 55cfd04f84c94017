package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint/rules"
)

type diffCmd struct {
	changeFlags
	trialFlags

	Format string `help:"text, json, markdown or mermaid." default:"text" placeholder:"FORMAT"`
}

// Run prints what the new migrations make of the schema, and nothing else.
func (c *diffCmd) Run(ctx context.Context, env Env) error {
	format, err := report.SchemaFormat(c.Format)
	if err != nil {
		return usageError(fmt.Errorf("--format: %w", err))
	}
	c.Only = trial.OnlySchema
	r, err := inTime(reviewOnce)(ctx, env, reviewFlags{changeFlags: c.changeFlags}, &c.trialFlags)
	if err != nil {
		return err
	}
	if r.SchemaUnknown {
		return uncheckedError(fmt.Errorf("what the new migrations make of the schema is not known: %s", whyUnknown(r)))
	}
	for _, u := range r.Unchecked {
		fmt.Fprintf(env.Stderr, "migvet: not checked: %s\n", told(u))
	}
	return format(env.Stdout, r)
}

// whyUnknown joins the refusals with what could not be checked.
func whyUnknown(r *report.Report) string {
	var why []string
	for _, f := range r.Findings {
		if f.Rule == rules.DoesNotApply.ID || f.Cause != "" {
			why = append(why, f.Path+": "+f.Message)
		}
	}
	for _, u := range r.Unchecked {
		why = append(why, told(u))
	}
	return strings.Join(why, "; ")
}

// told is what could not be checked. What is about the whole repository names no path.
func told(u report.Unchecked) string {
	if u.Path == "" {
		return u.Reason
	}
	return u.Path + ": " + u.Reason
}

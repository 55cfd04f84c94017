package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

type explainCmd struct {
	Rule string `arg:"" help:"Identifier of the rule, such as column-dropped."`
}

func (c *explainCmd) Run(env Env) error {
	for _, r := range rules.All() {
		if r.ID == c.Rule {
			fmt.Fprintf(env.Stdout, "%s (%s, %s)\n%s\n\n%s\n\n%s\n", r.ID, r.Group, severityText(r), r.Title,
				wrapMarkdown(strings.TrimSpace(r.Why), explainWidth), wrapMarkdown(strings.TrimSpace(r.Fix), explainWidth))
			return nil
		}
	}
	return usageError(fmt.Errorf("there is no rule %q%s; migvet rules lists them", c.Rule, lint.DidYouMean(c.Rule, lint.RuleIDs(rules.All()))))
}

func severityText(r *lint.Rule) string {
	if r.Severity == lint.Off {
		return "opt-in"
	}
	return r.Severity.String()
}

type rulesCmd struct {
	Format string `help:"text or json." enum:"text,json" default:"text"`
}

func (c *rulesCmd) Run(env Env) error {
	if c.Format == "json" {
		return writeRulesJSON(env)
	}
	var group lint.Group
	for _, r := range rules.All() {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(env.Stdout, "%s\n", group)
		}
		fmt.Fprintf(env.Stdout, "  %-30s %-8s %s\n", r.ID, severityText(r), r.Title)
	}
	return nil
}

func writeRulesJSON(env Env) error {
	type row struct {
		ID       string        `json:"id"`
		Group    lint.Group    `json:"group"`
		Severity lint.Severity `json:"severity"`
		Title    string        `json:"title"`
		Why      string        `json:"why"`
		Fix      string        `json:"fix"`
	}
	var rows []row
	for _, r := range rules.All() {
		rows = append(rows, row{r.ID, r.Group, r.Severity, r.Title, strings.TrimSpace(r.Why), strings.TrimSpace(r.Fix)})
	}
	e := json.NewEncoder(env.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(rows)
}

type versionCmd struct{}

func (*versionCmd) Run(env Env) error {
	_, err := fmt.Fprintf(env.Stdout, "migvet %s\n", env.Version)
	return err
}

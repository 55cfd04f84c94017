package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/internal/mutate"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// TestRulesBeforeRename runs every case once more with a migration behind it that
// gives all tables and what they have other names, and wants the same findings about
// the case: a rule that looks for what is there in the end by its name of now finds
// nothing, or another object.
func TestRulesBeforeRename(t *testing.T) {
	for _, c := range loadCases(t) {
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			mutant := c.renamedLater(t)
			added := mutant.new[len(c.new)].Name + ":"
			want, got := c.told(), mutant.told()
			for _, finding := range without(want, got, asItIs) {
				t.Errorf("lost: %s", finding)
			}
			for _, finding := range without(got, want, asItIs) {
				if !strings.HasPrefix(finding, added) {
					t.Errorf("only when renamed later: %s", finding)
				}
			}
			if t.Failed() {
				t.Log("\n" + mutant.text())
			}
		})
	}
}

// renamedLater is the case with such a migration behind it.
func (c ruleCase) renamedLater(t *testing.T) ruleCase {
	t.Helper()
	later := c.partsRenamed() + mutate.RenamesLater(c.script())
	a := &txtar.Archive{Files: append(c.sections[:len(c.sections):len(c.sections)], txtar.File{Name: c.name + "/renamed-later.sql", Data: []byte(later)})}
	cases, err := parseCases(c.rule, a)
	if err != nil {
		t.Fatal(err)
	}
	return cases[0]
}

// partsRenamed gives other names to the columns, constraints and indexes of all
// tables, as the SQL of the case leaves them.
func (c ruleCase) partsRenamed() string {
	var b strings.Builder
	probe := &lint.Rule{ID: "probe", Severity: lint.Notice, Check: func(p *lint.Pass) {
		b.Reset()
		for _, o := range p.Tables() {
			if t := p.FinalOf(o); t != nil {
				renameParts(&b, t)
			}
		}
	}}
	lint.Run([]*lint.History{c.history()}, nil, lint.Options{Rules: []*lint.Rule{probe}})
	return b.String()
}

func renameParts(b *strings.Builder, t *lint.Table) {
	table := qualified(t.Schema, t.Name)
	for _, column := range t.Columns {
		fmt.Fprintf(b, "ALTER TABLE %s RENAME COLUMN %s TO %s;\n", table, quote.Name(column.Name), quote.Name(mutate.LaterName(column.Name)))
	}
	for _, con := range t.Constraints {
		fmt.Fprintf(b, "ALTER TABLE %s RENAME CONSTRAINT %s TO %s;\n", table, quote.Name(con.Name), quote.Name(mutate.LaterName(con.Name)))
	}
	for _, ix := range t.Indexes {
		if t.Constraint(ix.Name) == nil {
			fmt.Fprintf(b, "ALTER INDEX %s RENAME TO %s;\n", qualified(t.Schema, ix.Name), quote.Name(mutate.LaterName(ix.Name)))
		}
	}
}

func qualified(schema, name string) quote.SQL {
	return quote.Join([]quote.SQL{quote.Name(schema), quote.Name(name)}, ".")
}

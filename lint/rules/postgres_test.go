package rules_test

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/mutate"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/skip"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestRulesOnPostgres runs cases as `migvet check` does: what a bad case promises
// must really happen, and what a good case shows must not. The newest version of
// PostgreSQL tries all, the others what may differ there. Runs for other evidence than
// what the statements do are made for the first case of each rule on the newest version.
func TestRulesOnPostgres(t *testing.T) {
	skip.Short(t, "it runs the code that the tests of internal/trial run, 900 times")
	var all sync.WaitGroup // not t.Parallel: they wait for their servers more than they work
	defer all.Wait()
	for _, version := range postgrestest.Versions(t) {
		cases := loadCases(t)
		if !postgrestest.IsNewest(version) {
			cases = mayDiffer(cases)
		}
		all.Go(func() {
			t.Run("postgres "+version, func(t *testing.T) { tryAll(t, cases, version) })
		})
	}
}

// mayDiffer leaves the cases whose syntax is newer than the oldest version, and one of
// each rule. No rule asks for the version: findings come from the text and from what the
// server did, and TestEffects measures that statement by statement on all versions.
func mayDiffer(cases []ruleCase) []ruleCase {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(cases), func(c ruleCase) bool {
		another := seen[c.rule]
		seen[c.rule] = true
		return another && c.major <= postgres.OldestMajor
	})
}

// TestRulesOnPostgresBySearchPath runs a bad case of each rule with all its objects in
// another schema, which the sessions' search path begins with: what is seen of
// elsewhere.orders is of what the statement calls orders, and so are the findings. All
// cases would take as long as TestRulesOnPostgres does, and TestRulesBySearchPath holds
// them against their mutants without a server.
func TestRulesOnPostgresBySearchPath(t *testing.T) {
	skip.Short(t, "TestRulesBySearchPath runs the same without a server")
	reached := mutate.Reached()
	server := postgrestest.Start(t)
	seen := map[string]bool{}
	for _, c := range loadCases(t) {
		if !c.bad() || seen[c.rule] || c.major > server.Major() || c.except[reached.Name] != "" || c.needsRefusals() {
			continue
		}
		seen[c.rule] = true
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			mutant, _ := c.mutated(t, reached)
			mutant.readings = []func(string) string{reached.Undo, mutate.InPublic, func(text string) string {
				message, evidence, _ := strings.Cut(text, " [")
				return reached.Undo(message) + " [" + mutate.InPublic(evidence)
			}}
			mutant.try(t, server, trial.OnlyEffects)
		})
	}
}

// needsMore tells the rules whose findings come from probes, or from whole schemas that are
// compared.
func (c ruleCase) needsMore() bool {
	return slices.Contains([]string{"access-lost", "function-breaks", "grant-missing", "table-swapped", "write-breaks"}, c.rule)
}

func tryAll(t *testing.T, cases []ruleCase, version string) {
	server := postgrestest.Server(t, version)
	seen := map[string]bool{}
	for _, c := range cases {
		only := trial.OnlyEffects
		if postgrestest.IsNewest(version) && !seen[c.rule] {
			seen[c.rule], only = true, trial.Everything
		}
		if c.major <= server.Major() {
			t.Run(c.rule+"/"+c.name, func(t *testing.T) { c.try(t, server, only) })
		}
	}
}

func (c ruleCase) try(t *testing.T, server *postgres.Server, only trial.Purpose) {
	c.sendStatements()
	if c.needsRefusals() || c.needsMore() {
		only = trial.Everything
	}
	h := c.history()
	result, err := trial.Run(t.Context(), trial.Options{
		Server: server, Superuser: c.superuser, Only: only, ProbeTime: time.Minute, Environment: trial.Environment{SearchPath: c.searchPath},
		Source: &source.Source{Dir: h.Dir, Head: slices.Collect(h.All()), History: h, Runner: runner{h}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range result.Unchecked {
		t.Errorf("not checked: %s", u.Reason)
	}
	o := options(c.rule)
	o.Observed = result.Observed
	findings := lint.Run([]*lint.History{h}, result.Findings, o)
	c.compare(t, findings, "want", "measured")
	if t.Failed() {
		for _, f := range findings {
			t.Logf("%s: %s [%s] [%s]", f.Path, f.Message, f.Rule, f.Evidence)
		}
	}
}

// needsRefusals tells whether the rule is about what the trial refuses on some
// rows.
func (c ruleCase) needsRefusals() bool {
	return slices.ContainsFunc(rules.All(), func(r *lint.Rule) bool { return r.ID == c.rule && (r.Check == nil || len(r.Explains) > 0) })
}

// sendStatements sends each statement alone where the case has no transaction,
// as a tool for such files does.
func (c ruleCase) sendStatements() {
	for _, m := range c.new {
		if m.Tx == lint.TxNone {
			m.Chunks = lint.Split(m.Source)
		}
	}
}

// runner runs what is new, and keeps no history.
type runner struct{ history *lint.History }

func (runner) Setup() quote.SQL                 { return "" }
func (runner) Table() quote.SQL                 { return "" }
func (runner) Applied() quote.SQL               { return "" }
func (runner) Record(*lint.Migration) quote.SQL { return "" }

func (r runner) Pending([]string, []*lint.Migration) ([]*lint.Migration, error) {
	return r.history.New, nil
}

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

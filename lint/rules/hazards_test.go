package rules_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestHazardsNameRules holds docs/hazards.md to the rules there are: each row
// names some, and no row names one that is not.
func TestHazardsNameRules(t *testing.T) {
	page, err := os.ReadFile("../../docs/hazards.md")
	if err != nil {
		t.Fatal(err)
	}
	known := lint.RuleIDs(rules.All())
	name := regexp.MustCompile("`([^`]+)`")
	rows := 0
	for i, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || cells[len(cells)-1] == "rules" {
			continue
		}
		rows++
		named := name.FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(cells) != 2 || len(named) == 0 {
			t.Errorf("docs/hazards.md:%d: a row is a hazard and the rules that find it", i+1)
		}
		for _, n := range named {
			if !slices.Contains(known, n[1]) {
				t.Errorf("docs/hazards.md:%d: there is no rule %s%s", i+1, n[1], lint.DidYouMean(n[1], known))
			}
		}
	}
	if rows < 100 {
		t.Errorf("%d rows are read; the page has more", rows)
	}
}

package source

import (
	"strings"
	"testing"
)

// What Sqitch 1.3.1 says of such plans is in testdata/tools/sqitch where it
// runs something; these it does not run at all.
func TestSqitchPlan(t *testing.T) {
	const by = " 2026-01-01T10:00:00Z Ada Marsh <ada@example.com>\n"
	tests := []struct{ name, plan, wrong string }{
		{"good", "%syntax-version=1.0.0\n%project=x\n\n# note\na" + by + "+ b [a]" + by + "@v1" + by + "a [a@v1 b@v1 @v1 other:c]" + by, ""},
		{"empty", "%project=x\n", ""},
		{"without a project", "a" + by, "no %project"},
		{"without a planner", "%project=x\n\na 2026-01-01T10:00:00Z\n", "neither a change nor a tag"},
		{"conflict markers of git", "%project=x\n\n<<<<<<< HEAD\na" + by, "neither a change nor a tag"},
		{"a tag before changes", "%project=x\n\n@v1" + by, "before any change"},
		{"a tag twice", "%project=x\n\na" + by + "@v1" + by + "b" + by + "@v1" + by, "the tag @v1 twice"},
		{"a change twice", "%project=x\n\na" + by + "a" + by, "a twice without a tag"},
		{"a dependency behind it", "%project=x\n\na [b]" + by + "b" + by, "requires b"},
		{"an unknown dependency", "%project=x\n\na" + by + "b [a@v1]" + by, "requires a@v1"},
		{"an unknown conflict", "%project=x\n\na [!b]" + by, "conflicts with b, a change that it does not have"},
		{"a conflict before it", "%project=x\n\na" + by + "b [!a]" + by, "conflicts with a before it"},
		{"a conflict behind it", "%project=x\n\na [!b]" + by + "b" + by, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := parseSqitchPlan(test.plan)
			if !strings.Contains(p.wrong, test.wrong) || (p.wrong == "") != (test.wrong == "") {
				t.Errorf("wrong is %q, want %q", p.wrong, test.wrong)
			}
		})
	}
}

package rules_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

var update = flag.Bool("update", false, "write README.md and the repaired cases")

func TestDocumentationIsUpToDate(t *testing.T) {
	var b bytes.Buffer
	if err := rules.Markdown(&b, rules.All()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("README.md", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(kept, b.Bytes()) {
		t.Error("README.md is not what the rules say; run: go test ./lint/rules -run Documentation -update")
	}
}

func TestMarkdown(t *testing.T) {
	all := []*lint.Rule{
		{ID: "a-b", Group: lint.GroupDrop, Severity: lint.Error, Title: "A | B", Why: "Because.\n", Fix: "Do."},
		{ID: "c", Group: lint.GroupLock, Title: "C", Why: "Why.", Fix: "Fix.", Measured: true},
	}
	var b bytes.Buffer
	if err := rules.Markdown(&b, all); err != nil {
		t.Fatal(err)
	}
	_, got, _ := strings.Cut(b.String(), "|---|---|---|\n")
	want := "| [`a-b`](#a-b) | error | A \\| B |\n| [`c`](#c) | opt-in | C |\n" +
		"\n## Drop: what is removed, and what goes with it (`drop`)\n\n### a-b\n\nA | B. *error*\n\nBecause.\n\nDo.\n" +
		"\n## Locks: who waits, and for how long (`lock`)\n\n### c\n\nC. *opt-in* *Needs a trial.*\n\nWhy.\n\nFix.\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A group without a title would be an empty heading.
func TestEveryGroupHasATitle(t *testing.T) {
	var b bytes.Buffer
	if err := rules.Markdown(&b, rules.All()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "\n## \n") {
		t.Error("a group has no title")
	}
}

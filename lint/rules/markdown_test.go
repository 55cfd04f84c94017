package rules_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

var update = flag.Bool("update", false, "write README.md and the repaired cases")

func TestDocumentationIsUpToDate(t *testing.T) {
	text := markdown(rules.All())
	if *update {
		if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != text {
		t.Error("README.md is not what the rules say; run: go test ./lint/rules -run Documentation -update")
	}
}

func TestMarkdown(t *testing.T) {
	all := []*lint.Rule{
		{ID: "a-b", Group: lint.GroupDrop, Severity: lint.Error, Title: "A | B", Why: "Because.\n", Fix: "Do."},
		{ID: "c", Group: lint.GroupLock, Title: "C", Why: "Why.", Fix: "Fix.", Measured: true},
	}
	_, got, _ := strings.Cut(markdown(all), "|---|---|---|\n")
	want := "| [`a-b`](#a-b) | error | A \\| B |\n| [`c`](#c) | opt-in | C |\n" +
		"\n## Drop: what is removed, and what goes with it (`drop`)\n\n### a-b\n\nA | B. *error*\n\nBecause.\n\nDo.\n" +
		"\n## Locks: who waits, and for how long (`lock`)\n\n### c\n\nC. *opt-in* *Needs a trial.*\n\nWhy.\n\nFix.\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A group without a title would be an empty heading.
func TestEveryGroupHasATitle(t *testing.T) {
	if strings.Contains(markdown(rules.All()), "\n## \n") {
		t.Error("a group has no title")
	}
}

// titles are what groups are called in the documentation.
var titles = map[lint.Group]string{
	lint.GroupHistory:  "History: edited, deleted and reordered migrations",
	lint.GroupDrop:     "Drop: what is removed, and what goes with it",
	lint.GroupNotNull:  "NOT NULL: missing, or unsafe to add",
	lint.GroupDefault:  "DEFAULT: wrong or expensive",
	lint.GroupCascade:  "Foreign keys: what they do to other tables",
	lint.GroupLock:     "Locks: who waits, and for how long",
	lint.GroupCompat:   "Compatibility: the code that runs during the deploy",
	lint.GroupTx:       "Transactions",
	lint.GroupData:     "Data: rows that a migration changes, deletes or brings",
	lint.GroupSecurity: "Security: who may read and change what",
	lint.GroupTrial:    "Trial: what only running the migration can tell",
	lint.GroupStyle:    "Style: conventions, off unless asked for",
	lint.GroupMeta:     "migvet's own reading of the files",
}

// markdown is the documentation of rules that are sorted as All sorts them.
func markdown(all []*lint.Rule) string {
	var b bytes.Buffer
	b.WriteString(`# Rules

<!-- Written by go test ./lint/rules -update from the rules; edit those. -->

An error breaks the deploy, loses data, or blocks readers and writers. A warning is safe or not depending on traffic, size or data.
A notice is worth knowing before the merge. Opt-in rules report only when ` + "`.migvet.yml`" + ` gives them a severity,
or gives one to their group, whose name stands behind its heading: ` + "`rules: {style: notice}`" + `.

`)
	contents(&b, all)
	var group lint.Group
	for _, r := range all {
		if r.Group != group {
			group = r.Group
			fmt.Fprintf(&b, "\n## %s (`%s`)\n", titles[group], strings.ToLower(string(group)))
		}
		section(&b, r)
	}
	return b.String()
}

func contents(b *bytes.Buffer, all []*lint.Rule) {
	b.WriteString("| rule | severity | what it finds |\n|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(b, "| [`%s`](#%s) | %s | %s |\n", r.ID, r.ID, severityText(r), strings.ReplaceAll(r.Title, "|", `\|`))
	}
}

func section(b *bytes.Buffer, r *lint.Rule) {
	fmt.Fprintf(b, "\n### %s\n\n%s. *%s*", r.ID, r.Title, severityText(r))
	if r.Measured {
		b.WriteString(" *Needs a trial.*")
	}
	fmt.Fprintf(b, "\n\n%s\n\n%s\n", strings.TrimSpace(r.Why), strings.TrimSpace(r.Fix))
}

func severityText(r *lint.Rule) string {
	if r.Severity == lint.Off {
		return "opt-in"
	}
	return r.Severity.String()
}

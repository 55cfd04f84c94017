package rules

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/migvet/migvet/lint"
)

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

// Markdown writes the documentation of rules that are sorted as All sorts them.
func Markdown(w io.Writer, all []*lint.Rule) error {
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
	_, err := w.Write(b.Bytes())
	return err
}

func contents(b *bytes.Buffer, all []*lint.Rule) {
	b.WriteString("| rule | severity | what it finds |\n|---|---|---|\n")
	for _, r := range all {
		fmt.Fprintf(b, "| [`%s`](#%s) | %s | %s |\n", r.ID, r.ID, severity(r), strings.ReplaceAll(r.Title, "|", `\|`))
	}
}

func section(b *bytes.Buffer, r *lint.Rule) {
	fmt.Fprintf(b, "\n### %s\n\n%s. *%s*", r.ID, r.Title, severity(r))
	if r.Measured {
		b.WriteString(" *Needs a trial.*")
	}
	fmt.Fprintf(b, "\n\n%s\n\n%s\n", strings.TrimSpace(r.Why), strings.TrimSpace(r.Fix))
}

func severity(r *lint.Rule) string {
	if r.Severity == lint.Off {
		return "opt-in"
	}
	return r.Severity.String()
}

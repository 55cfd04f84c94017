package report

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/schema"
)

// A SchemaChange is what the new migrations of one folder make of the schema.
type SchemaChange struct {
	Dir, Tool     string
	Before, After *schema.Schema
	Changes       []schema.Change
	ByHand        bool // the tool takes nothing back
	NotRun        int  // new migrations that did not run, so that what they make is missing
}

// isUnknown tells whether what ran changed nothing and something did not run.
func (c *SchemaChange) isUnknown() bool { return c.NotRun > 0 && len(c.Changes) == 0 }

// schemaTitle names the change, and says what is missing in it.
func (r *Report) schemaTitle(c *SchemaChange) string {
	title := "Schema change"
	if len(r.Schema) > 1 {
		title += " in " + c.Dir
	}
	if c.NotRun > 0 && !c.isUnknown() {
		title += ", without " + noun.Count(c.NotRun, "new migration") + " that did not run"
	}
	return title
}

// none says that there is no change, or that nobody knows.
func (c *SchemaChange) none() string {
	if c.isUnknown() {
		return "not known, since " + noun.Count(c.NotRun, "new migration") + " did not run"
	}
	return "none at all"
}

var changeSigns = map[schema.What]string{schema.Added: "+", schema.Removed: "-", schema.Changed: "~"}

// lines tells each change in one line, without its sign.
func (c *SchemaChange) lines() (outline []schema.Change, lines []string) {
	outline = schema.Outline(c.Changes)
	for _, change := range outline {
		in := c.After
		if change.What == schema.Removed {
			in = c.Before
		}
		line := change.String()
		if change.What != schema.Changed {
			line += columnNames(in, change.Object)
		}
		lines = append(lines, line)
	}
	return outline, lines
}

// columnNames lists the columns of a table, "" for other objects.
func columnNames(s *schema.Schema, o *schema.Object) string {
	if o.Kind != schema.Table && o.Kind != schema.ForeignTable {
		return ""
	}
	var names []string
	for _, c := range s.Columns(o.Within()) {
		names = append(names, c.Name)
	}
	return " (" + joinItems(names, ", ") + ")"
}

// counts says how many objects differ: "2 added, 1 removed".
func (c *SchemaChange) counts() string {
	n := map[schema.What]int{}
	for _, change := range schema.Outline(c.Changes) {
		n[change.What]++
	}
	var parts []string
	for _, what := range []schema.What{schema.Added, schema.Removed, schema.Changed} {
		if n[what] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[what], what))
		}
	}
	if len(parts) == 0 {
		return c.none()
	}
	return strings.Join(parts, ", ")
}

// restore lists what somebody who undoes the migrations by hand has to make as
// it was; what was added has only to be dropped.
func (c *SchemaChange) restore() []string {
	if !c.ByHand {
		return nil
	}
	var lines []string
	for _, change := range schema.Outline(c.Changes) {
		if change.What == schema.Added {
			continue
		}
		lines = append(lines, change.Before.Describe()+removedColumns(c.Before, change))
	}
	return lines
}

// removedColumns lists the columns of a table that was removed, as they were.
func removedColumns(s *schema.Schema, c schema.Change) string {
	if c.What != schema.Removed || c.Object.Kind != schema.Table {
		return ""
	}
	var list []string
	for _, column := range s.Columns(c.Object.Within()) {
		_, declaration, _ := strings.Cut(column.Describe(), c.Object.Display()+".")
		list = append(list, declaration)
	}
	return " (" + joinItems(list, ", ") + ")"
}

// maxChanges keeps the list in a log short; diff prints all.
const maxChanges = 15

func (t *text) schemaChanges() {
	for i := range t.report.Schema {
		c := &t.report.Schema[i]
		title := t.report.schemaTitle(c)
		outline, lines := c.lines()
		if len(lines) == 0 {
			t.section("")
			t.linef("%s: %s", oneLine(title), c.none())
			continue
		}
		t.section(oneLine(title + ":"))
		for j, line := range lines[:min(len(lines), maxChanges)] {
			t.linef("  %s %s", changeSigns[outline[j].What], oneLine(line))
		}
		t.more(len(lines) - maxChanges)
		t.byHand(c)
	}
}

func (t *text) byHand(c *SchemaChange) {
	lines := c.restore()
	if len(lines) == 0 {
		return
	}
	t.section("To undo this by hand, since there are no downs, restore:")
	for _, line := range lines[:min(len(lines), maxChanges)] {
		t.linef("  %s", oneLine(line))
	}
	t.more(len(lines) - maxChanges)
}

func (t *text) more(left int) {
	if left > 0 {
		t.linef("  and %d more; migvet diff prints all", left)
	}
}

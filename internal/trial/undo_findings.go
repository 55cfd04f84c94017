package trial

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/rules"
)

// irreversible is a finding at the first statement of a down.
func (t *trial) irreversible(down *source.Down, message string) lint.Finding {
	f := rules.MigrationIrreversible.AtFile(down.Path, message)
	if statements := down.Statements(); len(statements) > 0 {
		f = rules.MigrationIrreversible.AtStatement(down.Migration, statements[0], message)
	}
	f.Evidence = fmt.Sprintf("tried on PostgreSQL %s: down, and up again", t.Server.Version())
	return f
}

// downRefused is about a down that the server says no to; on says on what
// tables, "" for those without rows.
func (t *trial) downRefused(backs []back, r *session.Refused, on string) {
	reached := false
	for _, b := range backs {
		switch {
		case b.down.Migration == r.Migration:
			reached = true
			b.undone.State = UndoRefused
			f := findingAt(r, rules.MigrationIrreversible, fmt.Sprintf("the down of %s is refused%s: %s", b.up.Name, on, r.Err.Message))
			f.Cause = ""
			f.Evidence = fmt.Sprintf("tried on PostgreSQL %s: %s", t.Server.Version(), describeRefusal(r.Err))
			t.report(f)
		case reached && on == "":
			b.undone.State = UndoNotTried
		}
	}
}

// upRefused is about a migration that ran once and does not run again. Where
// its down is known to leave something behind, that is the reason.
func (t *trial) upRefused(backs []back, r *session.Refused) {
	for _, b := range backs {
		if b.up != r.Migration {
			continue
		}
		refusal := fmt.Sprintf("running %s again after its down is refused: %s", b.up.Name, describeRefusal(r.Err))
		if t.explained(b, refusal) {
			return
		}
		b.undone.State = UndoDiffers
		t.report(t.irreversible(b.down, refusal))
	}
}

// explained adds a refusal to what is known of a down already.
func (t *trial) explained(b back, refusal string) bool {
	if b.undone.State != UndoDiffers {
		return false
	}
	for i := range t.result.Findings {
		f := &t.result.Findings[i]
		if f.Rule == rules.MigrationIrreversible.ID && f.Path == b.down.Path {
			f.Evidence += "; " + refusal
			return true
		}
	}
	return false
}

// leavesBehind tells how the schema behind a down differs from what it was before.
func (t *trial) leavesBehind(b back, changes []schema.Change) {
	b.undone.State = UndoDiffers
	t.report(t.irreversible(b.down, fmt.Sprintf("the down of %s %s", b.up.Name, describeLeft(changes))))
}

// describeLeft says in one sentence what a down left undone, and what to do: "leaves enum
// mood behind and does not bring back table a, table b and 3 more; …".
func describeLeft(changes []schema.Change) string {
	by := map[schema.What][]schema.Change{}
	for _, whole := range []bool{true, false} { // tables first
		for _, c := range changes {
			if c.Object.IsRelation() == whole {
				by[c.What] = append(by[c.What], c)
			}
		}
	}
	var clauses, ways []string
	if added := by[schema.Added]; len(added) > 0 {
		clauses = append(clauses, "leaves "+listLeft(added, func(c schema.Change) string { return c.Object.String() })+" behind")
		ways = append(ways, "; drop "+itOrThem(added)+" there")
	}
	if removed := by[schema.Removed]; len(removed) > 0 {
		describe := func(c schema.Change) string { return c.Object.String() }
		if len(removed) == 1 {
			describe = schema.Change.String
		}
		clauses = append(clauses, "does not bring back "+listLeft(removed, describe))
		ways = append(ways, "; make "+itOrThem(removed)+" again there, or say that it cannot be undone")
	}
	if changed := by[schema.Changed]; len(changed) > 0 {
		clauses = append(clauses, otherThanBefore(changed))
		ways = append(ways, "")
	}
	if len(ways) > 1 {
		return listed(clauses) + "; correct it, or say that it cannot be undone"
	}
	return clauses[0] + ways[0]
}

func otherThanBefore(changed []schema.Change) string {
	if len(changed) == 1 {
		return fmt.Sprintf("leaves %s other than it was: %s", changed[0].Object, describeDifferences(changed[0]))
	}
	return "leaves " + listLeft(changed, func(c schema.Change) string {
		return fmt.Sprintf("%s (%s)", c.Object, describeDifferences(c))
	}) + " other than they were"
}

func itOrThem(changes []schema.Change) string {
	if len(changes) == 1 {
		return "it"
	}
	return "them"
}

// maxLeft is how many objects are named; one more is not worth "and 1 more".
const maxLeft = 4

func listLeft(changes []schema.Change, describe func(schema.Change) string) string {
	var names []string
	for i, c := range changes {
		if i == maxLeft && len(changes) > maxLeft+1 {
			names = append(names, fmt.Sprintf("%d more", len(changes)-i))
			break
		}
		names = append(names, describe(c))
	}
	return listed(names)
}

// listed writes "a", "a and b", "a, b and c".
func listed(list []string) string {
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

func describeDifferences(c schema.Change) string {
	var list []string
	for _, d := range c.Differences {
		list = append(list, d.String())
	}
	return strings.Join(list, ", ")
}

// downToBlame finds the down that should have put an object back: the down of the newest
// migration that makes or drops the object, on its way or back, else of the newest one
// that names it, else of the newest one that names its table, else the oldest down.
func downToBlame(reached, backs []back, c schema.Change) back {
	if c.What == schema.Added {
		// What its migration makes is that migration's, though a later one drops it and
		// the down of that one makes it again.
		for _, b := range reached {
			if does(b.up, facts.Made, c.Object) {
				return b
			}
		}
	}
	for _, b := range reached {
		if does(b.up, facts.Made|facts.Dropped, c.Object) || b.down != nil && does(b.down.Migration, facts.Made|facts.Dropped, c.Object) {
			return b
		}
	}
	names := []string{c.Object.Name}
	if c.Object.Kind == schema.Column {
		names = append(names, c.Object.Relation) // columns of many tables have one name
	}
	for _, b := range reached {
		if b.names(names) {
			return b
		}
	}
	for _, b := range backs {
		if c.Object.Relation != "" && b.names([]string{c.Object.Relation}) {
			return b
		}
	}
	return backs[len(backs)-1]
}

// mayHaveBeenThere reports whether what stays was made with IF NOT EXISTS or OR REPLACE
// and may be used by others: an extension, a function. No down should drop those.
func mayHaveBeenThere(reached []back, c schema.Change) bool {
	if c.What != schema.Added || c.Object.Relation != "" || c.Object.IsRelation() {
		return false
	}
	for _, b := range reached {
		for _, s := range b.up.Statements() {
			for _, f := range s.Facts() {
				if f.Verb&facts.Made != 0 && f.Maybe && isOf(f.Name, c.Object) {
					return true
				}
			}
		}
	}
	return false
}

// does reports whether a migration does one of some things with an object, as its text
// tells.
func does(m *lint.Migration, verbs facts.Verb, o *schema.Object) bool {
	for _, s := range m.Statements() {
		for _, f := range s.Facts() {
			if f.Verb&verbs != 0 && isOf(f.Name, o) {
				return true
			}
		}
	}
	return false
}

// isOf reports whether a name in SQL can mean an object: one without a schema may be in
// any, as the search_path has it.
func isOf(n facts.Name, o *schema.Object) bool {
	name, _, _ := strings.Cut(o.Name, "(") // of a function's arguments
	if n.Name != name || n.Schema != "" && n.Schema != o.Schema || n.Kind.IsPart() && n.Table != o.Relation {
		return false
	}
	kind, known := kindsOfObjects[o.Kind]
	return !known || n.Kind.Space() == kind.Space()
}

// kindsOfObjects are the kinds that facts have for those of the catalog.
var kindsOfObjects = map[schema.Kind]facts.Kind{
	schema.Namespace: facts.Schema, schema.Extension: facts.Extension, schema.Role: facts.Role,
	schema.Enum: facts.Type, schema.Domain: facts.Type, schema.Composite: facts.Type, schema.Range: facts.Type,
	schema.Sequence: facts.Sequence, schema.Table: facts.Table, schema.ForeignTable: facts.ForeignTable, schema.View: facts.View, schema.MaterializedView: facts.MaterializedView,
	schema.Column: facts.Column, schema.Trigger: facts.Trigger, schema.Rule: facts.Rule, schema.Policy: facts.Policy, schema.Index: facts.Index,
	schema.PrimaryKey: facts.Constraint, schema.Unique: facts.Constraint, schema.Check: facts.Constraint, schema.Exclusion: facts.Constraint, schema.ForeignKey: facts.Constraint,
	schema.Function: facts.Function, schema.Procedure: facts.Procedure, schema.Aggregate: facts.Aggregate, schema.Publication: facts.Publication,
}

func (b back) names(words []string) bool {
	text := b.up.Source
	if b.down != nil {
		text += b.down.Source
	}
	return mentionsAll(text, words)
}

func mentionsAll(text string, names []string) bool {
	for _, name := range names {
		word, err := regexp.Compile(`(?i)(^|\W)` + regexp.QuoteMeta(name) + `($|\W)`)
		if err != nil || name != "" && !word.MatchString(text) {
			return false
		}
	}
	return true
}

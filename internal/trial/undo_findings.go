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

// leavesBehind tells how one object differs from what it was before.
func (t *trial) leavesBehind(b back, c schema.Change) {
	b.undone.State = UndoDiffers
	var message string
	switch c.What {
	case schema.Added:
		message = fmt.Sprintf("the down of %s leaves %s behind; drop it there", b.up.Name, c.Object)
	case schema.Removed:
		message = fmt.Sprintf("the down of %s does not bring back %s; make it again there, or say that it cannot be undone", b.up.Name, c.Object.Describe())
	default:
		message = fmt.Sprintf("the down of %s leaves %s other than it was: %s", b.up.Name, c.Object, describeDifferences(c))
	}
	t.report(t.irreversible(b.down, message))
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

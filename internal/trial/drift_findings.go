package trial

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/rules"
)

// maxDrifts bounds the findings about one snapshot: more say no more.
const maxDrifts = 10

// reportDrift reports differences between the snapshot and what the migrations
// made: new ones each by itself, old ones in one line, and only where the review touches them.
func (t *trial) reportDrift(f faithful, seen observed) {
	told := withoutParts(f.drift.fresh)
	for i, c := range told {
		if i == maxDrifts {
			t.report(rules.SnapshotDrift.AtFile(t.Source.Declared.Path, fmt.Sprintf("%s between the snapshot and what the migrations make", noun.Count(len(told)-i, "more difference"))))
			break
		}
		t.report(t.driftAt(f.pending, seen.effects, c, driftMessage(c)))
	}
	old := slices.DeleteFunc(withoutParts(f.drift.old), func(c schema.Change) bool { return !isTouched(f.pending, seen.effects, c.Object) })
	if len(old) > 0 {
		f := rules.SnapshotDrift.AtFile(t.Source.Declared.Path, fmt.Sprintf(
			"not new here: %s that this review touches and the base branch's migrations make %s from its snapshot (%s); accept it, or generate a migration that makes good for it",
			noun.Count(len(old), "object"), differ(len(old)), someNames(old)))
		f.Severity = lint.Notice
		t.report(f)
	}
}

func differ(n int) string {
	if n == 1 {
		return "differs"
	}
	return "differ"
}

// isTouched tells whether the review did something to an object. What it leaves alone has
// differed for as long as anybody can remember: an index that only SQL can express.
func isTouched(pending []*lint.Migration, effects map[*lint.Statement]*lint.Effect, o *schema.Object) bool {
	return slices.ContainsFunc(pending, func(m *lint.Migration) bool {
		return slices.ContainsFunc(m.Statements(), func(s *lint.Statement) bool { return concernOf(effects[s], o) == 2 || names(s, o) })
	})
}

// names tells whether a statement says that it does something to an object. Of a column
// that is altered the server tells only that its table was.
func names(s *lint.Statement, o *schema.Object) bool {
	return slices.ContainsFunc(s.Facts(), func(f facts.Fact) bool {
		return f.Name.Name == o.Name && f.Name.Table == o.Relation
	})
}

// withoutParts leaves out the parts of tables that are told themselves.
func withoutParts(all []schema.Change) []schema.Change {
	whole := map[string]bool{}
	for _, c := range all {
		if c.Object.IsRelation() && c.What != schema.Changed {
			whole[c.Object.Within()] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(c schema.Change) bool { return !c.Object.IsRelation() && whole[c.Object.Within()] })
}

func driftMessage(c schema.Change) string {
	switch c.What {
	case schema.Added:
		return fmt.Sprintf("%s is not in Drizzle's snapshot: where the schema file has it neither, drizzle-kit push would drop it; declare it there and generate, or accept it", c.Object)
	case schema.Removed:
		return fmt.Sprintf("Drizzle's snapshot has %s, but no migration makes it, so the code finds it nowhere but on a pushed database; put it into the migration", c.Object)
	}
	var parts []string
	for _, d := range c.Differences {
		parts = append(parts, fmt.Sprintf("%s: %s in the snapshot, %s after the migrations", d.Property, cmp.Or(d.From, "none"), cmp.Or(d.To, "none")))
	}
	return fmt.Sprintf("%s differs from Drizzle's snapshot (%s); make the two the same", c.Object, strings.Join(parts, "; "))
}

// driftAt places a difference at the last statement that made or changed the
// object, else one that did so to its table, else at the newest migration.
func (t *trial) driftAt(pending []*lint.Migration, effects map[*lint.Statement]*lint.Effect, c schema.Change, message string) lint.Finding {
	f := rules.SnapshotDrift.AtFile(t.fresh[len(t.fresh)-1].Path, message)
	best := 0
	for _, m := range pending {
		for _, s := range m.Statements() {
			if n := concernOf(effects[s], c.Object); n > 0 && n >= best {
				best = n
				f = rules.SnapshotDrift.AtStatement(m, s, message)
			}
		}
	}
	if c.What == schema.Added {
		f.Severity = lint.Notice
	}
	f.Evidence = fmt.Sprintf("compared on PostgreSQL %s with the schema of %s", t.Server.Version(), snapshotName(t.Source.Declared.Path))
	return f
}

// concernOf reports whether a statement did something to an object (2) or to the
// table that it is a part of (1).
func concernOf(e *lint.Effect, o *schema.Object) int {
	if e == nil {
		return 0
	}
	table := o.Within()
	full := o.Schema + "." + o.Name
	if o.Relation != "" && o.Kind != schema.Index {
		full = table + "." + o.Name
	}
	found := 0
	for _, done := range slices.Concat(e.Created, e.Altered, e.Dropped) {
		name := strings.ReplaceAll(done.Name, `"`, "")
		if on, of, isPart := strings.Cut(name, " on "); isPart {
			name = of + "." + on // as constraints, triggers and policies are called
		}
		switch name {
		case full:
			return 2
		case table:
			found = 1
		}
	}
	return found
}

func someNames(all []schema.Change) string {
	var names []string
	for _, c := range all {
		if len(names) == 3 {
			names = append(names, "…")
			break
		}
		names = append(names, c.Object.String())
	}
	return strings.Join(names, ", ")
}

// snapshotName is what tells a snapshot from others: its name, or the folder
// that it stands in under the name that all have.
func snapshotName(file string) string {
	if base := path.Base(file); base != "snapshot.json" {
		return base
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}

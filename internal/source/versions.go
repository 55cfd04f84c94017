package source

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// lateness is what a tool does with a new migration that is older than one
// that has run.
type lateness uint8

const (
	lateApplies lateness = iota // runs it all the same
	lateSkipped                 // passes it over, without a word
	lateRefused                 // fails, and runs nothing
)

// versions is how a tool goes by the versions in the names of migrations.
type versions struct {
	tool  string
	order func(a, b string) int // compares keys
	late  lateness

	strictly bool // it runs latecomers, but for those who ask it not to

	onLate string // behind "; ": what the tool does with a latecomer, and the way out
	onTwin string // behind "; ": what it does with two of one version; "" when it can tell them apart
	unique bool   // it refuses the whole folder for two of one version
	byFile bool   // it remembers names of files, not versions

	// onRename says what it makes of another name for the same version; "" when
	// it does not notice.
	onRename string

	// same writes versions that are the same in one way; nil for keys that are
	// written so.
	same func(key string) string
}

func (v versions) review(r *review) {
	v.outOfOrder(r)
	v.renamed(r)
	v.twins(r)
}

// newest returns the base's last migration that has a version.
func (v versions) newest(r *review) *step {
	var newest *step
	for _, s := range r.before() {
		if !s.repeatable && (newest == nil || v.order(s.key, newest.key) > 0) {
			newest = s
		}
	}
	return newest
}

func (v versions) outOfOrder(r *review) {
	newest := v.newest(r)
	if newest == nil {
		return
	}
	for _, s := range r.added {
		if s.repeatable || s.unordered || v.order(s.key, newest.key) >= 0 {
			continue
		}
		if v.late == lateApplies && !v.strictly && !v.orderMatters(r, s) {
			continue
		}
		f := rules.MigrationOutOfOrder.AtFile(s.path, v.lateMessage(s, newest, r.base))
		if v.late == lateApplies {
			f.Severity = lint.Warning
		}
		r.report(f)
	}
}

func (v versions) lateMessage(s, newest *step, base string) string {
	switch v.late {
	case lateSkipped:
		return fmt.Sprintf("%s will be silently skipped in production: it is older than %s, which is on %s; %s", s.name, newest.name, base, v.onLate)
	case lateRefused:
		return fmt.Sprintf("%s is older than %s, which is on %s; %s", s.name, newest.name, base, v.onLate)
	default:
		return fmt.Sprintf("%s is older than %s, which is on %s; deployed databases run it after that one, new ones before; %s", s.name, newest.name, base, v.onLate)
	}
}

// renamed reports migrations with the text of one that is gone.
func (v versions) renamed(r *review) {
	t := toolOf(r.to)
	for i, old := range r.gone {
		s := r.renamedTo[i]
		if s == nil {
			continue
		}
		if old.hasDescription() {
			r.report(v.describedAnew(r, old, s, t))
			continue
		}
		says, way := v.tool+" runs it again where it has run", "keep the old name"
		switch {
		case s.key == old.key && v.onRename != "":
			says = v.onRename
		case s.key == old.key && t.strict && !sameText(old.raw, s.raw):
			says, way = t.onEdit, "put its text back, comments included"
		case s.key == old.key:
			continue // it remembers the version alone, so that nothing comes of it
		case t.onLoss != "":
			says = t.onLoss
		}
		r.report(rules.MigrationRenamed.AtFile(s.path, fmt.Sprintf("%s is on %s and was renamed to %s; %s; %s", old.name, r.base, s.name, says, way)).Together("the same goes for", old.name))
	}
}

// describedAnew is about a repeatable migration under another description. That runs it
// again, which may be what it is for.
func (v versions) describedAnew(r *review, old, s *step, t tool) lint.Finding {
	f := rules.MigrationRenamed.AtFile(s.path, fmt.Sprintf(
		"%s is on %s and was renamed to %s; %s takes it for another one, and runs it again%s", old.name, r.base, s.name, v.tool, t.lossOf(old)))
	f.Severity = lint.Warning
	if t.onRepeatableLoss == "" {
		f.Severity = lint.Notice
	}
	return f
}

func (v versions) twins(r *review) {
	for _, d := range r.duplicates(v.keys) {
		f := rules.MigrationDuplicate.AtFile(d.step.path, fmt.Sprintf("%s has the version of %s; %s", d.step.name, d.other.name, v.twinMessage()))
		if v.onTwin != "" {
			f.Severity = lint.Error
		}
		r.report(f)
	}
}

func (v versions) twinMessage() string {
	if v.onTwin != "" {
		return v.onTwin
	}
	return "which runs first is left to the rest of the name; take the next free one"
}

func (v versions) keys(s *step) []string {
	switch {
	case s.repeatable:
		return nil
	case v.byFile:
		return numberKey(s)
	default:
		return []string{"version " + v.canonical(s.key)}
	}
}

func (v versions) canonical(key string) string {
	if v.same == nil {
		return key
	}
	return v.same(key)
}

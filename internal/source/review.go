package source

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// ReviewOptions is what a review needs to know beside the two branches.
type ReviewOptions struct {
	Now  time.Time // to recognise migrations stamped in the future; zero switches that off
	Base string    // how messages call the base: "main"; "" is "the base branch"

	// Versions returns what a file said on the base branch before, the oldest
	// first; nil where nobody knows.
	Versions func(file string) []string

	// Off tells of rules that nobody listens to, so that what they have to say of
	// each of 10,000 migrations need not be put into words; nil for none.
	Off func(*lint.Rule) bool

	former, folders []*Folder // all of the base and of head, among which a migration may move
}

// Review compares what two branches hold of one folder. A nil base means that
// everything in head is new.
func Review(base, head *Folder, o ReviewOptions) *Source {
	t := toolOf(head)
	readAsPsql(base, head)
	assumed, known := assumeRunner(base, head)
	r := newReview(base, head, o)
	r.edits(t)
	r.deletions(t)
	r.standing()
	r.changedTool()
	r.movedPlaces(t)
	r.foreignMarkers(t)
	r.renamedTable(t)
	t.review(r)
	s := r.source(t)
	s.Assumed, s.AssumedAlone = assumed, assumed != "" && !known
	return s
}

// A review is the comparison under way.
type review struct {
	now      time.Time
	base     string // what the base is called
	compares bool   // there is a base
	from, to *Folder
	versions func(file string) []string

	former, folders []*Folder // all of the base and of head

	pairs     []pair
	added     []*step // of to, not on the base, renamed ones left out
	isNew     map[*step]bool
	off       func(*lint.Rule) bool
	gone      []*step // of from, not in to
	renamedTo []*step // for each of gone, what it is now; nil when it is deleted

	old, new map[*step]*lint.Migration
	steps    map[*lint.Migration]*step // old and new, the other way round
	findings []lint.Finding
	orphans  []string // files of which a finding says that nothing runs them, maybe one for many
	files    map[string]string
}

// A pair is one migration on both branches.
type pair struct{ from, to *step }

func newReview(base, head *Folder, o ReviewOptions) *review {
	r := &review{
		off: o.Off, now: o.Now, base: o.Base, compares: o.Base != "" || base != nil, versions: o.Versions,
		from: base, to: head, former: o.former, folders: o.folders, files: map[string]string{}, isNew: map[*step]bool{},
	}
	maps.Copy(r.files, head.files)
	if r.base == "" {
		r.base = "the base branch"
	}
	r.match()
	r.matchRenamed()
	r.makeMigrations()
	return r
}

func (r *review) isOff(rule *lint.Rule) bool { return r.off != nil && r.off(rule) }

func (r *review) makeMigrations() {
	r.old, r.new = map[*step]*lint.Migration{}, map[*step]*lint.Migration{}
	for _, s := range r.before() {
		if !s.missing {
			r.old[s] = s.migration()
		}
	}
	for _, p := range r.pairs {
		if (p.from.missing || p.from.unreadable) && !p.to.missing {
			r.old[p.from] = p.to.migration() // repaired here; nothing better is known of it
		}
	}
	for i := range r.to.steps {
		s := &r.to.steps[i]
		if !s.missing {
			r.new[s] = s.migration()
		}
	}
	r.steps = map[*lint.Migration]*step{}
	for _, made := range []map[*step]*lint.Migration{r.old, r.new} {
		for s, m := range made {
			r.steps[m] = s
		}
	}
}

func (r *review) report(f lint.Finding) { r.findings = append(r.findings, f) }

// deletions reports what is gone and was not renamed. A list that cannot be
// read proves nothing about what it lists, and a file that is left out is still there.
func (r *review) deletions(t tool) {
	if r.guessed() {
		return
	}
	if len(r.gone) == 0 {
		return
	}
	elsewhere := r.newElsewhere()
	isElsewhere := func(s *step) bool { return elsewhere[s.nameAndText()] != nil }
	if len(r.to.steps) == 0 && len(r.gone) > 1 && !slices.ContainsFunc(r.gone, isElsewhere) {
		r.deletedFolder()
		return
	}
	for i, s := range r.gone {
		if r.renamedTo[i] != nil || r.to.leavesOut(s.path) {
			continue
		}
		if _, read := r.files[s.path]; !read {
			r.files[s.path] = s.raw
		}
		if to := elsewhere[s.nameAndText()]; to != nil {
			r.movedElsewhere(s, to)
			continue
		}
		if other := r.takerOf(s); other != nil {
			r.report(rules.MigrationDeleted.AtFile(s.path, fmt.Sprintf(
				"%s is on %s, and here %s has taken its version; databases that have run the one never run the other; restore it, and give the other the next free version%s", s.name, r.base, other.name, behind(t.onEdit))))
			continue
		}
		r.report(rules.MigrationDeleted.AtFile(s.path, fmt.Sprintf(
			"%s is on %s and was deleted here; databases that have run it keep what it made, new ones never get it; restore it and write a new migration instead%s", s.name, r.base, t.lossOf(s))))
	}
}

// lossOf says what the tool makes of a migration that has run and is gone.
func (t tool) lossOf(s *step) string {
	says := t.onLoss
	if s.repeatable {
		says = cmp.Or(t.onRepeatableLoss, t.onLoss)
	}
	return behind(says)
}

// behind puts a consequence, if there is one, behind a message.
func behind(says string) string {
	if says == "" {
		return ""
	}
	return "; " + says
}

// takerOf returns the new migration that has the version of one that is gone; nil when none
// has.
func (r *review) takerOf(gone *step) *step {
	for _, s := range r.added {
		if s.key != "" && s.key == gone.key {
			return s
		}
	}
	return nil
}

// guessed tells whether one of the lists could not be read.
func (r *review) guessed() bool {
	return r.to.broken != "" || r.from != nil && r.from.broken != ""
}

func (r *review) deletedFolder() {
	s := r.gone[0]
	r.files[s.path] = s.raw
	r.report(rules.MigrationDeleted.AtFile(s.path, fmt.Sprintf(
		"the %d migrations in %s are on %s and were deleted here; databases that have run them keep what they made, new ones never get it; restore them", len(r.gone), r.to.Dir, r.base)))
}

// standing reports what is wrong with head by itself, unless the base branch
// is as wrong.
func (r *review) standing() {
	r.ownProblems(func(f *Folder) []problem { return f.problems })
}

// ownProblems reports the problems of head that the base does not have. The base is
// looked at only if there are any.
func (r *review) ownProblems(of func(*Folder) []problem) {
	problems := of(r.to)
	known := map[string]bool{}
	if r.from != nil && len(problems) > 0 {
		for _, p := range of(r.from) {
			known[p.known] = p.known != ""
		}
	}
	var own []lint.Finding
	without := r.lacksSnapshots(known)
	for _, p := range problems {
		if !known[p.known] && !(without && p.Rule == rules.SnapshotMissing.ID) {
			own = append(own, p.Finding)
		}
		if !known[p.known] && p.Rule == rules.MigrationOrphaned.ID {
			r.orphans = append(r.orphans, p.Path)
		}
	}
	for _, f := range gatherOrphans(onceMissing(own)) {
		r.report(r.orphanByHabit(f, known))
	}
}

// lacksSnapshots tells whether the base's two newest migrations have none either: the folder
// was left by drizzle-kit, and nobody waits for one more.
func (r *review) lacksSnapshots(known map[string]bool) bool {
	if r.from == nil || len(r.from.steps) < 2 {
		return false
	}
	newest := r.from.steps[len(r.from.steps)-2:]
	return !slices.ContainsFunc(newest, func(s step) bool { return !known[withoutSnapshot(&s)] })
}

// withoutSnapshot is by which the problem is known that a step has no snapshot.
func withoutSnapshot(s *step) string { return "no snapshot " + s.name }

// orphanByHabit is about files that the tool does not list where it lists few of the base's
// own: something else runs them, and migvet can, too, if it is told so.
func (r *review) orphanByHabit(f lint.Finding, known map[string]bool) lint.Finding {
	orphans := 0
	for problem := range known {
		if strings.HasPrefix(problem, "orphan ") {
			orphans++
		}
	}
	if f.Rule != rules.MigrationOrphaned.ID || orphans <= len(r.before()) {
		return f
	}
	says, _, _ := strings.Cut(f.Message, "; ")
	f.Message = fmt.Sprintf("%s, and so it is with %s on %s; if something else runs them in the order of their names, write %s", says, noun.Count(orphans, "file"), r.base, r.to.Place.Line(r.to.Dir, "tool: plain"))
	f.Severity = lint.Warning
	return f
}

// onceMissing keeps of several migrations without a snapshot the newest, which says
// what comes of it: who writes migrations by hand knows the others.
func onceMissing(all []lint.Finding) []lint.Finding {
	isMissing := func(f lint.Finding) bool { return f.Rule == rules.SnapshotMissing.ID }
	missing, last := 0, 0
	for i, f := range all {
		if isMissing(f) {
			missing, last = missing+1, i
		}
	}
	if missing < 2 {
		return all
	}
	all[last].Message += fmt.Sprintf(" (%s of this review without one, too)", noun.Count(missing-1, "other migration"))
	newest := all[last]
	kept := slices.DeleteFunc(all, isMissing)
	return append(kept, newest)
}

// source puts the comparison into the form the rest of migvet works on.
func (r *review) source(t tool) *Source {
	s := &Source{
		Dir: r.to.Dir, Tool: t.name, Place: r.to.Place, Config: r.to.Config, Among: r.to.among, Database: r.to.database(), SearchPath: r.to.searchPath,
		History:  &lint.History{Dir: r.to.Dir, Tool: t.name, Outlasts: t.outlasts, Configured: func(s string) string { return r.to.Place.Under(r.to.Dir, s) }},
		Findings: r.findings, Runner: t.runner(r), Undo: r.undo(t), Files: r.files,
		LeftOut: slices.Concat(r.to.leftOutFiles(), r.orphans), Lists: r.to.lists, Setup: r.to.setup,
	}
	if r.to.fillBefore != nil {
		s.Fill = func(sql string) (string, error) {
			s.Database = cmp.Or(s.Database, r.to.databaseIn(sql))
			return r.to.fillSQL(sql)
		}
	}
	if t.name == Plain {
		s.Guessed = !r.to.confirmed
		s.History.Tool = ""
	}
	s.History.Editing = lint.Editing{Sealed: t.sealed, Generated: t.generated, Separator: t.separator, Reread: r.reread}
	if r.from != nil {
		s.History.Base = migrationsOf(r.from.steps, r.old)
		s.AsOnBase = r.from.Tool == r.to.Tool && r.from.searchPath == r.to.searchPath && r.from.database() == r.to.database()
	}
	s.Head = migrationsOf(r.to.steps, r.new)
	s.History.New = r.unapplied(s.Head)
	s.History.Downs = s.downs()
	s.RenamedFrom, s.Gone = r.movements()
	if len(r.added) > 0 {
		s.Declared, s.BaseDeclared = declaredBy(r.to), declaredBy(r.from)
	}
	s.Findings = lint.Sort(s.Findings)
	s.Unchecked = r.unchecked()
	return s
}

// unapplied returns the migrations of head that are under review: a database
// with all of the base branch has not run them.
func (r *review) unapplied(head []*lint.Migration) []*lint.Migration {
	return slices.DeleteFunc(slices.Clone(head), func(m *lint.Migration) bool { return !r.isNew[r.steps[m]] })
}

// downs are the downs of the migrations under review.
func (s *Source) downs() []*lint.Migration {
	if s.Undo == nil {
		return nil
	}
	var downs []*lint.Migration
	for _, m := range s.History.New {
		if d := s.Undo.Down(m); d != nil {
			downs = append(downs, d.Migration)
		}
	}
	return downs
}

// reread returns a migration of head as it would be after edits, nil for others.
func (r *review) reread(m *lint.Migration, edits []lint.Edit) *lint.Migration {
	s := r.steps[m]
	if s == nil || r.new[s] != m || s.partOfFile || s.standIn != "" { // others of the same file stay as they are
		return nil
	}
	text, _ := lint.ApplyEdits(s.raw, edits)
	return r.to.reread(s, text).migration()
}

// declaredBy is what a folder's own tool declares: the two branches may have
// different ones.
func declaredBy(f *Folder) *Declared {
	if f == nil || f.broken != "" {
		return nil
	}
	if t, _ := toolNamed(f.Tool); t.declared != nil {
		return t.declared(f)
	}
	return nil
}

func migrationsOf(steps []step, of map[*step]*lint.Migration) []*lint.Migration {
	var ms []*lint.Migration
	for i := range steps {
		if m := of[&steps[i]]; m != nil {
			ms = append(ms, m)
		}
	}
	return ms
}

package source

import (
	"fmt"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// reviewDrizzle reports what depends on Drizzle's rule: an entry runs when its
// "when" is greater than the greatest one that was applied.
func reviewDrizzle(r *review) {
	if r.to.broken != "" {
		return // what it lists is a guess
	}
	newest := r.newestApplied()
	r.missingFiles()
	r.futureEntries()
	r.ownProblems((*Folder).snapshotProblems)
	r.ownProblems((*Folder).prefixProblems)
	r.breakpoints(drizzleConfigOf(r.to).driver)
	if !r.isOff(rules.DrizzleUpBlocked) {
		r.blockers()
	}
	r.ghostEntries()
	r.schemaNotMigrated()
	r.duplicateEntries(newest)
	r.skippedEntries(newest)
	if r.guessed() {
		return
	}
	r.renamedEntries(newest)
	r.changedEntries(newest)
	r.insertedEntries()
}

// newestApplied returns the base's migration with the greatest "when", nil
// when the base has none.
func (r *review) newestApplied() *step {
	var newest *step
	for _, s := range r.before() {
		if newest == nil || drizzleWhen(s) > drizzleWhen(newest) {
			newest = s
		}
	}
	return newest
}

// missingFiles reports entries without a file. One that the base misses as
// well is told when there is something new that it keeps from running.
func (r *review) missingFiles() {
	missing := map[string]bool{}
	for _, s := range r.before() {
		missing[s.name] = missing[s.name] || s.missing
	}
	for i := range r.to.steps {
		s := &r.to.steps[i]
		if !s.missing || missing[s.name] && len(r.added) == 0 {
			continue
		}
		message := fmt.Sprintf("%s is in the journal, but %s does not exist; Drizzle stops there and runs nothing, on any database; restore the file", s.name, s.file())
		if missing[s.name] {
			message += " (it is missing on " + r.base + " too)"
		}
		r.report(rules.MigrationMissing.At(r.to.journalPath(), s.listed.Start, s.listed.End, message))
	}
}

// renamedEntries tells what Drizzle makes of a new tag. It keeps no names, so
// only the time matters.
func (r *review) renamedEntries(newest *step) {
	for i, old := range r.gone {
		s := r.renamedTo[i]
		if s == nil {
			continue
		}
		if drizzleWhen(s) > drizzleWhen(newest) {
			r.report(rules.MigrationRenamed.AtFile(s.path, fmt.Sprintf(
				"%s is on %s and was renamed to %s with a newer time; Drizzle runs it again where it has run; keep the old name and time", old.name, r.base, s.name)).Together("the same goes for", old.name))
			continue
		}
		f := rules.MigrationRenamed.AtFile(s.path, fmt.Sprintf(
			"%s is on %s and was renamed to %s; Drizzle does not notice, since it remembers times and not names; keep the old name, others look for it", old.name, r.base, s.name))
		f.Severity = lint.Warning
		r.report(f.Together("so were", old.name))
	}
}

// changedEntries reports entries of the base that say something else now.
func (r *review) changedEntries(newest *step) {
	for _, p := range r.pairs {
		if drizzleWhen(p.from) != drizzleWhen(p.to) {
			r.report(r.atEntry(p.to, fmt.Sprintf("the time of %s, which is on %s, was changed from %d to %d; %s; restore it",
				p.to.name, r.base, drizzleWhen(p.from), drizzleWhen(p.to), whenConsequence(p, newest))))
		}
		if drizzleIdx(p.from) != drizzleIdx(p.to) && !r.to.countsOn(p.to) {
			f := r.atEntry(p.to, fmt.Sprintf("the idx of %s, which is on %s, was changed from %d to %d; drizzle-kit counts on from it; restore it",
				p.to.name, r.base, drizzleIdx(p.from), drizzleIdx(p.to)))
			f.Severity = lint.Warning
			r.report(f)
		}
	}
	if p, moved := r.moved(); moved {
		f := r.atEntry(p.to, fmt.Sprintf("the entries that are on %s stand in another order, beginning with %s; new databases run them in that order; restore it", r.base, p.to.name))
		f.Severity = lint.Warning
		r.report(f)
	}
}

// countsOn tells whether the idx of an entry is the next one behind the entry before it,
// as drizzle-kit wants it: who changes the second of two 28 to 29 repairs the journal.
func (f *Folder) countsOn(s *step) bool {
	next := 0
	for i := range f.steps {
		if &f.steps[i] == s {
			return drizzleIdx(s) == next
		}
		next = drizzleIdx(&f.steps[i]) + 1
	}
	return false
}

func whenConsequence(p pair, newest *step) string {
	if drizzleWhen(p.to) > drizzleWhen(newest) {
		return "Drizzle runs it again on databases that have run it"
	}
	return "databases that have run it remember the old one"
}

// moved returns the first migration of the base that left its place. Pairs are
// in head's order.
func (r *review) moved() (pair, bool) {
	place := map[*step]int{}
	for i, s := range r.before() {
		place[s] = i
	}
	for i := 1; i < len(r.pairs); i++ {
		if place[r.pairs[i].from] < place[r.pairs[i-1].from] {
			return r.pairs[i], true
		}
	}
	return pair{}, false
}

// skippedEntries reports new entries that databases which are up to date
// never run.
func (r *review) skippedEntries(newest *step) {
	if newest == nil {
		if !r.compares { // else all of them come together, and run together
			r.skippedAmong()
		}
		return
	}
	for _, s := range r.added {
		if drizzleWhen(s) > drizzleWhen(newest) {
			continue
		}
		r.report(rules.MigrationOutOfOrder.AtFile(s.path, fmt.Sprintf(
			"%s will be silently skipped in production: its time in the journal (%d, %s) is not after that of %s (%d, %s), which is on %s; generate it again on top of %s",
			s.name, drizzleWhen(s), formatDay(drizzleWhen(s)), newest.name, drizzleWhen(newest), formatDay(drizzleWhen(newest)), r.base, r.base)))
	}
}

// skippedAmong is skippedEntries without a base: a database that was deployed
// after every entry would have skipped those stamped before their elders.
func (r *review) skippedAmong() {
	var newest *step
	for _, s := range r.added {
		if newest == nil || drizzleWhen(s) > drizzleWhen(newest) {
			newest = s
			continue
		}
		f := rules.MigrationOutOfOrder.AtFile(s.path, fmt.Sprintf(
			"%s is stamped %d (%s), not after %s before it (%d, %s); a database that had run that one first has silently skipped this",
			s.name, drizzleWhen(s), formatDay(drizzleWhen(s)), newest.name, drizzleWhen(newest), formatDay(drizzleWhen(newest))))
		f.Severity = lint.Warning
		r.report(f)
	}
}

// insertedEntries reports new entries that stand among the old ones.
func (r *review) insertedEntries() {
	last := -1
	for i := range r.to.steps {
		if !r.isNew[&r.to.steps[i]] {
			last = i
		}
	}
	for i := range max(last, 0) {
		s := &r.to.steps[i]
		if !r.isNew[s] {
			continue
		}
		f := rules.MigrationOutOfOrder.At(r.to.journalPath(), s.listed.Start, s.listed.End, fmt.Sprintf(
			"%s stands before %s in the journal, which is on %s; new databases run it earlier than deployed ones; move it to the end", s.name, r.to.steps[last].name, r.base))
		f.Severity = lint.Warning
		r.report(f)
	}
}

// clockSkew is how far the clocks of two machines may be apart.
const clockSkew = 5 * time.Minute

// futureEntries reports new entries that hide later ones.
func (r *review) futureEntries() {
	if r.now.IsZero() {
		return
	}
	for _, s := range r.added {
		if !time.UnixMilli(drizzleWhen(s)).After(r.now.Add(clockSkew)) {
			continue
		}
		r.report(r.atEntry(s, fmt.Sprintf("%s is stamped %d (%s), in the future; Drizzle will silently skip every migration generated before that time; generate it again",
			s.name, drizzleWhen(s), formatMinute(drizzleWhen(s)))))
	}
}

func (r *review) duplicateEntries(newest *step) {
	for _, d := range r.duplicates(drizzleKeys) {
		if d.step.name == d.other.name {
			r.report(r.twice(d.step))
			continue
		}
		if drizzleWhen(d.step) == drizzleWhen(d.other) && len(d.shared) == 1 && (newest == nil || drizzleWhen(d.step) <= drizzleWhen(newest)) {
			continue // told as out of order
		}
		shared := strings.Join(d.shared, " and ")
		r.report(rules.MigrationDuplicate.AtFile(d.step.path, fmt.Sprintf(
			"%s shares %s with %s; two branches took the same place, so one of their snapshots is lost; generate it again on top of %s", d.step.name, shared, d.other.name, r.base)))
	}
}

func (r *review) twice(s *step) lint.Finding {
	f := rules.MigrationDuplicate.At(r.to.journalPath(), s.listed.Start, s.listed.End, fmt.Sprintf(
		"%s is in the journal twice, so Drizzle runs the file twice; remove one entry", s.name))
	f.Severity = lint.Error
	return f
}

func drizzleKeys(s *step) []string {
	keys := append(numberKey(s), fmt.Sprintf("idx %d", drizzleIdx(s)), fmt.Sprintf("when %d", drizzleWhen(s)))
	return append(keys, "tag "+s.name)
}

func (r *review) atEntry(s *step, message string) lint.Finding {
	return rules.JournalInvalid.At(r.to.journalPath(), s.listed.Start, s.listed.End, message)
}

func formatMinute(milliseconds int64) string {
	return time.UnixMilli(milliseconds).UTC().Format("2006-01-02 15:04") + " UTC"
}

func formatDay(milliseconds int64) string {
	return time.UnixMilli(milliseconds).UTC().Format(time.DateOnly)
}

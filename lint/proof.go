package lint

import (
	"maps"
	"slices"
)

// A prover takes back edits that would do harm: those that do not parse, do
// not help, or make something as severe to report. What would be reported is
// asked of the rules without what a server showed, before and after the edits.
//
// Something milder may come of it: now() in place of 'now()' in ADD COLUMN gives
// all existing rows one value, which is a notice.
//
// All edits are tried at once, in one walk over the history. If a migration with
// its edits fails, the next walks try each half of them, on top of what holds. At last
// those of all migrations are tried together: what one makes of a table, a later one
// may meet.
type prover struct {
	options  Options  // with nothing observed
	history  *History // as it was found
	base     []*Migration
	found    map[*Migration]map[said]int // without edits
	accepted map[*Migration]trial        // what holds
	before   map[*Migration]map[said]int // with what holds
	trials   map[*Migration][]trial      // that are left
	read     int                         // statements
	panics   []*Finding                  // where edits were tried, and nowhere else
}

// A trial is findings of one migration whose edits are made together.
type trial []*Finding

// said is a finding without its place, which an edit moves.
type said struct {
	rule, message string
	severity      Severity
}

// maxProof bounds the statements that are read again to prove edits: a history of
// 10,000 statements is read 50 times. Only a file with hundreds of
// harmful repairs comes to it; repairs that are unproven then are not offered.
const maxProof = 500_000

// proveEdits keeps the edits of findings that hold, and returns what panicked where one
// was tried.
func proveEdits(findings []*Finding, h *History, base []*Migration, o Options) (panics []*Finding) {
	p := &prover{options: o, history: h, base: base, accepted: map[*Migration]trial{}, trials: map[*Migration][]trial{}}
	p.options.Observed = nil
	for _, f := range findings {
		switch {
		case len(f.Edits) == 0:
		case !o.Edits || len(f.migration.Replaced) > 0 || !p.allowed(f):
			f.Edits = nil
		default:
			p.add(f)
		}
	}
	if len(p.trials) == 0 {
		return nil
	}
	if o.Observed != nil {
		findings = checkMigrations(h, base, p.options, behind(h, p.left()))
	}
	known := panickedOf(findings)
	p.found = countSaid(findings)
	p.before = maps.Clone(p.found)
	for len(p.trials) > 0 && p.read <= maxProof {
		p.round()
	}
	for _, trials := range p.trials {
		for _, t := range trials {
			t.takeBack()
		}
	}
	p.join(nil, p.edits())
	return slices.DeleteFunc(p.panics, func(f *Finding) bool { return known[f.panicked] })
}

// panickedOf is what panicked already.
func panickedOf(findings []*Finding) map[string]bool {
	known := map[string]bool{}
	for _, f := range findings {
		if f.panicked != "" {
			known[f.panicked] = true
		}
	}
	return known
}

// check runs the rules where edits are tried. What panics there is kept: it takes the
// edit back, which nobody would see.
func (p *prover) check(h *History, migrations []*Migration) []*Finding {
	found := checkMigrations(h, p.base, p.options, migrations)
	for _, f := range found {
		if f.panicked == "" || slices.ContainsFunc(p.panics, func(known *Finding) bool { return known.panicked == f.panicked }) {
			continue
		}
		told := CheckPanicked.AtFile(f.Path, "")
		told.panicked, told.panic = f.panicked, f.panic
		p.panics = append(p.panics, &told)
	}
	return found
}

// edits returns the migrations with edits that hold, in their order.
func (p *prover) edits() []*Migration {
	return slices.DeleteFunc(slices.Clone(p.history.New), func(m *Migration) bool { return len(p.accepted[m]) == 0 })
}

// behind returns the migrations from the first of some on.
func behind(h *History, some []*Migration) []*Migration {
	if len(some) == 0 {
		return nil
	}
	return h.New[slices.Index(h.New, some[0]):]
}

// join takes back the edits of those of the next migrations that do harm together with
// what is kept, and returns what is kept then.
func (p *prover) join(kept, next []*Migration) []*Migration {
	together := slices.Concat(kept, next)
	switch {
	case len(next) == 0, p.read <= maxProof && p.holdTogether(together):
		return together
	case len(next) == 1 || p.read > maxProof:
		for _, m := range next {
			p.accepted[m].takeBack()
		}
		return kept
	}
	half := len(next) / 2
	return p.join(p.join(kept, next[:half]), next[half:])
}

// holdTogether reports whether some migrations with their edits cause, in what comes
// behind, only findings that are milder than all they repair.
func (p *prover) holdTogether(edited []*Migration) bool {
	if last := len(p.history.New) - 1; len(edited) == 1 && edited[0] == p.history.New[last] {
		return true // as it did alone
	}
	h := *p.history
	h.New = slices.Clone(h.New)
	expected, mildest := maps.Clone(p.found), Error
	for i, m := range h.New {
		if slices.Contains(edited, m) {
			h.New[i] = p.edited(m, p.accepted[m].edits())
			expected[m] = p.before[m]
			mildest = min(mildest, p.accepted[m].mildest())
		}
		p.read += len(h.New[i].Statements())
	}
	first := slices.Index(p.history.New, edited[0])
	after := countSaid(p.check(&h, h.New[first:]))
	for i := first; i < len(h.New); i++ {
		if worsens(expected[p.history.New[i]], after[h.New[i]], mildest) {
			return false
		}
	}
	return true
}

func (t trial) takeBack() {
	for _, f := range t {
		f.Edits = nil
	}
}

// countSaid counts the equal findings about each migration.
func countSaid(findings []*Finding) map[*Migration]map[said]int {
	counts := map[*Migration]map[said]int{}
	for _, f := range findings {
		if counts[f.migration] == nil {
			counts[f.migration] = map[said]int{}
		}
		counts[f.migration][said{f.Rule, f.Message, f.Severity}]++
	}
	return counts
}

// add puts a finding into the first trial of its migration with whose edits its
// own do not overlap.
func (p *prover) add(f *Finding) {
	trials := p.trials[f.migration]
	for i, t := range trials {
		if !slices.ContainsFunc(t, func(other *Finding) bool { return editsOverlap(f.Edits, other.Edits) }) {
			trials[i] = append(t, f)
			return
		}
	}
	p.trials[f.migration] = append(trials, trial{f})
}

func editsOverlap(as, bs []Edit) bool {
	for _, a := range as {
		for _, b := range bs {
			if a.Start <= b.End && b.Start <= a.End {
				return true
			}
		}
	}
	return false
}

// left returns the migrations with trials, in their order.
func (p *prover) left() []*Migration {
	return slices.DeleteFunc(slices.Clone(p.history.New), func(m *Migration) bool { return len(p.trials[m]) == 0 })
}

// round makes the next trial of each migration, on top of what holds. A repair that is
// another one for the same place is tried alone.
func (p *prover) round() {
	h := *p.history
	h.New = slices.Clone(h.New)
	tried, edited := map[*Migration]trial{}, []*Migration{}
	for i, m := range p.history.New {
		if trials := p.trials[m]; len(trials) > 0 {
			tried[m] = trials[0]
			h.New[i] = p.edited(m, slices.Concat(p.below(m, trials[0]), trials[0]).edits())
			edited = append(edited, h.New[i])
			p.settled(m)
		}
		p.read += len(h.New[i].Statements())
	}
	after := countSaid(p.check(&h, edited))
	for i, m := range p.history.New {
		t := tried[m]
		switch {
		case len(t) == 0:
		case !p.holds(t, m, h.New[i], after[h.New[i]]):
			p.retry(m, t)
		case !t.overlaps(p.accepted[m]):
			p.accepted[m] = append(p.accepted[m], t...)
			p.before[m] = after[h.New[i]]
		}
	}
}

// below returns the edits of a migration that hold and that a trial is made on top of.
func (p *prover) below(m *Migration, t trial) trial {
	if t.overlaps(p.accepted[m]) {
		return nil
	}
	return p.accepted[m]
}

func (t trial) overlaps(other trial) bool {
	return slices.ContainsFunc(t, func(f *Finding) bool {
		return slices.ContainsFunc(other, func(g *Finding) bool { return editsOverlap(f.Edits, g.Edits) })
	})
}

// mildest is the lowest severity of the findings.
func (t trial) mildest() Severity {
	mildest := Error
	for _, f := range t {
		mildest = min(mildest, f.Severity)
	}
	return mildest
}

func (t trial) edits() []Edit {
	var edits []Edit
	for _, f := range t {
		edits = append(edits, f.Edits...)
	}
	return edits
}

// settled takes the first trial of a migration away.
func (p *prover) settled(m *Migration) {
	if p.trials[m] = p.trials[m][1:]; len(p.trials[m]) == 0 {
		delete(p.trials, m)
	}
}

// retry halves what did not hold. Edits that do not hold alone are taken back.
func (p *prover) retry(m *Migration, t trial) {
	if len(t) == 1 {
		t.takeBack()
		return
	}
	half := len(t) / 2
	p.trials[m] = append(p.trials[m], t[:half:half], t[half:])
}

// holds reports whether the edits of a trial help, and cause only findings that are
// milder than every finding they repair.
func (p *prover) holds(t trial, m, edited *Migration, after map[said]int) bool {
	if countUnparsed(edited) > countUnparsed(m) {
		return false
	}
	before := p.before[m]
	if t.overlaps(p.accepted[m]) {
		before = p.found[m]
	}
	if worsens(before, after, t.mildest()) {
		return false
	}
	repaired := map[said]int{}
	for _, f := range t {
		repaired[said{f.Rule, f.Message, f.Severity}]++
	}
	for what, n := range repaired {
		if before[what] > 0 && after[what] > before[what]-min(n, before[what]) {
			return false
		}
	}
	return true
}

// worsens reports whether there is more to say that is not milder than what is
// repaired.
func worsens(before, after map[said]int, mildest Severity) bool {
	for what, n := range after {
		if n > before[what] && what.severity >= mildest {
			return true
		}
	}
	return false
}

// allowed asks what the history says of its files.
func (p *prover) allowed(f *Finding) bool {
	if p.history.Editing.Sealed {
		return false
	}
	return !p.history.Editing.Generated || p.sameSchema(f.Rule)
}

// sameSchema reports whether a rule's repairs change how a schema is made, not
// which one.
func (p *prover) sameSchema(rule string) bool {
	return slices.ContainsFunc(p.options.Rules, func(r *Rule) bool {
		return r.ID == rule && (r.Group == GroupLock || r.Group == GroupTx)
	})
}

// edited returns what a migration is after edits.
func (p *prover) edited(m *Migration, edits []Edit) *Migration {
	if reread := p.history.Editing.Reread; reread != nil {
		if edited := reread(m, edits); edited != nil {
			return edited
		}
	}
	return m.edited(edits)
}

func countUnparsed(m *Migration) int {
	n := 0
	for _, s := range m.Statements() {
		if s.ParseError != nil {
			n++
		}
	}
	return n
}

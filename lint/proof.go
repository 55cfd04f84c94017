package lint

import "slices"

// A prover takes back edits that would do harm: those that do not parse, do
// not help, or make something as severe to report. What would be reported is
// asked of the rules without what a server showed, before and after the edits.
//
// Something milder may come of it: now() in place of 'now()' in ADD COLUMN gives
// all existing rows one value, which is a notice.
//
// All edits are tried at once, in one walk over the history. If a migration with
// its edits fails, the next walk tries each half of them.
type prover struct {
	options Options  // with nothing observed
	history *History // as it was found
	base    []*Migration
	before  map[*Migration]map[said]int
	trials  map[*Migration][]trial // that are left
	read    int                    // statements
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

// proveEdits keeps the edits of findings that hold.
func proveEdits(findings []*Finding, h *History, base []*Migration, o Options) {
	p := &prover{options: o, history: h, base: base, trials: map[*Migration][]trial{}}
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
		return
	}
	if o.Observed != nil {
		findings = checkMigrations(h, base, p.options, p.left())
	}
	p.before = countSaid(findings)
	for len(p.trials) > 0 && p.read <= maxProof {
		p.round()
	}
	for _, trials := range p.trials {
		for _, t := range trials {
			t.takeBack()
		}
	}
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

// round makes the next trial of each migration.
func (p *prover) round() {
	h := *p.history
	h.New = slices.Clone(h.New)
	tried, edited := map[*Migration]trial{}, []*Migration{}
	for i, m := range p.history.New {
		if trials := p.trials[m]; len(trials) > 0 {
			h.New[i] = p.edited(m, trials[0].edits())
			edited = append(edited, h.New[i])
			tried[m] = trials[0]
			p.settled(m)
		}
		p.read += len(h.New[i].Statements())
	}
	after := countSaid(checkMigrations(&h, p.base, p.options, edited))
	for i, m := range p.history.New {
		if t := tried[m]; len(t) > 0 && !p.holds(t, m, h.New[i], after[h.New[i]]) {
			p.retry(m, t)
		}
	}
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
	before, mildest, repaired := p.before[m], Error, map[said]int{}
	for _, f := range t {
		mildest = min(mildest, f.Severity)
		repaired[said{f.Rule, f.Message, f.Severity}]++
	}
	for what, n := range after {
		if n > before[what] && what.severity >= mildest {
			return false
		}
	}
	for what, n := range repaired {
		if before[what] > 0 && after[what] > before[what]-min(n, before[what]) {
			return false
		}
	}
	return true
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

package lint

import "slices"

// A prover takes back edits that would do harm: those that do not parse, do
// not help, or make something as severe to report. What would be reported is
// asked of the rules without what a server showed, before and after the edit.
//
// Something milder may come of it: now() in place of 'now()' in ADD COLUMN gives
// all existing rows one value, which is a notice.
type prover struct {
	options Options  // with nothing observed
	history *History // as it was found
	before  map[*Migration]map[said]int
}

// said is a finding without its place, which an edit moves.
type said struct {
	rule, message string
	severity      Severity
}

func newProver(h *History, o Options) *prover {
	o.Observed = nil
	return &prover{options: o, history: h, before: map[*Migration]map[said]int{}}
}

// maxProof bounds the statements that are read again to prove edits, since each
// proof reads a whole migration: findings behind it keep none.
const maxProof = 2_000

// proveEdits keeps the edits of findings that hold.
func proveEdits(findings []*Finding, h *History, o Options) {
	p := newProver(h, o)
	read := 0
	for _, f := range findings {
		if len(f.Edits) == 0 {
			continue
		}
		read += len(f.migration.Statements())
		if !o.Edits || read > maxProof || len(f.migration.Replaced) > 0 || !p.allowed(f) || !p.holds(f) {
			f.Edits = nil
		}
	}
}

// allowed asks what the history says of its files.
func (p *prover) allowed(f *Finding) bool {
	if p.history.Editing.Sealed {
		return false
	}
	return !p.history.Editing.Generated || p.sameSchema(f.Rule)
}

// sameSchema tells whether a rule's repairs change how a schema is made, not
// which one.
func (p *prover) sameSchema(rule string) bool {
	return slices.ContainsFunc(p.options.Rules, func(r *Rule) bool {
		return r.ID == rule && (r.Group == GroupLock || r.Group == GroupTx)
	})
}

func (p *prover) holds(f *Finding) bool {
	m := f.migration
	edited := p.edited(m, f.Edits)
	if unparsed(edited) > unparsed(m) {
		return false
	}
	if p.before[m] == nil {
		p.before[m] = p.says(p.history, m)
	}
	before, after := p.before[m], p.says(p.with(m, edited), edited)
	for what, n := range after {
		if n > before[what] && what.severity >= f.Severity {
			return false
		}
	}
	told := said{f.Rule, f.Message, f.Severity}
	return before[told] == 0 || after[told] < before[told]
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

// with returns the history in which one migration stands for another.
func (p *prover) with(old, m *Migration) *History {
	h := *p.history
	h.New = slices.Clone(h.New)
	h.New[slices.Index(h.New, old)] = m
	return &h
}

// says counts what is reported about one migration.
func (p *prover) says(h *History, m *Migration) map[said]int {
	count := map[said]int{}
	for _, f := range checkOnly(h, p.options, m) {
		count[said{f.Rule, f.Message, f.Severity}]++
	}
	return count
}

func unparsed(m *Migration) int {
	n := 0
	for _, s := range m.Statements() {
		if s.ParseError != nil {
			n++
		}
	}
	return n
}

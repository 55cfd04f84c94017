package lint

import "slices"

// A prover takes back edits that would do harm: those that do not parse, do
// not help, or make something as severe to report. What would be reported is
// asked of the rules without what a server showed, before and after the edit.
//
// Something milder may come of it: now() in place of 'now()' in ADD COLUMN gives
// all existing rows one value, which is a notice.
type prover struct {
	options Options
	history *History // without effects
	before  map[*Migration]map[said]int
	twin    map[*Migration]*Migration // of the history as it was found
}

// said is a finding without its place, which an edit moves.
type said struct {
	rule, message string
	severity      Severity
}

func newProver(h *History, o Options) *prover {
	p := &prover{options: o, history: &History{Dir: h.Dir, Tool: h.Tool, Editing: h.Editing}, before: map[*Migration]map[said]int{}, twin: map[*Migration]*Migration{}}
	for _, m := range h.Migrations {
		twin := m
		if !m.Base {
			twin = m.withoutEffects()
		}
		p.twin[m] = twin
		p.history.Migrations = append(p.history.Migrations, twin)
	}
	return p
}

func (m *Migration) withoutEffects() *Migration {
	out := &Migration{Path: m.Path, Name: m.Name, Tx: m.Tx, Source: m.Source, Chunks: m.Chunks, Opaque: m.Opaque, parsed: true}
	for _, s := range m.Statements() {
		bare := *s
		bare.Effect = nil
		out.statements = append(out.statements, &bare)
	}
	return out
}

// maxProof bounds the statements that are read again to prove edits, since each
// proof reads a whole migration: findings behind it keep none.
const maxProof = 2_000

// proveEdits keeps the edits of findings that hold.
func proveEdits(findings []*Finding, h *History, o Options) {
	places := newPlaces([]*History{h})
	var p *prover
	read := 0
	for _, f := range findings {
		if len(f.Edits) == 0 {
			continue
		}
		if p == nil {
			p = newProver(h, o)
		}
		m, _ := places.find(*f)
		if m != nil {
			read += len(m.Statements())
		}
		if !o.Edits || read > maxProof || m == nil || m.Base || len(m.Replaced) > 0 || !p.allowed(f) || !p.holds(f, m) {
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

func (p *prover) holds(f *Finding, m *Migration) bool {
	twin := p.twin[m]
	edited := p.edited(m, f.Edits)
	if unparsed(edited) > unparsed(twin) {
		return false
	}
	if p.before[m] == nil {
		p.before[m] = p.says(p.history, twin)
	}
	before, after := p.before[m], p.says(p.with(twin, edited), edited)
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
	h.Migrations = make([]*Migration, len(p.history.Migrations))
	for i, is := range p.history.Migrations {
		if is == old {
			is = m
		}
		h.Migrations[i] = is
	}
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

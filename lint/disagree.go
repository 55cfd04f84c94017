package lint

import "slices"

// A Disagreement is a rule that speaks about a statement with what a server
// showed and not without, or the other way round. What was observed has won.
type Disagreement struct {
	Finding        // as the one that speaks puts it
	Silent    bool // the trial silenced it; else only the trial let it speak
	Statement *Statement
}

// Disagreements runs the rules a second time, as if nothing had been tried, and
// compares. Rules that need a server are left out.
func Disagreements(histories []*History, o Options) []Disagreement {
	o.Rules = slices.DeleteFunc(slices.Clone(o.Rules), func(r *Rule) bool { return r.Measured })
	var all []Disagreement
	for _, h := range histories {
		tried := check(h, o)
		read := withoutTrial(h, func() []Finding { return check(h, o) })
		places := newPlaces([]*History{h})
		missing := func(from, in []Finding, silent bool) {
			for _, f := range from {
				st := places.statement(f)
				if st == nil || slices.ContainsFunc(in, func(g Finding) bool { return g.Rule == f.Rule && places.same(f, g) }) {
					continue
				}
				all = append(all, Disagreement{f, silent, st})
			}
		}
		missing(read, tried, true)
		missing(tried, read, false)
	}
	slices.SortStableFunc(all, func(a, b Disagreement) int { return compareFindings(a.Finding, b.Finding) })
	return slices.DeleteFunc(all, func(d Disagreement) bool { return d.Statement.Effect == nil })
}

// withoutTrial runs f while the history shows nothing that a server told.
func withoutTrial(h *History, f func() []Finding) []Finding {
	final, effects := h.Final, map[*Statement]*Effect{}
	defer func() {
		h.Final = final
		for s, e := range effects {
			s.Effect = e
		}
	}()
	h.Final = nil
	for _, m := range h.Migrations {
		if m.Base {
			continue
		}
		for _, s := range m.Statements() {
			effects[s], s.Effect = s.Effect, nil
		}
	}
	return f()
}

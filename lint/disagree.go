package lint

import "slices"

// A Disagreement is a rule that speaks about a statement with what a server
// showed and not without, or the other way round. What was observed has won.
type Disagreement struct {
	Finding         // as the one that speaks puts it
	Silent  bool    // the trial silenced it; else only the trial let it speak
	Effect  *Effect // what the server showed of the statement
}

// Disagreements runs the rules a second time, as if nothing had been tried, and
// compares. Rules that need a server are left out.
func Disagreements(histories []*History, o Options) []Disagreement {
	o.Rules = slices.DeleteFunc(slices.Clone(o.Rules), func(r *Rule) bool { return r.Measured })
	untried := o
	untried.Observed = nil
	var all []Disagreement
	for _, h := range histories {
		base := relevantMigrations(h)
		tried, read := checkMigrations(h, base, o, h.New), checkMigrations(h, base, untried, h.New)
		all = append(all, onlyIn(read, tried, o.Observed, true)...)
		all = append(all, onlyIn(tried, read, o.Observed, false)...)
	}
	slices.SortStableFunc(all, func(a, b Disagreement) int { return compareFindings(a.Finding, b.Finding) })
	return all
}

// onlyIn returns the findings about statements that ran for which the other
// findings have none of the same rule.
func onlyIn(findings, others []*Finding, o *Observed, silent bool) []Disagreement {
	type speech struct {
		rule string
		at   *Statement
	}
	said := map[speech]bool{}
	for _, f := range others {
		said[speech{f.Rule, f.at}] = true
	}
	var all []Disagreement
	for _, f := range findings {
		if e := o.Effect(f.at); e != nil && !said[speech{f.Rule, f.at}] {
			all = append(all, Disagreement{*f, silent, e})
		}
	}
	return all
}

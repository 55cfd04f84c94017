package source

import "slices"

// A duplicate is a new migration that shares something with another.
type duplicate struct {
	step, other *step
	shared      []string // "number 7", "tag 0007_x"
}

// duplicates reports new migrations that share something, named in words, with
// another one. Groups that stand on the base as they are stay unsaid.
func (r *review) duplicates(keys func(*step) []string) []duplicate {
	groups := map[string][]*step{} // those that a new one may have made
	for s := range r.isNew {
		for _, key := range keys(s) {
			groups[key] = nil
		}
	}
	for i := range r.to.steps {
		for _, key := range keys(&r.to.steps[i]) {
			if group, wanted := groups[key]; wanted {
				groups[key] = append(group, &r.to.steps[i])
			}
		}
	}
	var all []duplicate
	for i := range r.to.steps {
		d := duplicate{step: &r.to.steps[i]}
		if !r.isNew[d.step] {
			continue
		}
		for _, key := range keys(d.step) {
			if group := groups[key]; r.isToBlame(d.step, group) {
				d.shared = append(d.shared, key)
				d.other = otherOfGroup(group, d.step)
			}
		}
		if d.other != nil {
			all = append(all, d)
		}
	}
	return all
}

// isToBlame tells whether s made the group one: it is new and another was
// there before it.
func (r *review) isToBlame(s *step, group []*step) bool {
	if len(group) < 2 || !r.isNew[s] {
		return false
	}
	return group[0] != s || slices.ContainsFunc(group, func(g *step) bool { return !r.isNew[g] })
}

// otherOfGroup returns the first of a group that is not s.
func otherOfGroup(group []*step, s *step) *step {
	if group[0] == s {
		return group[1]
	}
	return group[0]
}

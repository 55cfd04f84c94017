package probe

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A Reach is what migrations can have broken.
type Reach struct {
	Tables    []*Table
	Functions []*Function
}

// Bounds keep a schema of thousands of tables from being probed in full. Where they cut
// off is told.
const (
	mostTables = 60
	// steps are how far code is followed: a table that a function reads, which another one
	// calls, which a trigger of a second table runs.
	steps = 3
)

// A reacher follows names. Names are compared without schema and case: one too many costs
// a probe, one too few hides a break.
type reacher struct {
	catalog   *Catalog
	words     map[string]bool
	tables    map[*Table]bool
	functions map[*Function]bool
	order     []*Table
	calls     []*Function
}

// FindReach returns the tables, views and functions that texts of SQL name, and those whose
// triggers, policies, bodies and queries lead there. touched are tables by
// "schema.name", quoted where they have to be. left is how many tables did not find room.
func FindReach(c *Catalog, touched, texts []string) (found Reach, left int) {
	r := &reacher{catalog: c, words: map[string]bool{}, tables: map[*Table]bool{}, functions: map[*Function]bool{}}
	for _, t := range c.Tables {
		if slices.Contains(touched, t.Quoted) {
			r.add(t)
		}
	}
	for _, text := range texts {
		r.read(text)
	}
	for range steps {
		r.follow()
	}
	found = Reach{Tables: r.order, Functions: r.calls}
	if left = len(found.Tables) - mostTables; left > 0 {
		found.Tables = found.Tables[:mostTables]
	}
	return found, max(left, 0)
}

var word = lazyregexp.New(`[A-Za-z_\x80-\xff][\w$\x80-\xff]*`)

func wordsIn(text string) map[string]bool {
	words := map[string]bool{}
	for _, w := range word.FindAllString(text, -1) {
		words[strings.ToLower(w)] = true
	}
	return words
}

// read adds what a text of SQL names.
func (r *reacher) read(text string) {
	words := wordsIn(text)
	for _, t := range r.catalog.Tables {
		if words[strings.ToLower(t.Name)] {
			r.add(t)
		}
	}
	for _, f := range r.catalog.Functions {
		if words[strings.ToLower(f.Name)] {
			r.addFunction(f)
		}
	}
}

func (r *reacher) add(t *Table) {
	if !r.tables[t] {
		r.tables[t] = true
		r.words[strings.ToLower(t.Name)] = true
		r.order = append(r.order, t)
	}
}

func (r *reacher) addFunction(f *Function) {
	if !r.functions[f] {
		r.functions[f] = true
		r.words[strings.ToLower(f.Name)] = true
		r.calls = append(r.calls, f)
	}
}

// follow goes one step from what is reached to what depends on it.
func (r *reacher) follow() {
	for _, f := range r.catalog.Functions {
		if !r.functions[f] && r.names(f.Source) {
			r.addFunction(f)
		}
	}
	for _, t := range r.catalog.Tables {
		if r.dependsOnReached(t) {
			r.add(t)
		}
	}
}

func (r *reacher) names(text string) bool {
	for w := range wordsIn(text) {
		if r.words[w] {
			return true
		}
	}
	return false
}

func (r *reacher) dependsOnReached(t *Table) bool {
	return slices.ContainsFunc(t.Triggers, func(g Trigger) bool { return r.has(g.Function) }) ||
		slices.ContainsFunc(t.Policies, func(p Policy) bool { return slices.ContainsFunc(p.Uses, r.has) }) ||
		slices.ContainsFunc(t.Reads, r.has)
}

func (r *reacher) has(oid uint32) bool {
	return r.tables[r.catalog.table(oid)] || r.functions[r.catalog.function(oid)]
}

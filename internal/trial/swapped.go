package trial

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// noteSwaps adds to what statements did that tables took the names of others in them, and
// without what.
func (t *trial) noteSwaps(f faithful, seen observed) {
	if f.schema == nil {
		return
	}
	for _, s := range schema.Swaps(f.schema.Before, f.schema.After) {
		if e := seen.effects[naming(f.pending, seen.effects, s.Now)]; e != nil {
			e.Swapped = append(e.Swapped, swapOf(s))
		}
	}
}

func swapOf(s schema.Swap) lint.Swap {
	out := lint.Swap{Table: s.Now.Within(), Unfilled: s.Unfilled}
	if s.Left != nil {
		out.Left = s.Left.Within()
	}
	for _, p := range s.Lost {
		out.Lost = append(out.Lost, lint.CatalogObject{Kind: p.What, Name: p.Of})
	}
	for _, o := range s.Stays {
		name := o.Display()
		if o.Relation != "" {
			name = strings.TrimPrefix(o.String(), string(o.Kind)+" ")
		}
		out.Stays = append(out.Stays, lint.CatalogObject{Kind: string(o.Kind), Name: name})
	}
	return out
}

// naming returns the last statement by which a table gets its name: that says so, or else
// the last one that was seen to make it.
func naming(pending []*lint.Migration, effects map[*lint.Statement]*lint.Effect, table *schema.Object) *lint.Statement {
	var said, seen *lint.Statement
	for _, m := range pending {
		for _, s := range m.Statements() {
			if slices.ContainsFunc(s.Facts(), func(f facts.Fact) bool { return givesName(f, table) }) {
				said = s
			}
			if e := effects[s]; e != nil && slices.ContainsFunc(slices.Concat(e.Created, e.Altered), func(o lint.CatalogObject) bool {
				return o.Kind == "table" && strings.ReplaceAll(o.Name, `"`, "") == table.Within()
			}) && s.Node.GetAlterTableStmt() == nil {
				seen = s
			}
		}
	}
	if said != nil {
		return said
	}
	return seen
}

// givesName tells whether a fact is that a table gets a name.
func givesName(f facts.Fact, table *schema.Object) bool {
	n := f.Name
	switch {
	case f.Verb&(facts.Renamed|facts.Moved) != 0 && f.To != nil:
		n = *f.To
	case f.Verb&facts.Made == 0:
		return false
	}
	return n.Kind == facts.Table && n.Name == table.Name && (n.Schema == "" || n.Schema == table.Schema)
}

package trial

import (
	"slices"

	"github.com/migvet/migvet/internal/schema"
)

// noteDropped notes what the migrations made and their downs take away again. The rows in
// it are the trial's own, so that their number says nothing about a deployed database.
func noteDropped(backs []back, made, left []kept) {
	var gone kept
	for _, k := range made {
		if k.isOf(gone) {
			continue
		}
		what := ""
		switch {
		case !slices.ContainsFunc(left, k.isOf):
			gone, what = k, "drops table "+k.table()
		case !slices.ContainsFunc(left, k.isSame):
			what = "drops column " + k.table() + "." + k.Column
		default:
			continue
		}
		u := downThatLost(backs, k).undone
		u.Loses = append(u.Loses, what)
	}
}

// isOf tells whether two are of the same table.
func (k kept) isOf(l kept) bool { return k.Schema == l.Schema && k.Table == l.Table }

func (k kept) table() string {
	return (&schema.Object{Kind: schema.Table, Schema: k.Schema, Name: k.Table}).Display()
}

// unmoved leaves out what holds the same under its old name again: a down that renames
// full_name to name loses nothing. had, has and left are what there was before the
// migrations, behind them, and behind their downs.
func unmoved(made, had, has, left []kept) []kept {
	var back []kept
	for _, k := range left {
		if slices.ContainsFunc(had, k.isSame) && !slices.ContainsFunc(has, k.isSame) {
			back = append(back, k)
		}
	}
	moved := func(k kept) bool { // each to one
		i := slices.IndexFunc(back, func(b kept) bool { return b.N == k.N && (b.isOf(k) || b.Column == k.Column && k.N > 0) })
		if i >= 0 {
			back = slices.Delete(back, i, i+1)
		}
		return i >= 0
	}
	return slices.DeleteFunc(made, moved)
}

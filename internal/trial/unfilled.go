package trial

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/rows"
	"github.com/migvet/migvet/lint"
)

// noteUnfilled tells which tables the benign rows left empty.
func (t *trial) noteUnfilled(filled []rows.Filled) {
	var without []string
	for _, f := range filled {
		if f.Rows == 0 && f.Err != nil {
			without = append(without, fmt.Sprintf("%s (%v)", f.Table, f.Err))
		}
	}
	t.leaveUnfilled(without, "could not be filled with rows, so changes were tried on them empty", "rows, give a dump that holds some of these tables")
}

// leaveUnfilled says what could not be done with some tables, and what a dump helps to have
// them tried on.
func (t *trial) leaveUnfilled(tables []string, could, triedOn string) {
	if len(tables) == 0 {
		return
	}
	t.leaveUnchecked(Unchecked{
		Path: t.Source.Dir, Start: lint.NoPos, Minor: true,
		Reason: could + ": " + strings.Join(tables, ", ") + "; to have them tried on " + triedOn + ", in .migvet.yml: base-schema: FILE.sql",
	})
}

// noteWithoutOdd tells which tables have benign rows and no adversarial ones, or a single one, which holds no
// duplicate: that nothing fails on them says less than of others. Tables that keep the rows of migrations or of a
// dump instead are tried with those.
func (t *trial) noteWithoutOdd(benign, odd []rows.Filled) {
	several := map[string]bool{}
	for _, f := range benign {
		several[f.Table] = f.Rows > 1
	}
	var without []string
	for _, f := range odd {
		if several[f.Table] && (f.Rows == 1 || f.Err != nil && f.Rows == 0) {
			without = append(without, fmt.Sprintf("%s (%s)", f.Table, whyNotOdd(f)))
		}
	}
	t.leaveUnfilled(without, "could not be filled with rows of odd kinds, so changes were not tried on NULLs, duplicates and unusual values in them", "such rows, give a dump that holds some")
}

func whyNotOdd(f rows.Filled) string {
	if f.Err != nil {
		return f.Err.Error()
	}
	return "its constraints let only one such row in"
}

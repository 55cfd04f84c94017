package lint

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// A besideWork is what a finding adds to one about a rewrite.
type besideWork struct {
	lockedWork
	says string
}

// TellBesideRewrite has a finding told in another one about the same table, which says that
// the same statement, or one of its transaction, writes the table again: in other words, since
// that says the rest. Without such a finding it stays. Only [Join] does it.
func (p *Pass) TellBesideRewrite(f *Finding, table *pg.RangeVar, says string) {
	var with Finding
	p.UnderLock(&with, Work{Kind: WorkRewrite, Table: table})
	f.beside = &besideWork{*with.work, says}
}

// joinBeside adds findings to those about rewrites. What somebody accepted neither takes
// others nor goes.
func joinBeside(findings []Finding) []Finding {
	into := map[int][]string{}
	goes := map[int]bool{}
	for i, f := range findings {
		if f.beside == nil || f.Accepted != "" {
			continue
		}
		if with := f.beside.among(findings); with >= 0 {
			into[with] = append(into[with], f.beside.says)
			goes[i] = true
		}
	}
	kept := make([]Finding, 0, len(findings))
	for i, f := range findings {
		if goes[i] {
			continue
		}
		f.Message = strings.Join(append([]string{f.Message}, into[i]...), "; ")
		kept = append(kept, f)
	}
	return kept
}

// among returns the index of the finding that tells of the same rewrite; -1 for none.
func (b *besideWork) among(findings []Finding) int {
	for i, f := range findings {
		w := f.work
		if w != nil && f.Accepted == "" && w.Kind == WorkRewrite && w.history == b.history && w.began == b.began && w.table.is(b.table) {
			return i
		}
	}
	return -1
}

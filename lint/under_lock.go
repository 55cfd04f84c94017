package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// WorkKind is what takes long while a table is locked, the heavier the greater.
type WorkKind uint8

const (
	WorkNone    WorkKind = iota // the locks alone are told of
	WorkRead                    // of all rows
	WorkBuild                   // of an index
	WorkWrite                   // of many rows
	WorkRewrite                 // of the table
)

// A Work is what a finding says goes on while a table is locked; see [Pass.UnderLock].
type Work struct {
	Kind  WorkKind
	Table *pg.RangeVar // that nobody can read meanwhile; nil for none, or when it is not known
	What  string       // in a list of such work: "SET NOT NULL on orders.state"

	Others []*pg.RangeVar // that it says nobody can read either

	// OfTransaction is for rules that speak of a transaction once, at its heaviest work.
	OfTransaction bool
}

// lockedWork is a Work with the transaction in which it is done.
type lockedWork struct {
	Work
	history *History
	began   int
	table   lockedTable
	others  []lockedTable
}

// UnderLock says what a finding tells of work under a lock. Of several findings that tell of
// the same lock, only the one about the heaviest work is reported, and it counts the others:
// those of a transaction by rules which speak of it once, and those of different rules about
// one table.
func (p *Pass) UnderLock(f *Finding, w Work) {
	f.work = &lockedWork{Work: w, history: p.History, began: p.Began()}
	lockedAs := func(r *pg.RangeVar) lockedTable { return lockedTable{facts.Named(facts.Table, r), p.Relation(r)} }
	if w.Table != nil {
		f.work.table = lockedAs(w.Table)
	}
	for _, r := range w.Others {
		f.work.others = append(f.work.others, lockedAs(r))
	}
}

// joinLocked leaves one of several findings that tell of the same lock.
func joinLocked(findings []Finding) []Finding {
	type transaction struct {
		history *History
		began   int
	}
	groups := map[transaction][]*Finding{}
	var order []transaction
	for i := range findings {
		f := &findings[i]
		if f.work == nil || f.isAboutSmall() {
			continue
		}
		key := transaction{f.work.history, f.work.began}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	left := map[*Finding]bool{}
	for _, key := range order {
		joinInTransaction(groups[key], left)
	}
	if len(left) == 0 {
		return findings
	}
	var kept []Finding
	for i := range findings {
		if !left[&findings[i]] {
			kept = append(kept, findings[i])
		}
	}
	return kept
}

// joinInTransaction marks findings of one transaction as left out, and has others say so.
func joinInTransaction(findings []*Finding, left map[*Finding]bool) {
	slices.SortStableFunc(findings, func(a, b *Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.work.Kind, a.work.Kind))
	})
	into := map[*Finding]*Finding{}
	for i, f := range findings {
		for _, heavier := range findings[:i] {
			if into[heavier] == nil && heavier.takes(f) {
				into[f] = heavier
				break
			}
		}
	}
	whole := func(f *Finding) bool { return f.work.OfTransaction && into[f] == nil && f.Accepted == "" } // who accepts one has not seen the others
	if first := slices.IndexFunc(findings, whole); first >= 0 {
		for _, f := range findings[first+1:] {
			if whole(f) {
				into[f] = findings[first]
			}
		}
	}
	joined := map[*Finding][]*Finding{}
	for _, f := range findings {
		if to := into[f]; to != nil {
			for into[to] != nil {
				to = into[to]
			}
			left[f] = true
			joined[to] = append(joined[to], f)
		}
	}
	for f, others := range joined {
		f.mention(others)
	}
}

// takes reports whether a finding says what a lighter one does about the same table: of
// different rules, or of one that tells of a rewrite, which is the same work again.
func (f *Finding) takes(g *Finding) bool {
	sameTable := f.work.Table != nil && g.work.Table != nil && f.work.table.is(g.work.table)
	sameTable = sameTable || f.work.names(g.work)
	again := f.Rule == g.Rule && f.work.Kind == WorkRewrite && f.at != g.at
	return sameTable && f.Accepted == "" && g.Accepted == "" && (f.Rule != g.Rule || again)
}

// names reports whether work is told of with all tables whose locks alone another finding tells
// of: while constraint orders_customer_id_fkey is checked, nobody reads customers.
func (w *lockedWork) names(locks *lockedWork) bool {
	if w.Kind == WorkNone || locks.Kind != WorkNone || len(locks.others) == 0 {
		return false
	}
	return !slices.ContainsFunc(locks.others, func(t lockedTable) bool {
		return !slices.ContainsFunc(w.others, t.is) && (w.Table == nil || !t.is(w.table))
	})
}

func (t lockedTable) is(other lockedTable) bool {
	if t.object != nil || other.object != nil {
		return t.object == other.object
	}
	return t.name.Same(other.name)
}

// mention says in a finding, before the way out, what others were left out for it.
func (f *Finding) mention(others []*Finding) {
	statements := map[*Statement]bool{f.at: true}
	var what []string
	slices.SortStableFunc(others, func(a, b *Finding) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Start, b.Start)) })
	for _, g := range others {
		if g.work.Kind == WorkNone || g.Accepted != "" {
			continue
		}
		statements[g.at] = true
		if !slices.Contains(what, g.work.What) {
			what = append(what, g.work.What)
		}
	}
	if len(what) == 0 {
		return
	}
	const most = 3
	if len(what) > most {
		what = append(what[:most], "…")
	}
	more := "and it does more under the lock"
	if n := len(statements) - 1; n == 1 {
		more = "and 1 more statement works under such a lock"
	} else if n > 1 {
		more = fmt.Sprintf("and %d more statements work under such locks", n)
	}
	says, way, found := strings.Cut(f.Message, "; ")
	f.Message = says + ", " + more + " (" + strings.Join(what, ", ") + ")"
	if found {
		f.Message += "; " + way
	}
}

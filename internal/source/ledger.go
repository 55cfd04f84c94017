package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A Refusal is a tool's decision to run nothing at all.
type Refusal struct {
	Tool, Reason string

	// OnBase: the tool refuses the base branch for the same, so that nothing new is to
	// blame, and the tool may be another one.
	OnBase bool

	// Before are the migrations that the tool runs before it comes to what it
	// refuses.
	Before []*lint.Migration

	// Otherwise are the migrations that would be pending if the tool did not
	// refuse.
	Otherwise []*lint.Migration
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s refuses: %s", r.Tool, r.Reason) }

// A ledger is the Runner of tools that keep a row for each migration, or one
// for the newest.
type ledger struct {
	versions
	table   quote.SQL
	setup   quote.SQL
	applied quote.SQL             // query for one text column, the newest last: keys; with sums, "sum key"
	sums    bool                  // a row whose sum is not that of the file is refused
	anySum  bool                  // but it is let be
	needs   bool                  // a row without its file is refused
	spared  func(key string) bool // but for such keys; nil for none
	record  func(s *step) quote.SQL
	sum     func(s *step) string

	steps  map[*lint.Migration]*step
	broken string // why the tool would run nothing; "" when it would
	stop   stop

	baseRefused []string // why the tool would run nothing of the base branch
}

// ready fills in the steps of a review.
func (l ledger) ready(r *review) *ledger {
	l.steps, l.broken, l.stop = r.steps, r.to.broken, r.to.stop
	l.baseRefused = l.refusalsOf(r.from)
	if r.to.Schema != "" && !strings.HasPrefix(string(l.setup), "CREATE SCHEMA") {
		l.setup = makeSchema(r.to.Schema) + l.setup
	}
	there := slices.Clone(r.to.schemas)
	if r.from != nil {
		there = append(there, r.from.schemas...) // where the base branch was deployed
	}
	slices.Sort(there)
	for _, schema := range slices.Compact(there) {
		if schema != r.to.Schema {
			l.setup = makeSchema(schema) + l.setup
		}
	}
	return &l
}

func makeSchema(name string) quote.SQL {
	return "CREATE SCHEMA IF NOT EXISTS " + quote.Name(name) + ";\n"
}

func (l *ledger) Setup() quote.SQL                   { return l.setup }
func (l *ledger) Table() quote.SQL                   { return l.table }
func (l *ledger) Applied() quote.SQL                 { return l.applied }
func (l *ledger) Record(m *lint.Migration) quote.SQL { return l.record(l.steps[m]) }

// refusalsOf are the reasons for which the tool would run nothing of a branch, whatever
// has run.
func (l *ledger) refusalsOf(f *Folder) (reasons []string) {
	if f == nil {
		return nil
	}
	for _, reason := range []string{f.broken, f.stop.reason} {
		if reason != "" {
			reasons = append(reasons, reason)
		}
	}
	keys := map[string]bool{}
	for _, s := range f.steps {
		key := l.canonical(s.key)
		if l.unique && keys[key] {
			reasons = append(reasons, twinReason(&s))
		}
		keys[key] = true
	}
	return reasons
}

func twinReason(s *step) string { return s.name + " has the version of another migration" }

// refuse makes a refusal of a reason.
func (l *ledger) refuse(reason string, before, otherwise []*lint.Migration) *Refusal {
	return &Refusal{Tool: l.tool, Reason: reason, OnBase: slices.Contains(l.baseRefused, reason), Before: before, Otherwise: otherwise}
}

func (l *ledger) Pending(applied []string, head []*lint.Migration) ([]*lint.Migration, error) {
	done := map[string]string{}
	newest := ""
	for _, row := range applied {
		key, sum := row, ""
		if l.sums {
			sum, key, _ = strings.Cut(row, " ")
		}
		done[key] = sum
		if !strings.HasPrefix(key, repeatable) && (newest == "" || l.order(key, newest) > 0) {
			newest = key
		}
	}
	pending, late := l.pending(done, newest, head)
	if l.late == lateSkipped {
		pending = slices.DeleteFunc(pending, func(m *lint.Migration) bool { return slices.Contains(late, m) })
	}
	if reason := l.refusal(done, newest, head, late); reason != "" {
		return nil, l.refuse(reason, nil, pending)
	}
	return l.upToRefused(pending)
}

// A stop is where a tool comes to something that it cannot run, and ends.
type stop struct {
	key    string // in the order of the migrations
	reason string // "" when there is none
}

// upToRefused ends with the first migration on which the tool fails. What ran
// before in the same transaction is lost.
func (l *ledger) upToRefused(pending []*lint.Migration) ([]*lint.Migration, error) {
	for i, m := range pending {
		s := l.steps[m]
		if l.stop.reason != "" && l.order(s.key, l.stop.key) > 0 {
			return nil, l.refuse(l.stop.reason, pending[:i], pending)
		}
		if s.refused == "" {
			continue
		}
		r := &Refusal{Tool: l.tool, Reason: s.file() + " " + s.refused, Before: pending[:i], Otherwise: pending}
		if s.tx == lint.TxAllPending {
			r.Before = nil
		}
		return nil, r
	}
	if l.stop.reason != "" {
		return nil, l.refuse(l.stop.reason, pending, pending)
	}
	return pending, nil
}

// pending returns what has no row, and which of that is older than the newest
// row.
func (l *ledger) pending(done map[string]string, newest string, head []*lint.Migration) (pending, late []*lint.Migration) {
	for _, m := range head {
		s := l.steps[m]
		sum, applied := done[s.key]
		if applied && !s.always && (!s.repeatable || sum == l.sum(s)) {
			continue
		}
		pending = append(pending, m)
		if !s.repeatable && !s.unordered && newest != "" && l.order(s.key, newest) < 0 {
			late = append(late, m)
		}
	}
	return pending, late
}

// refusal says why the tool would run nothing; "" when it would.
func (l *ledger) refusal(done map[string]string, newest string, head, late []*lint.Migration) string {
	if l.broken != "" {
		return l.broken
	}
	if l.late == lateRefused && len(late) > 0 {
		return fmt.Sprintf("%s is older than %s, which has run", late[0].Name, newest)
	}
	keys := map[string]bool{}
	for _, m := range head {
		key := l.canonical(l.steps[m].key)
		if l.unique && keys[key] {
			return twinReason(l.steps[m])
		}
		keys[key] = true
	}
	for _, m := range head {
		s := l.steps[m]
		if sum, applied := done[s.key]; l.sums && !l.anySum && applied && !s.mayChange() && sum != l.sum(s) {
			return s.name + " was changed after it was applied"
		}
	}
	for key := range done {
		if l.needs && !keys[l.canonical(key)] && (l.spared == nil || !l.spared(key)) {
			return key + " has run, and its file is gone"
		}
	}
	return ""
}

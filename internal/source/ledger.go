package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// A Refusal is a tool's decision to run nothing at all.
type Refusal struct {
	Tool, Reason string

	// Otherwise are the migrations that would be pending if the tool did not
	// refuse.
	Otherwise []*lint.Migration
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s runs nothing: %s", r.Tool, r.Reason) }

// A ledger is the Runner of tools that keep a row for each migration, or one
// for the newest.
type ledger struct {
	versions
	table   string // quoted
	setup   string
	applied string // query for one text column, the newest last: keys; with sums, "sum key"
	sums    bool   // a row whose sum is not that of the file is refused
	needs   bool   // a row without its file is refused
	record  func(s *step) string
	sum     func(s *step) string

	steps  map[*lint.Migration]*step
	broken string // why the tool would run nothing; "" when it would
}

// ready fills in the steps of a review.
func (l ledger) ready(r *review) *ledger {
	l.steps = map[*lint.Migration]*step{}
	for s, m := range r.old {
		l.steps[m] = s
	}
	for s, m := range r.new {
		l.steps[m] = s
	}
	l.broken = r.to.broken
	return &l
}

func (l *ledger) Setup() string                   { return l.setup }
func (l *ledger) Table() string                   { return l.table }
func (l *ledger) Applied() string                 { return l.applied }
func (l *ledger) Record(m *lint.Migration) string { return l.record(l.steps[m]) }

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
	if reason := l.refusal(done, newest, head, pending, late); reason != "" {
		return nil, &Refusal{Tool: l.tool, Reason: reason, Otherwise: pending}
	}
	if l.late == lateSkipped {
		pending = slices.DeleteFunc(pending, func(m *lint.Migration) bool { return slices.Contains(late, m) })
	}
	return pending, nil
}

// pending returns what has no row, and which of that is older than the newest
// row.
func (l *ledger) pending(done map[string]string, newest string, head []*lint.Migration) (pending, late []*lint.Migration) {
	for _, m := range head {
		s := l.steps[m]
		sum, applied := done[s.key]
		if applied && (!s.repeatable || sum == l.sum(s)) {
			continue
		}
		pending = append(pending, m)
		if !s.repeatable && newest != "" && l.order(s.key, newest) < 0 {
			late = append(late, m)
		}
	}
	return pending, late
}

// refusal says why the tool would run nothing; "" when it would.
func (l *ledger) refusal(done map[string]string, newest string, head, pending, late []*lint.Migration) string {
	if l.broken != "" {
		return l.broken
	}
	if l.late == lateRefused && len(late) > 0 {
		return fmt.Sprintf("%s is older than %s, which has run", late[0].Name, newest)
	}
	keys := map[string]bool{}
	for _, m := range head {
		s := l.steps[m]
		if keys[s.key] && l.onTwin != "" {
			return s.name + " has the version of another migration"
		}
		keys[s.key] = true
		if sum, applied := done[s.key]; l.sums && applied && !s.repeatable && sum != l.sum(s) {
			return s.name + " was changed after it was applied"
		}
	}
	for key := range done {
		if l.needs && !keys[key] {
			return key + " has run, and its file is gone"
		}
	}
	for _, m := range pending {
		if why := l.steps[m].refused; why != "" {
			return l.steps[m].file() + " " + why
		}
	}
	return ""
}

// quote writes text as a literal for SQL.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

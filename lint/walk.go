package lint

import (
	"runtime"
	"slices"
	"sync"

	"github.com/migvet/migvet/lint/facts"
)

// A walk goes forward over the migrations under review of one history, and asks
// rules at each statement.
type walk struct {
	options  Options
	history  *History
	timeline *timeline
	rules    []*Rule

	migration  int   // where it is: index into History.New
	statement  int   // index into the statements of that migration
	place      int32 // of the statement in the timeline
	tx         txState
	hasLocked  bool // see Pass.HasLocked
	folds      map[moment]*fold
	remembered []any // of the history
	here       []any // of the statement
	findings   []*Finding
}

// checkMigrations runs the rules on some of the migrations under review, knowing some of
// the base branch. Rules are shared
// out to as many walks as there are processors, so that each of them sees all
// statements, in their order.
func checkMigrations(h *History, base []*Migration, o Options, migrations []*Migration) []*Finding {
	if len(migrations) == 0 {
		return nil
	}
	o.Mentions = oneAtATime(o.Mentions)
	workers := runtime.GOMAXPROCS(0)
	restore, err := keepStderr()
	if err != nil {
		workers = 1
	} else {
		defer restore()
	}
	shares := o.shareRules(workers)
	t := newTimeline(h, base, o.Observed)
	found := make([][]*Finding, len(shares))
	inParallel(len(shares), len(shares), func(i int) {
		w := &walk{options: o, history: h, timeline: t, rules: shares[i], folds: map[moment]*fold{}, tx: txState{tool: h.Tool}}
		w.all(migrations)
		found[i] = w.findings
	})
	return append(slices.Concat(found...), unreadRests(migrations, o)...)
}

// shareRules returns the rules that are asked, in so many parts.
func (o Options) shareRules(parts int) [][]*Rule {
	shares := make([][]*Rule, parts)
	n := 0
	for _, r := range o.Rules {
		if r.Check != nil && o.severity(r) != Off {
			shares[n%parts] = append(shares[n%parts], r)
			n++
		}
	}
	return shares
}

// oneAtATime lets a function of the caller be called from several walks.
func oneAtATime(mentions func(string) []string) func(string) []string {
	if mentions == nil {
		return nil
	}
	var lock sync.Mutex
	return func(word string) []string {
		lock.Lock()
		defer lock.Unlock()
		return mentions(word)
	}
}

// all walks through the whole review, and asks the rules in some migrations.
func (w *walk) all(migrations []*Migration) {
	asked := map[*Migration]bool{}
	for _, m := range migrations {
		asked[m] = true
	}
	for i, m := range w.history.New {
		start := w.timeline.start(i)
		w.migration, w.hasLocked = i, false
		w.tx.enter(m, start)
		for j, s := range m.Statements() {
			w.statement, w.place, w.here = j, start+int32(j), w.here[:0]
			w.tx.before(m, s, w.place)
			if asked[m] {
				w.ask(m, s)
			}
			w.locks(s)
			w.tx.after(s, w.place)
		}
	}
}

func (w *walk) ask(m *Migration, s *Statement) {
	effect, verbs := w.options.Observed.Effect(s), facts.Verbs(s.Facts())
	p := Pass{History: w.history, Migration: m, Statement: s, walk: w}
	for _, r := range w.rules {
		if r.speaksOf(verbs, effect) {
			p.rule = r
			r.Check(&p)
		}
	}
}

// speaksOf reports whether a rule can have something to say about a statement with
// such facts. About one that the server refused whatever the rows, which does
// nothing, only rules have that account for the refusal.
func (r *Rule) speaksOf(verbs facts.Verb, e *Effect) bool {
	switch {
	case e == nil:
		return !r.Measured && (r.On == 0 || r.On&verbs != 0)
	case e.Err == nil || !e.Err.broken():
		return true
	}
	return slices.Contains(r.Explains, e.Err.SQLState)
}

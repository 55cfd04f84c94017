package lint

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/migvet/migvet/internal/rescue"
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
	remembered []any       // of the history
	here       []any       // of the statement
	findings   *[]*Finding // of the stretch
}

// checkMigrations runs the rules on some of the migrations under review, knowing some of
// the base branch. Statements are shared out to as many walks as there are processors,
// a stretch at a time: each walk goes over all of them, in their order, and asks where
// no other does.
func checkMigrations(h *History, base []*Migration, o Options, migrations []*Migration) []*Finding {
	if len(migrations) == 0 {
		return nil
	}
	o.mentionOneAtATime()
	workers := runtime.GOMAXPROCS(0)
	restore, err := keepStderr()
	if err != nil {
		workers = 1
	} else {
		defer restore()
	}
	rules := o.rulesToAsk()
	t := newTimeline(h, base, o.Observed)
	asked := map[*Migration]bool{}
	for _, m := range migrations {
		asked[m] = true
	}
	shares := newStretches(t.reviewed, t.last(), workers)
	workers = min(workers, len(shares.found))
	inParallel(workers, workers, func(int) {
		w := &walk{options: o, history: h, timeline: t, rules: rules, folds: map[moment]*fold{}, tx: txState{tool: h.Tool}}
		w.all(asked, shares)
	})
	return append(slices.Concat(shares.found...), unreadRests(migrations, o)...)
}

// rulesToAsk leaves out those that are off, and those whose findings are made elsewhere.
func (o Options) rulesToAsk() []*Rule {
	return slices.DeleteFunc(slices.Clone(o.Rules), func(r *Rule) bool { return r.Check == nil || o.severity(r) == Off })
}

// stretches share out the places of statements, each to whoever comes first. What is
// found stays in their order, whoever finds it.
type stretches struct {
	first, last, size int32
	taken             atomic.Int32
	found             [][]*Finding
}

// newStretches makes enough of them that nobody has to wait long for the last one, and
// none that is too short to be worth a walk.
func newStretches(first, last int32, workers int) *stretches {
	size := min(max((last-first+1)/int32(8*workers), 64), 256)
	return &stretches{first: first, last: last, size: size, found: make([][]*Finding, (last-first)/size+1)}
}

// A stretch is the places from one to another, which is not of it.
type stretch struct {
	from, to int32
	found    *[]*Finding
}

// next returns the next stretch; ok is false when all are taken.
func (s *stretches) next() (next stretch, ok bool) {
	number := s.taken.Add(1) - 1
	if int(number) >= len(s.found) {
		return stretch{}, false
	}
	from := s.first + number*s.size
	return stretch{from, from + s.size, &s.found[number]}, true
}

// mentionOneAtATime lets functions of the caller, which may share what they know, be
// called from several walks.
func (o *Options) mentionOneAtATime() {
	var lock sync.Mutex
	if mentions := o.Mentions; mentions != nil {
		o.Mentions = func(words ...string) []string {
			lock.Lock()
			defer lock.Unlock()
			return mentions(words...)
		}
	}
	if texts := o.MentionTexts; texts != nil {
		o.MentionTexts = func(file string) (base, head string, known bool) {
			lock.Lock()
			defer lock.Unlock()
			return texts(file)
		}
	}
}

// all walks through the whole review, and asks the rules in some migrations about the
// stretches that it takes.
func (w *walk) all(asked map[*Migration]bool, shares *stretches) {
	asking, ok := shares.next()
	for i, m := range w.history.New {
		start := w.timeline.start(i)
		w.migration, w.hasLocked = i, false
		w.tx.enter(m, start)
		for j, s := range m.Statements() {
			w.statement, w.place, w.here = j, start+int32(j), w.here[:0]
			if ok && w.place >= asking.to {
				asking, ok = shares.next()
			}
			if !ok {
				return
			}
			w.tx.before(m, s, w.place)
			if w.place >= asking.from && asked[m] {
				w.findings = asking.found
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
	if s.panicked != nil {
		*w.findings = append(*w.findings, panickedAt(m, s, "the reading of the statement", s.panicked))
	}
	for _, r := range w.rules {
		if r.speaksOf(verbs, effect) && !(r.Remains && w.isMoot(s)) {
			p.rule = r
			known := len(*w.findings)
			w.askRule(&p)
			if r.Scales && w.options.Sizes == nil {
				p.acceptSmall((*w.findings)[known:])
			}
		}
	}
}

// isMoot reports whether the tables that a statement is about, or whose parts it is about,
// are dropped below in the same migration: ALTER TABLE a DISABLE ROW LEVEL SECURITY, then
// DROP TABLE a.
func (w *walk) isMoot(s *Statement) bool {
	last, found := w.timeline.end(w.migration)-1, false
	for i := range s.Facts() {
		n := s.facts[i].Name
		if n.Kind.IsPart() {
			n = n.OfTable()
		}
		if n.Kind != facts.Table {
			continue
		}
		o := w.find(n, w.place)
		if o == nil || !o.isGone(last) {
			return false
		}
		found = true
	}
	return found
}

// find returns what has a name, as the statement means it, after the one at a place.
func (w *walk) find(n facts.Name, place int32) *Object {
	return w.timeline.find(w.qualified(n, place), place)
}

// qualified gives a name the schema in which the statement finds it.
func (w *walk) qualified(n facts.Name, place int32) facts.Name {
	return w.timeline.qualified(n, w.timeline.pathAt(w.place), place)
}

// askRule asks one rule. If it panics, what it has reported of the statement stays.
func (w *walk) askRule(p *Pass) {
	if panicked := rescue.Do(func() { p.rule.Check(p) }); panicked != nil {
		*w.findings = append(*w.findings, panickedAt(p.Migration, p.Statement, "rule "+p.rule.ID, panicked))
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

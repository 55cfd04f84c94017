package lint

import (
	"cmp"
	"fmt"
	"iter"
	"time"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint/facts"
)

// A Pass is all that a rule sees: one statement of a migration under review,
// and what surrounds it.
type Pass struct {
	History   *History
	Migration *Migration
	Statement *Statement

	walk *walk
	rule *Rule
}

// Node returns the statement's parse tree; nil for syntax the parser does not
// know.
func (p *Pass) Node() *pg.Node { return p.Statement.Node }

// Effect returns what the statement did on a server; nil when it was not tried.
func (p *Pass) Effect() *Effect { return p.EffectOf(p.Statement) }

// EffectOf returns what any statement of the history did on a server; nil when
// it was not tried, as those of the base branch never are.
func (p *Pass) EffectOf(s *Statement) *Effect { return p.walk.options.Observed.Effect(s) }

// Tried reports whether the statement ran on a server without being refused, so
// that its Effect says all there is.
func (p *Pass) Tried() bool {
	e := p.Effect()
	return e != nil && e.Err == nil
}

// Postgres returns the major version that the statement ran on or else the one that
// production is said to have; 0 when nobody knows.
func (p *Pass) Postgres() int {
	if e := p.Effect(); e != nil {
		return e.Major()
	}
	return p.walk.options.Postgres
}

// MaxLockTimeout is the longest lock_timeout that nobody needs to hear of.
func (p *Pass) MaxLockTimeout() time.Duration {
	return cmp.Or(p.walk.options.MaxLockTimeout, time.Minute-1)
}

// Facts returns what the statement does to objects, as its text says it.
func (p *Pass) Facts() []facts.Fact { return p.Statement.Facts() }

// Statements yields the statements under review and, before them, the statements
// of the base branch that name an object of theirs, each with its place. It is for
// rules about things without a name, such as DO blocks, and for [Remember].
func (p *Pass) Statements() iter.Seq2[int, *Statement] {
	return func(yield func(int, *Statement) bool) {
		place := 0
		for _, list := range [][]*Migration{p.walk.timeline.base, p.History.New} {
			for _, m := range list {
				for _, s := range m.Statements() {
					if place++; !yield(place, s) {
						return
					}
				}
			}
		}
	}
}

// Place is the number of the statement in the history, from 1.
func (p *Pass) Place() int { return int(p.walk.place) }

// Above returns the statements before this one in its migration.
func (p *Pass) Above() []*Statement { return p.Migration.Statements()[:p.walk.statement] }

// Below returns the statements behind this one in its migration.
func (p *Pass) Below() []*Statement { return p.Migration.Statements()[p.walk.statement+1:] }

// Later yields the statements after this one in the order they run. It is for
// what has no name: code that calls something.
func (p *Pass) Later() iter.Seq[*Statement] {
	return func(yield func(*Statement) bool) {
		rest := p.Below()
		for i := p.walk.migration; ; {
			for _, s := range rest {
				if !yield(s) {
					return
				}
			}
			if i++; i == len(p.History.New) {
				return
			}
			rest = p.History.New[i].Statements()
		}
	}
}

// Mentions returns the files of the base branch, outside the migrations, that
// contain one of the words; nil when nobody can tell.
func (p *Pass) Mentions(words ...string) []string {
	if p.walk.options.Mentions == nil {
		return nil
	}
	return p.walk.options.Mentions(words...)
}

// MentionTexts returns a file that Mentions returned as it is on the base branch and in
// the version under review, and whether both are known.
func (p *Pass) MentionTexts(file string) (base, head string, known bool) {
	if p.walk.options.MentionTexts == nil {
		return "", "", false
	}
	return p.walk.options.MentionTexts(file)
}

// Reportf reports a finding at a location of the parse tree (bytes from the
// statement's start; negative means the start). The finding may be changed
// until Check returns.
func (p *Pass) Reportf(location int32, format string, args ...any) *Finding {
	start := p.Statement.Start
	if location > 0 && int(location) < len(p.Statement.SQL) {
		start += int(location)
	}
	f := p.rule.AtStatement(p.Migration, p.Statement, fmt.Sprintf(format, args...))
	f.Start = start
	*p.walk.findings = append(*p.walk.findings, &f)
	return &f
}

// Offer adds a repair to a finding: text in place of the bytes from start to
// end of the statement. What turns out to do harm is taken back. Repairs by
// rules of the groups Lock and Tx leave the same schema behind as the statement
// without them.
func (p *Pass) Offer(f *Finding, start, end int, text string) {
	at := p.Statement.Start
	f.Edits = append(f.Edits, Edit{Span{at + start, at + end}, text})
}

// Measured adds what the server showed to a finding, if it was tried; empty
// text adds nothing.
func (p *Pass) Measured(f *Finding, format string, args ...any) {
	e := p.Effect()
	if e == nil {
		return
	}
	if text := fmt.Sprintf(format, args...); text != "" {
		f.Evidence = "measured on PostgreSQL " + e.Postgres + ": " + text
	}
}

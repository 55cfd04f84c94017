package lint

import (
	"fmt"
	"iter"
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"
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

// Tried tells whether the statement ran on a server without being refused, so
// that its Effect says all there is.
func (p *Pass) Tried() bool {
	e := p.Effect()
	return e != nil && e.Err == nil
}

// Table returns a relation as it was before the statement; nil when it is not
// known: nothing was tried, or it does not exist.
func (p *Pass) Table(r *pg.RangeVar) *Table {
	e := p.Effect()
	if e == nil || r == nil {
		return nil
	}
	return e.Before.Find(r.Schemaname, r.Relname)
}

// After returns a relation as it was after the statement; nil when not known.
func (p *Pass) After(r *pg.RangeVar) *Table {
	e := p.Effect()
	if e == nil || r == nil {
		return nil
	}
	return e.After.Find(r.Schemaname, r.Relname)
}

// Final returns a relation as all migrations under review leave it; nil when
// not known.
func (p *Pass) Final(r *pg.RangeVar) *Table {
	if r == nil {
		return nil
	}
	return p.FinalSchema().Find(r.Schemaname, r.Relname)
}

// FinalSchema returns the tables that the migrations under review touch as all
// of these leave them; nil when not known.
func (p *Pass) FinalSchema() *Schema { return p.walk.options.Observed.Final(p.History) }

// IsNew tells whether the migrations under review made the relation, so that
// nobody can be using it and it holds only what they put there.
func (p *Pass) IsNew(r *pg.RangeVar) bool {
	if t := p.Table(r); t != nil {
		return t.New
	}
	return p.walk.fresh.has(r)
}

// Transaction says what holds a transaction open around the statement, in
// words that fit behind "because"; "" when there is none.
func (p *Pass) Transaction() string { return p.walk.tx.open }

// InTransaction tells whether the statement runs inside a transaction.
func (p *Pass) InTransaction() bool { return p.walk.tx.open != "" }

// Commands returns the statements that ran before this one in its transaction,
// in order, without those that only read or add rows; nil outside of
// transactions.
func (p *Pass) Commands() []*Statement { return p.walk.tx.commands }

// reach is how many statements back and ahead rules look: each looks from every
// statement, so that what they do grows with the product.
const reach = 1000

// Earlier yields the statements before this one, the nearest first, through
// all migrations of the history, but no more than 1,000.
func (p *Pass) Earlier() iter.Seq[*Statement] {
	return func(yield func(*Statement) bool) {
		left := reach
		back := func(statements []*Statement) bool {
			for _, s := range slices.Backward(statements) {
				if left--; left < 0 || !yield(s) {
					return false
				}
			}
			return true
		}
		if !back(p.Migration.Statements()[:p.walk.statement]) {
			return
		}
		for _, list := range [][]*Migration{p.History.New[:p.walk.migration], p.History.Base} {
			for _, m := range slices.Backward(list) {
				if !back(m.Statements()) {
					return
				}
			}
		}
	}
}

// Later yields the statements after this one in the order they run, but no more
// than 1,000.
func (p *Pass) Later() iter.Seq[*Statement] {
	return func(yield func(*Statement) bool) {
		left := reach
		for i, m := range p.History.New[p.walk.migration:] {
			statements := m.Statements()
			if i == 0 {
				statements = statements[p.walk.statement+1:]
			}
			for _, s := range statements {
				if left--; left < 0 || !yield(s) {
					return
				}
			}
		}
	}
}

// Mentions returns the files of the base branch, outside the migrations, that
// contain a word; nil when nobody can tell.
func (p *Pass) Mentions(word string) []string {
	if p.walk.options.Mentions == nil {
		return nil
	}
	return p.walk.options.Mentions(word)
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
	p.walk.findings = append(p.walk.findings, &f)
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
	if text := fmt.Sprintf(format, args...); e != nil && text != "" {
		f.Evidence = "measured on PostgreSQL " + e.Postgres + ": " + text
	}
}

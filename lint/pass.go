package lint

import (
	"fmt"
	"iter"

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
func (p *Pass) Effect() *Effect { return p.Statement.Effect }

// Tried tells whether the statement ran on a server without being refused, so
// that its Effect says all there is.
func (p *Pass) Tried() bool { return p.Statement.Effect != nil && p.Statement.Effect.Err == nil }

// Table returns a relation as it was before the statement; nil when it is not
// known: nothing was tried, or it does not exist.
func (p *Pass) Table(r *pg.RangeVar) *Table {
	if p.Statement.Effect == nil || r == nil {
		return nil
	}
	return p.Statement.Effect.Before.Find(r.Schemaname, r.Relname)
}

// After returns a relation as it was after the statement; nil when not known.
func (p *Pass) After(r *pg.RangeVar) *Table {
	if p.Statement.Effect == nil || r == nil {
		return nil
	}
	return p.Statement.Effect.After.Find(r.Schemaname, r.Relname)
}

// Final returns a relation as all migrations under review leave it; nil when
// not known.
func (p *Pass) Final(r *pg.RangeVar) *Table {
	if r == nil {
		return nil
	}
	return p.History.Final.Find(r.Schemaname, r.Relname)
}

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
		for m := p.walk.migration; m >= 0; m-- {
			statements := p.History.Migrations[m].Statements()
			last := len(statements) - 1
			if m == p.walk.migration {
				last = p.walk.statement - 1
			}
			for i := last; i >= 0; i-- {
				if left--; left < 0 || !yield(statements[i]) {
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
		for m := p.walk.migration; m < len(p.History.Migrations); m++ {
			statements := p.History.Migrations[m].Statements()
			first := 0
			if m == p.walk.migration {
				first = p.walk.statement + 1
			}
			for _, s := range statements[min(first, len(statements)):] {
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
	f := p.rule.At(p.Migration.Path, start, p.Statement.End, fmt.Sprintf(format, args...))
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

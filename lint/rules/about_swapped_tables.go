package rules

import (
	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// swapsHere returns the tables that take the names of others in a statement, as a server
// saw them or as the SQL of the history tells.
func swapsHere(p *lint.Pass) []lint.Swap {
	if p.Tried() {
		return p.Effect().Swapped
	}
	var swaps []lint.Swap
	for _, f := range p.Facts() {
		if f.Name.Kind != facts.Table || f.Verb&(facts.Made|facts.Renamed|facts.Moved) == 0 || f.Maybe {
			continue
		}
		name := f.Name
		if f.To != nil {
			name = *f.To
		}
		if gone := p.Gone(name); gone != nil && !gone.Object.Is(p.ObjectAfter(name)) && gone.Object.Table() == nil {
			swaps = append(swaps, writtenSwap(p, gone.Object, name)...)
		}
	}
	return swaps
}

// writtenSwap compares two tables as far as their statements tell; none where nothing is lost.
func writtenSwap(p *lint.Pass, old *lint.Object, name facts.Name) []lint.Swap {
	taker := p.ObjectAfter(name)
	was, now := p.FoldedLast(old), p.FinalOf(taker)
	if made := old.Made(); was == nil || now == nil || made != nil && made.New {
		return nil
	}
	brings, known := broughtAlong(taker)
	if !known {
		return nil
	}
	c := writtenComparison{Pass: p, was: was, now: now, here: p.FoldedAfter(taker), name: name, brings: brings, swap: lint.Swap{Table: name.String()}}
	if left := p.FinalOf(old); left != nil {
		c.left, c.swap.Left = left.QName(), old.Name(p).String()
	}
	c.columns()
	c.constraints()
	c.indexes()
	c.rights(old, taker)
	c.referrers(old)
	if len(c.swap.Lost)+len(c.swap.Stays) == 0 {
		return nil
	}
	return []lint.Swap{c.swap}
}

// broughtAlong returns what the statement that made a table took from another one, as bits of
// LIKE … INCLUDING, and whether that is known.
// https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-LIKE
func broughtAlong(o *lint.Object) (options likeOptions, known bool) {
	made := o.Made()
	if made == nil {
		return 0, false
	}
	create, is := made.Tree.(*pg.CreateStmt)
	if !is {
		return copiesRows, made.Verb&facts.Filled != 0
	}
	if len(create.InhRelations) > 0 || create.OfTypename != nil {
		return 0, false
	}
	for _, n := range create.TableElts {
		if like := n.GetTableLikeClause(); like != nil {
			options |= copiesColumns | likeOptions(like.Options)
		}
	}
	return options, true
}

// A likeOptions is a set of what one table has from another.
type likeOptions uint32

// The bits that the parser gives LIKE, and two of ours above them.
const (
	likeConstraints likeOptions = 1 << 2
	likeDefaults    likeOptions = 1 << 3
	likeGenerated   likeOptions = 1 << 4
	likeIdentity    likeOptions = 1 << 5
	likeIndexes     likeOptions = 1 << 6

	copiesColumns likeOptions = 1 << 31 // with their NOT NULL
	copiesRows    likeOptions = 1 << 30 // columns too, without that
)

package rows

import (
	"context"
	"fmt"
	"iter"
	"slices"
)

const (
	chunkMoves = 24   // moves that are tried in one round trip
	maxMoves   = 1500 // per constraint
	maxSlow    = 3    // moves that may run into tryTimeout
)

// A repairer changes the plan until it satisfies the constraints.
type repairer struct {
	session     *session
	plan        *plan
	constraints []*constraint
}

func newRepairer(s *session, p *plan) *repairer {
	r := &repairer{session: s, plan: p}
	for _, t := range p.tables {
		r.constraints = append(r.constraints, t.constraints()...)
	}
	return r
}

// A move is a change of the plan.
type move struct {
	touches []any // *column, *foreignKey or *table whose plan it changes
	apply   func() (undo func())
}

// repair evaluates every constraint and changes the plan where one does not hold. Tables with a constraint that no
// move satisfies get an error. It returns early when deadline is over; the error is about the connection.
func (r *repairer) repair(ctx, deadline context.Context) error {
	if err := r.evaluate(ctx, deadline); err != nil {
		return err
	}
	for _, c := range r.constraints {
		if c.state != violated || c.table.err != nil {
			continue
		}
		if deadline.Err() != nil {
			c.table.err = errNoTime
			continue
		}
		solved, err := r.solve(ctx, deadline, c)
		if err != nil {
			return err
		}
		if !solved {
			c.table.err = errUnsolved(c)
		}
	}
	return nil
}

// evaluate asks for the state of every constraint, in portions: each may take as long as tryTimeout.
func (r *repairer) evaluate(ctx, deadline context.Context) error {
	for portion := range slices.Chunk(r.constraints, 2*chunkMoves) {
		if deadline.Err() != nil {
			return nil
		}
		if err := r.evaluatePortion(ctx, portion); err != nil {
			return err
		}
	}
	return nil
}

func (r *repairer) evaluatePortion(ctx context.Context, portion []*constraint) error {
	var asked []*constraint
	var questions []string
	for _, c := range portion {
		if c.state == undecidable || c.table.err != nil {
			continue
		}
		c.state = holds
		if !c.certain() {
			asked, questions = append(asked, c), append(questions, "SELECT "+c.sql())
		}
	}
	answers, err := r.session.ask(ctx, questions)
	for i, a := range answers {
		asked[i].learn(a)
	}
	return err
}

func (c *constraint) learn(a answer) {
	switch {
	case a.yes:
		c.state = holds
	case hopeless(sqlState(a.err)):
		c.state, c.err = undecidable, a.err
	default:
		c.state, c.err = violated, a.err
	}
}

// hopeless says that no other values would help: the expression itself fails, or it is too slow.
func hopeless(state string) bool {
	return len(state) == 5 && (state[:2] == "42" || state[:2] == "54" || state == "57014")
}

// solve tries one move after the other until c holds, and keeps that one.
func (r *repairer) solve(ctx, deadline context.Context, c *constraint) (bool, error) {
	slow := 0
	for chunk := range chunks(r.moves(c), chunkMoves, maxMoves) {
		if deadline.Err() != nil || slow > maxSlow {
			return false, nil
		}
		questions := make([]string, len(chunk))
		for i, m := range chunk {
			undo := m.apply()
			questions[i] = r.question(c, m)
			undo()
		}
		answers, err := r.session.ask(ctx, questions)
		if err != nil {
			return false, err
		}
		for i, a := range answers {
			if a.yes {
				chunk[i].apply()
				c.state = holds
				return true, nil
			}
			if sqlState(a.err) == "57014" {
				slow++
			}
		}
	}
	return false, nil
}

// question asks whether c holds, and all that held and depends on what the move touches still does.
func (r *repairer) question(c *constraint, m move) string {
	sql := "SELECT " + c.sql()
	for _, other := range r.constraints {
		if other != c && other.state == holds && other.dependsOn(m.touches) && !other.certain() {
			sql += " AND " + other.sql()
		}
	}
	return sql
}

func (c *constraint) dependsOn(parts []any) bool {
	for _, p := range parts {
		if c.depends[p] {
			return true
		}
	}
	return false
}

// chunks groups at most limit moves.
func chunks(moves iter.Seq[move], size, limit int) iter.Seq[[]move] {
	return func(yield func([]move) bool) {
		var chunk []move
		count := 0
		for m := range moves {
			chunk = append(chunk, m)
			count++
			if len(chunk) == size || count == limit {
				if !yield(chunk) || count == limit {
					return
				}
				chunk = nil
			}
		}
		if len(chunk) > 0 {
			yield(chunk)
		}
	}
}

func errUnsolved(c *constraint) error {
	if c.err != nil {
		return fmt.Errorf("no values found that satisfy %s: %w", c.name, c.err)
	}
	return fmt.Errorf("no values found that satisfy %s", c.name)
}

package rows

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/migvet/migvet/internal/quote"
)

const (
	firstChunk = 4    // moves that are tried in one round trip; each further one takes twice as many, up to
	lastChunk  = 32   // this: most constraints are satisfied at once, the others need many
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
		if c.state != stateViolated || c.table.err != nil || c.table.kept {
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
	for portion := range slices.Chunk(r.constraints, lastChunk) {
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
	var questions []quote.SQL
	for _, c := range portion {
		if c.state == stateUndecidable || c.table.err != nil || c.table.kept {
			continue
		}
		c.state = stateHolds
		if !c.certain() {
			asked, questions = append(asked, c), append(questions, "SELECT "+c.sql())
		}
	}
	answers, err := r.session.ask(ctx, questions)
	for i, a := range answers {
		if asked[i].learn(a); asked[i].state == stateUndecidable && asked[i].leaveNull() {
			asked[i].state = stateHolds
		}
	}
	return err
}

func (c *constraint) learn(a answer) {
	switch {
	case a.yes:
		c.state = stateHolds
	case isHopeless(sqlState(a.err)):
		c.state, c.err = stateUndecidable, a.err
	default:
		c.state, c.err = stateViolated, a.err
	}
}

// isHopeless says that no other values would help: the expression itself fails, or it is too slow.
func isHopeless(state string) bool {
	return len(state) == 5 && (state[:2] == "42" || state[:2] == "54" || state == "57014")
}

// solve tries one move after the other until c holds, and keeps that one.
func (r *repairer) solve(ctx, deadline context.Context, c *constraint) (bool, error) {
	slow := 0
	for chunk := range chunkMoves(r.moves(c)) {
		if deadline.Err() != nil || slow > maxSlow {
			return false, nil
		}
		answers, err := r.session.ask(ctx, askAfterMoves(chunk, func(move) quote.SQL { return "SELECT " + c.sql() }))
		if err != nil {
			return false, err
		}
		for i, a := range answers {
			if sqlState(a.err) == "57014" {
				slow++
			}
			if !a.yes {
				continue
			}
			if harmless, err := r.harmless(ctx, c, chunk[i]); harmless || err != nil {
				return harmless, err
			}
		}
	}
	return false, nil
}

// askAfterMoves writes a question for each move, as if the move were made.
func askAfterMoves(moves []move, question func(move) quote.SQL) []quote.SQL {
	questions := make([]quote.SQL, len(moves))
	for i, m := range moves {
		undo := m.apply()
		questions[i] = question(m)
		undo()
	}
	return questions
}

// harmless keeps a move that makes c hold if all that held and depends on what the move touches still does.
func (r *repairer) harmless(ctx context.Context, c *constraint, m move) (bool, error) {
	others := askAfterMoves([]move{m}, func(m move) quote.SQL {
		sql := quote.SQL("SELECT true")
		for _, other := range r.constraints {
			if other != c && other.state == stateHolds && !other.table.kept && other.dependsOn(m.touches) && !other.certain() {
				sql += " AND " + other.sql()
			}
		}
		return sql
	})
	answers := []answer{{yes: true}}
	if others[0] != "SELECT true" {
		var err error
		if answers, err = r.session.ask(ctx, others); err != nil {
			return false, err
		}
	}
	if answers[0].yes {
		m.apply()
		c.state = stateHolds
	}
	return answers[0].yes, nil
}

func (c *constraint) dependsOn(parts []any) bool {
	for _, p := range parts {
		if c.depends[p] {
			return true
		}
	}
	return false
}

// chunkMoves groups moves, maxMoves at most.
func chunkMoves(moves iter.Seq[move]) iter.Seq[[]move] {
	return func(yield func([]move) bool) {
		var chunk []move
		size, count := firstChunk, 0
		for m := range moves {
			chunk = append(chunk, m)
			if count++; count == maxMoves {
				break
			}
			if len(chunk) == size {
				if !yield(chunk) {
					return
				}
				chunk, size = nil, min(2*size, lastChunk)
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

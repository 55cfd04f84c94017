package lint

import pg "github.com/pganalyze/pg_query_go/v5"

// nesting bounds the depth of a tree from tokens alone. Inside one pair of
// brackets (CASE … END is one), everything since the last separator may hang
// below everything before it (1+1+1…, NOT NOT, a::b::c). The bound is the number
// of tokens since the last separator, added up over the open brackets. Only UNION and its like chain
// across commas.
type nesting struct {
	outer []level // of the open brackets
	level
	total int
}

type level struct {
	run  int // tokens since the last separator
	sets int // UNION, INTERSECT and EXCEPT before it
}

func (n *nesting) add(t pg.Token) int {
	switch t {
	case pg.Token_ASCII_40, pg.Token_ASCII_91, pg.Token_CASE:
		n.outer = append(n.outer, n.level)
		n.level = level{}
		n.total++
	case pg.Token_ASCII_41, pg.Token_ASCII_93, pg.Token_END_P:
		n.close()
	case pg.Token_ASCII_44, pg.Token_ASCII_59:
		n.separate()
	case pg.Token_UNION, pg.Token_INTERSECT, pg.Token_EXCEPT:
		n.sets++
		n.total++
	case pg.Token_WHEN, pg.Token_THEN, pg.Token_ELSE:
		n.separate()
		n.token()
	default:
		n.token()
	}
	return n.total
}

func (n *nesting) token() {
	n.run++
	n.total++
}

func (n *nesting) separate() {
	n.total -= n.run
	n.run = 0
}

// close ends a pair of brackets, which then counts as one token.
func (n *nesting) close() {
	if len(n.outer) == 0 {
		return
	}
	n.total -= n.run + n.sets
	last := len(n.outer) - 1
	n.level = n.outer[last]
	n.run++
	n.outer = n.outer[:last]
}

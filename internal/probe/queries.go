package probe

import (
	"slices"
	"strconv"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// queriesIn cuts the SQL out of a body of PL/pgSQL, with a parameter in the place of each
// variable, so that a server can prepare it and look its names up:
//
//	SELECT name INTO who FROM users WHERE id = p_id   →   SELECT name FROM users WHERE id = $1
//
// What it gets wrong the server refuses before the migrations as well as after, and says
// nothing. EXECUTE runs text that is not there yet.
func queriesIn(body string, arguments []string) (queries []string) {
	tokens, err := lint.Scan(body)
	if err != nil {
		return nil
	}
	c := cutter{body: body, variables: map[string]bool{"new": true, "old": true, "found": true, "sqlerrm": true, "sqlstate": true}}
	for _, name := range arguments {
		c.variables[strings.ToLower(name)] = true
	}
	for _, t := range tokens {
		if t.Token != pg.Token_SQL_COMMENT && t.Token != pg.Token_C_COMMENT {
			c.tokens = append(c.tokens, t)
		}
	}
	pieces := c.pieces()
	for _, p := range pieces {
		c.declare(p)
	}
	for _, p := range pieces {
		if q := c.query(p.tokens); q != "" {
			queries = append(queries, q)
		}
	}
	return queries
}

type cutter struct {
	body      string
	tokens    []*pg.ScanToken
	variables map[string]bool
}

// A piece is what stands between semicolons and the words that others stand behind.
type piece struct {
	tokens   []*pg.ScanToken
	declares bool
}

func (c *cutter) word(tokens []*pg.ScanToken, i int) string {
	if i < 0 || i >= len(tokens) {
		return ""
	}
	return strings.ToLower(c.body[tokens[i].Start:tokens[i].End])
}

// pieces ends one at ; and at THEN, ELSE, LOOP and the like, unless these are of a CASE in
// an expression.
func (c *cutter) pieces() (all []piece) {
	start, cases, declares := 0, 0, false
	for i := range c.tokens {
		word := c.word(c.tokens, i)
		switch {
		case word == "case" && i > start:
			cases++
			continue
		case word == "end" && cases > 0:
			cases--
			continue
		case word == ";":
			cases = 0
		case word != "loop" && word != "begin" && word != "declare" && (cases > 0 || word != "then" && word != "else"):
			continue
		}
		all = append(all, piece{c.tokens[start:i], declares})
		start = i + 1
		declares = word == "declare" || declares && word != "begin"
	}
	return append(all, piece{c.tokens[min(start, len(c.tokens)):], declares})
}

// declare notes the variables that a piece makes: those of DECLARE, and of FOR.
func (c *cutter) declare(p piece) {
	if p.declares {
		c.variables[strings.Trim(c.word(p.tokens, 0), `"`)] = true
	}
	if first := c.word(p.tokens, 0); first == "for" || first == "foreach" {
		c.variables[c.word(p.tokens, 1)] = true
	}
}

// query is the SQL of a piece; "" when it has none.
func (c *cutter) query(p []*pg.ScanToken) string {
	first := c.word(p, 0)
	switch first {
	case "select", "insert", "update", "delete", "with", "merge":
		return c.text(c.withoutInto(p))
	case "perform", "if", "elsif", "elseif", "while":
		return c.expression(p[1:])
	case "return":
		if c.word(p, 1) == "query" {
			return c.query(p[2:])
		}
		return c.expression(p[1:])
	case "for":
		for i := range p {
			if c.word(p, i) == "in" {
				return c.query(p[i+1:])
			}
		}
		return ""
	}
	for i := 1; i < len(p) && i < 4; i++ {
		if w := c.word(p, i); w == ":=" || w == "=" {
			return c.expression(p[i+1:])
		}
	}
	return ""
}

// expression is a query for a value. One without a query, a call or a type in it names
// nothing that a migration can take away: p_id IS NULL.
func (c *cutter) expression(p []*pg.ScanToken) string {
	named := func(t *pg.ScanToken) bool {
		text := strings.ToLower(c.body[t.Start:t.End])
		return text == "(" || text == "::" || text == "from"
	}
	if !slices.ContainsFunc(p, named) {
		return ""
	}
	return "SELECT " + c.text(c.withoutInto(p))
}

// withoutInto leaves out where PL/pgSQL puts the result: INTO STRICT a, b.c.
func (c *cutter) withoutInto(p []*pg.ScanToken) (kept []*pg.ScanToken) {
	depth := 0
	for i := 0; i < len(p); i++ {
		switch word := c.word(p, i); {
		case word == "(":
			depth++
		case word == ")":
			depth--
		case word == "into" && depth == 0 && c.word(p, i-1) != "insert" && c.word(p, i-1) != "merge":
			i = c.behindTargets(p, i+1) - 1
			continue
		}
		kept = append(kept, p[i])
	}
	return kept
}

func (c *cutter) behindTargets(p []*pg.ScanToken, i int) int {
	if c.word(p, i) == "strict" {
		i++
	}
	for i++; c.word(p, i) == "," || c.word(p, i) == "."; {
		i += 2
	}
	return i
}

// text writes tokens with parameters for variables and fields of variables.
func (c *cutter) text(p []*pg.ScanToken) string {
	var out strings.Builder
	parameters := 0
	for i := 0; i < len(p); i++ {
		word := c.word(p, i)
		if i > 0 && p[i].Start > p[i-1].End {
			out.WriteByte(' ')
		}
		if !c.variables[word] || c.word(p, i-1) == "." || c.word(p, i+1) == "(" {
			out.WriteString(c.body[p[i].Start:p[i].End])
			continue
		}
		if c.word(p, i+1) == "." && c.word(p, i+2) != "*" {
			i += 2
		}
		parameters++
		out.WriteString("$" + strconv.Itoa(parameters))
	}
	return out.String()
}

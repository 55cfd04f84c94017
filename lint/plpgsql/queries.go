package plpgsql

import (
	"strconv"
	"strings"
)

// Queries cuts the SQL out of a body, also what only reads, with a parameter in the place of
// each variable, so that a server can prepare it and look its names up:
//
//	SELECT name INTO who FROM users WHERE id = p_id   →   SELECT name FROM users WHERE id = $1
//
// arguments are the names of the function's. What Queries gets wrong, a server refuses; of
// EXECUTE, which runs a text that is not there yet, it has nothing.
func Queries(body string, arguments []string) (queries []string) {
	c := cutter{reader: newReader(body), variables: map[string]bool{"new": true, "old": true, "found": true, "sqlerrm": true, "sqlstate": true}}
	for _, name := range arguments {
		c.variables[strings.ToLower(name)] = true
	}
	pieces := c.pieces()
	for _, p := range pieces {
		c.declare(p)
	}
	for _, p := range pieces {
		if q := c.read(p.start, p.end); q != "" {
			queries = append(queries, q)
		}
	}
	return queries
}

// A cutter knows the variables of a body.
type cutter struct {
	*reader
	variables map[string]bool
}

// A piece is what stands between semicolons and the words that statements stand behind:
// tokens from start to end.
type piece struct {
	start, end int
	declares   bool
}

// pieces ends one at ; and at THEN, ELSE, LOOP and the like, unless these are of a CASE in
// an expression.
func (c *cutter) pieces() (all []piece) {
	start, cases, declares := 0, 0, false
	for i := range c.tokens {
		word := c.word(i)
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
		all = append(all, piece{start, i, declares})
		start = i + 1
		declares = word == "declare" || declares && word != "begin"
	}
	return append(all, piece{start, len(c.tokens), declares})
}

// declare notes the variables that a piece makes: those of DECLARE, and of FOR.
func (c *cutter) declare(p piece) {
	if p.declares && p.start < p.end {
		c.variables[strings.Trim(c.word(p.start), `"`)] = true
	}
	if first := c.word(p.start); first == "for" || first == "foreach" {
		c.variables[c.word(p.start+1)] = true
	}
}

// read is the SQL between two tokens; "" when there is none.
func (c *cutter) read(start, end int) string {
	if start >= end {
		return ""
	}
	switch c.word(start) {
	case "select", "insert", "update", "delete", "with", "merge":
		return c.written(start, end)
	case "perform", "if", "elsif", "elseif", "while":
		return c.expression(start+1, end)
	case "return":
		if c.word(start+1) == "query" {
			return c.read(start+2, end)
		}
		return c.expression(start+1, end)
	case "for":
		return c.read(c.find(start, "in")+1, end)
	}
	for i := start + 1; i < min(start+4, end); i++ {
		if w := c.word(i); w == ":=" || w == "=" {
			return c.expression(i+1, end)
		}
	}
	return ""
}

// expression is a query for a value. One without a query, a call or a type in it names
// nothing that can be taken away: p_id IS NULL.
func (c *cutter) expression(start, end int) string {
	for i := start; i < end; i++ {
		if w := c.word(i); w == "(" || w == "::" || w == "from" {
			return "SELECT " + c.written(start, end)
		}
	}
	return ""
}

// written writes tokens with parameters for variables and fields of variables, and without
// the INTO of PL/pgSQL.
func (c *cutter) written(start, end int) string {
	var out strings.Builder
	into := c.into(start, end)
	parameters := 0
	for i := start; i < end; i++ {
		if i == into {
			i = c.targets(i+1, end) - 1
			into = c.into(i+1, end)
			continue
		}
		if out.Len() > 0 && c.tokens[i].Start > c.tokens[i-1].End {
			out.WriteByte(' ')
		}
		if !c.isVariable(i) {
			out.WriteString(c.text(i, i+1))
			continue
		}
		if c.word(i+1) == "." && c.word(i+2) != "*" {
			i += 2
		}
		parameters++
		out.WriteString("$" + strconv.Itoa(parameters))
	}
	return out.String()
}

func (c *cutter) isVariable(i int) bool {
	return c.variables[c.word(i)] && (i == 0 || c.word(i-1) != ".") && c.word(i+1) != "("
}

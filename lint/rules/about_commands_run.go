package rules

import (
	"iter"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// placeOf is where in the statement a command names a table.
func (c codeCommand) placeOf(s *lint.Statement, table *pg.RangeVar) int32 {
	if c.Dynamic {
		return c.location()
	}
	return c.place(s.Start + int(table.GetLocation()))
}

// wholeStatement is the place of code that stands elsewhere.
func wholeStatement(int) int32 { return 0 }

// commandsOf yields the commands that a statement was seen to run, or may have
// run, by its text, by a rule of the review, or in code.
func commandsOf(p *lint.Pass) iter.Seq[codeCommand] {
	return func(yield func(codeCommand) bool) {
		for c := range writtenCommands(p.Statement) {
			if !yield(c) {
				return
			}
		}
		for _, b := range calledBodies(p) {
			for c := range b.commands() {
				if b.isBaseTrigger && !c.Open {
					continue // it does so for every program
				}
				c.place = wholeStatement
				if !yield(c) {
					return
				}
			}
		}
		for _, n := range slices.Concat(ruleActions(p), atomicQueries(p)) {
			if !yield(codeCommand{Command: plpgsql.Command{Statements: []*lint.Statement{{Node: n}}}, place: wholeStatement}) {
				return
			}
		}
	}
}

// calledBodies returns the code of the routines that the statement was seen to
// call.
func calledBodies(p *lint.Pass) []body {
	if p.Effect() == nil {
		return nil
	}
	var bodies []body
	for _, r := range p.Effect().Called {
		_, name, _ := strings.Cut(r.Name, ".")
		b := body{routine: name, language: r.Language, text: r.Source}
		b.isBaseTrigger = r.Trigger && isOnBase(p, r.Source)
		bodies = append(bodies, b)
	}
	if p.Effect().CommitsItself && (p.Node().GetCallStmt() != nil || p.Node().GetDoStmt() != nil) {
		bodies = append(bodies, routinesNamed(p, callsIn(p.Statement))...)
	}
	return bodies
}

func isOnBase(p *lint.Pass, source string) bool {
	return slices.ContainsFunc(p.History.Base, func(m *lint.Migration) bool { return strings.Contains(m.Source, source) })
}

// ruleActions returns what the rules that the review makes run instead of the
// statement, or besides.
func ruleActions(p *lint.Pass) []*pg.Node {
	if !facts.IsQuery(p.Node()) {
		return nil
	}
	var actions []*pg.Node
	for e := range p.Happened(facts.Rule) {
		if s, is := e.Tree.(*pg.RuleStmt); is && e.New {
			actions = append(actions, s.Actions...)
		}
	}
	return actions
}

// atomicQueries returns the queries of functions in BEGIN ATOMIC that the
// statement was seen to call. The catalog has no text of those.
func atomicQueries(p *lint.Pass) (queries []*pg.Node) {
	if p.Effect() == nil {
		return nil
	}
	names := map[string]bool{}
	for _, r := range p.Effect().Called {
		if _, name, _ := strings.Cut(r.Name, "."); r.Source == "" {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	for e := range p.Happened(facts.Function) {
		f, is := e.Tree.(*pg.CreateFunctionStmt)
		if !is || !names[e.Name.Name] {
			continue
		}
		facts.Walk(f.GetSqlBody(), func(n *pg.Node) bool {
			if facts.IsQuery(n) {
				queries = append(queries, n)
			}
			return !facts.IsQuery(n)
		})
	}
	return queries
}

// writtenCommands yields what stands in the text of a statement: the statements
// behind what of a long file is parsed, the commands of a block, or itself.
func writtenCommands(s *lint.Statement) iter.Seq[codeCommand] {
	if s.Rest {
		return body{language: "sql", text: s.SQL}.commands()
	}
	if b, found := bodyOf(s); found && b.routine == "" {
		return b.commands()
	}
	return func(yield func(codeCommand) bool) {
		own := &lint.Statement{Node: s.Node, ParseError: s.ParseError, End: len(s.SQL), SQL: s.SQL, Rows: s.Rows, Unread: s.Unread}
		yield(codeCommand{Command: plpgsql.Command{Statements: []*lint.Statement{own}, Always: true}, place: body{}.location})
	}
}

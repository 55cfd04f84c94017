package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A codeRun is code that statements under review run, and what those did.
type codeRun struct {
	survey
	effects   []*lint.Effect // of the statements that run it
	called    bool           // the server ran it
	elsewhere bool           // its text does not stand in the statement
}

// A survey is what code takes away, and what else it says it does.
type survey struct {
	body   body
	losses []loss
	known  map[string]bool // the commands it writes out, each on one line
	named  map[string]bool // words outside of literals
}

func surveyBody(p *lint.Pass, b body) survey {
	v := survey{body: b, known: map[string]bool{}, named: map[string]bool{}}
	made := map[string]bool{}
	for c := range b.commands() {
		v.losses = append(v.losses, lossesIn(p, c)...)
		for _, s := range c.Statements {
			v.known[onOneLine(s.SQL)] = !c.Open
			for _, n := range madeNames(s) {
				made[n.Name] = made[n.Name] || n.Kind == facts.Table
			}
		}
	}
	v.losses = slices.DeleteFunc(v.losses, func(l loss) bool { return made[lastWord(l.what)] })
	if len(v.losses) > 0 {
		for _, word := range wordsOf(&lint.Statement{SQL: b.text}).text {
			v.named[word] = true
		}
	}
	return v
}

func lastWord(text string) string { return text[strings.LastIndexByte(text, ' ')+1:] }

// codeRuns returns the code that a statement holds and the review runs, and code
// of the base branch that the statement runs, where that takes data away. It is
// empty where something was not observed.
func codeRuns(p *lint.Pass) (runs []codeRun) {
	e := p.Effect()
	if !p.Tried() || isUnseen(e) {
		return nil
	}
	b, found := bodyOf(p.Statement)
	if p.Statement.Rest {
		b, found = body{language: "sql", text: p.Statement.SQL}, true
	}
	if found {
		v := surveyBody(p, b)
		switch {
		case len(v.losses) == 0:
		case b.routine != "":
			return routineRuns(p, v)
		default:
			runs = append(runs, codeRun{survey: v, effects: []*lint.Effect{e}, called: true})
		}
	}
	for _, b := range baseRoutines(p) {
		called := p.Node().GetCallStmt() != nil || slices.ContainsFunc(e.Called, func(r lint.Routine) bool { return r.Source == b.text })
		runs = append(runs, codeRun{survey: surveyBody(p, b), effects: []*lint.Effect{e}, called: called, elsewhere: true})
	}
	return runs
}

// isUnseen tells whether what a statement dropped or deleted may not have been
// observed.
func isUnseen(e *lint.Effect) bool { return e.Incomplete != "" && !e.CommitsItself }

// routineRuns returns a routine with what the statements behind it that run it
// did; nothing when none does.
func routineRuns(p *lint.Pass, v survey) []codeRun {
	r := codeRun{survey: v}
	callers := callersOf(p, v.body.routine)
	for s := range p.Later() {
		e := p.EffectOf(s)
		if e == nil || e.Err != nil {
			continue
		}
		ran := slices.ContainsFunc(e.Called, func(c lint.Routine) bool { return c.Source == v.body.text })
		if !ran && !callers.runs(s) {
			continue
		}
		if isUnseen(e) {
			return nil
		}
		r.called = r.called || ran || s.Node.GetCallStmt() != nil
		r.effects = append(r.effects, e)
	}
	if len(r.effects) == 0 {
		return nil
	}
	return []codeRun{r}
}

// callers are the names by which a routine of the review is run: its own, those of
// routines of the review that call it, and the tables with triggers that do.
type callers struct {
	routines map[string]bool
	tables   []*pg.RangeVar
}

func callersOf(p *lint.Pass, routine string) callers {
	c := callers{routines: map[string]bool{routine: true}}
	for before := 0; before < len(c.routines); {
		before = len(c.routines)
		for e := range p.Reviewed(facts.Function) {
			if f, is := e.Tree.(*pg.CreateFunctionStmt); is && c.mentionedIn(e.Statement) {
				c.routines[strings.ToLower(facts.LastWord(f.Funcname))] = true
			}
		}
	}
	for e := range p.Reviewed(facts.Trigger) {
		if t, is := e.Tree.(*pg.CreateTrigStmt); is && c.routines[strings.ToLower(facts.LastWord(t.Funcname))] {
			c.tables = append(c.tables, t.Relation)
		}
	}
	return c
}

// runs tells whether a statement runs the routine by what its text says.
func (c callers) runs(s *lint.Statement) bool {
	if written := writtenTo(s.Node); written != nil {
		if slices.ContainsFunc(c.tables, func(t *pg.RangeVar) bool { return facts.SameRelation(t, written) }) {
			return true
		}
	}
	return runsCalls(s) && c.mentionedIn(s)
}

// mentionedIn tells whether a statement calls one of the routines in its text or
// in the code that it holds.
func (c callers) mentionedIn(s *lint.Statement) bool {
	for name := range callsIn(s) {
		if c.routines[name] {
			return true
		}
	}
	return false
}

// callsIn returns the functions that a statement calls, without schemas and in
// lower case: by its tree, or by the names in front of a bracket in code.
func callsIn(s *lint.Statement) map[string]bool {
	if b, found := bodyOf(s); found {
		return wordsOf(&lint.Statement{SQL: b.text}).calls()
	}
	if s.Node == nil {
		return wordsOf(s).calls()
	}
	names := map[string]bool{}
	if call := s.Node.GetCallStmt(); call != nil {
		names[strings.ToLower(facts.LastWord(call.Funccall.GetFuncname()))] = true
	}
	facts.Walk(s.Node, func(n *pg.Node) bool {
		if f := n.GetFuncCall(); f != nil {
			names[strings.ToLower(facts.LastWord(f.Funcname))] = true
		}
		return true
	})
	return names
}

// runsCalls tells whether a statement runs the functions that its text calls,
// other than one that only keeps the text.
func runsCalls(s *lint.Statement) bool {
	switch s.Node.GetNode().(type) {
	case nil, *pg.Node_DoStmt, *pg.Node_CallStmt, *pg.Node_ExplainStmt, *pg.Node_CreateTableAsStmt, *pg.Node_CopyStmt:
		return true
	}
	return facts.IsQuery(s.Node)
}

// writtenTo returns the table whose triggers a statement fires.
func writtenTo(n *pg.Node) *pg.RangeVar {
	switch n := n.GetNode().(type) {
	case *pg.Node_InsertStmt:
		return n.InsertStmt.Relation
	case *pg.Node_UpdateStmt:
		return n.UpdateStmt.Relation
	case *pg.Node_DeleteStmt:
		return n.DeleteStmt.Relation
	case *pg.Node_MergeStmt:
		return n.MergeStmt.Relation
	case *pg.Node_CopyStmt:
		return n.CopyStmt.Relation
	}
	return nil
}

// baseRoutines returns the code of the base branch, or of an EXECUTE, that a
// statement runs: what the server called, and what the text calls. Triggers of
// the base branch run for every program.
func baseRoutines(p *lint.Pass) []body {
	bodies := slices.DeleteFunc(calledBodies(p), func(b body) bool { return b.isBaseTrigger })
	if runsCalls(p.Statement) {
		bodies = append(bodies, routinesNamed(p, callsIn(p.Statement))...)
	}
	if len(bodies) == 0 {
		return nil
	}
	known := map[string]bool{}
	for e := range p.Reviewed(facts.Function) {
		if e.Verb&facts.Made != 0 {
			known[strings.ToLower(e.Name.Name)] = true
		}
	}
	return slices.DeleteFunc(bodies, func(b body) bool {
		name := strings.ToLower(b.routine)
		again := known[name]
		known[name] = true
		return again
	})
}

// routinesNamed returns the code of earlier CREATE FUNCTIONs.
func routinesNamed(p *lint.Pass, names map[string]bool) (bodies []body) {
	if len(names) == 0 {
		return nil
	}
	for e := range p.Happened(facts.Function) {
		if e.Verb&facts.Made == 0 || !names[strings.ToLower(e.Name.Name)] {
			continue
		}
		if b, found := bodyOf(e.Statement); found {
			bodies = append(bodies, b)
		}
	}
	return bodies
}

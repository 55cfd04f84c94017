package rules

import (
	"iter"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A signature is a function as callers see it.
type signature struct {
	name     string
	args     []string // types of what is passed in: the function's identity
	optional int      // how many of them, at the end, have defaults
	result   string
}

// signatureOf reads CREATE FUNCTION.
func signatureOf(s *pg.CreateFunctionStmt) signature {
	f := signature{name: facts.LastWord(s.GetFuncname()), result: argumentType(s.GetReturnType())}
	var out []string
	for _, n := range s.GetParameters() {
		param := n.GetFunctionParameter()
		switch param.GetMode() {
		case pg.FunctionParameterMode_FUNC_PARAM_OUT, pg.FunctionParameterMode_FUNC_PARAM_TABLE:
			out = append(out, strings.TrimSpace(param.Name+" "+argumentType(param.ArgType)))
			continue
		case pg.FunctionParameterMode_FUNC_PARAM_INOUT:
			out = append(out, strings.TrimSpace(param.Name+" "+argumentType(param.ArgType)))
		}
		f.args = append(f.args, argumentType(param.GetArgType()))
		if param.GetDefexpr() != nil {
			f.optional++
		}
	}
	if len(out) > 0 {
		f.result = strings.TrimSpace(onlyIf(s.GetReturnType().GetSetof(), "SETOF ") + "(" + strings.Join(out, ", ") + ")")
	}
	return f
}

// String writes the function as PostgreSQL's messages do.
func (f signature) String() string { return f.name + "(" + strings.Join(f.args, ", ") + ")" }

// argumentType writes a type so that its different spellings are one.
func argumentType(t *pg.TypeName) string {
	if t == nil {
		return ""
	}
	d := sqlvalue.ReadType(&pg.TypeName{Names: t.Names, ArrayBounds: t.ArrayBounds}) // a function knows no lengths
	return onlyIf(t.Setof, "SETOF ") + strings.TrimPrefix(d.String(), "public.")
}

// olderFunctions returns the functions of a name that earlier statements made, the
// newest first, and whether others have dropped them or given them another name.
func olderFunctions(p *lint.Pass, s *pg.CreateFunctionStmt) []olderFunction {
	var found []olderFunction
	gone := droppedFunctions{}
	for e := range eventsOfName(p, facts.Qualified(facts.Function, facts.Words(s.Funcname))) {
		gone.add(e.Statement, s.Funcname)
		create, is := e.Tree.(*pg.CreateFunctionStmt)
		if !is {
			continue
		}
		f := olderFunction{signature: signatureOf(create), made: e}
		if slices.ContainsFunc(found, func(o olderFunction) bool { return slices.Equal(o.args, f.args) }) {
			continue // replaced since
		}
		f.dropped = gone.all || slices.ContainsFunc(gone.args, func(args []string) bool { return slices.Equal(args, f.args) })
		found = append(found, f)
	}
	return found
}

// eventsOfName yields what happened to the functions of a name, the nearest first:
// when the review gave them another one, what happened until then.
func eventsOfName(p *lint.Pass, n facts.Name) iter.Seq[lint.Event] {
	o, gone := p.Object(n), p.Gone(n)
	if o != nil || gone == nil {
		return o.Before(p)
	}
	return func(yield func(lint.Event) bool) {
		for e := range gone.Object.Before(p) {
			if !e.IsBehind(gone) && !yield(e) {
				return
			}
		}
	}
}

type olderFunction struct {
	signature
	made    lint.Event
	dropped bool
}

// droppedFunctions are the functions of one name that statements drop, or give
// another name or schema.
type droppedFunctions struct {
	all  bool
	args [][]string
}

func (d *droppedFunctions) add(s *lint.Statement, name []*pg.Node) {
	taken := append(slices.Clip(s.Node.GetDropStmt().GetObjects()), s.Node.GetRenameStmt().GetObject(), s.Node.GetAlterObjectSchemaStmt().GetObject())
	for _, n := range taken {
		o := n.GetObjectWithArgs()
		if o == nil || !sameFunctionName(o.Objname, name) {
			continue
		}
		if o.ArgsUnspecified {
			d.all = true
		}
		args := []string{}
		for _, a := range o.Objargs {
			args = append(args, argumentType(a.GetTypeName()))
		}
		d.args = append(d.args, args)
	}
}

func sameFunctionName(a, b []*pg.Node) bool {
	return facts.Qualified(facts.Function, facts.Words(a)).Same(facts.Qualified(facts.Function, facts.Words(b)))
}

// returnsTrigger tells whether only triggers can call a function.
func returnsTrigger(s *pg.CreateFunctionStmt) bool {
	name := facts.LastWord(s.GetReturnType().GetNames())
	return name == "trigger" || name == "event_trigger"
}

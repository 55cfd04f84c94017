package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var storedFunctionReplaced = &lint.Rule{
	ID: "stored-function-replaced", Group: lint.GroupData, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A function is replaced whose results are stored",
	Why: "PostgreSQL takes `IMMUTABLE` at its word: an index, a generated column and a `CHECK` keep what the function said when each row was written, and `CREATE OR REPLACE FUNCTION` computes none of it again. Queries that use the index then find other rows than those that do not, a unique index lets in keys that are equal now, and rows that the `CHECK` would refuse stay.\n\n" +
		"Found are indexes, generated columns and checks that call the function by name, in tables that the history makes. Not reported where the body stays the same, nor of what the review rebuilds or drops below.\n\n" +
		"https://www.postgresql.org/docs/current/xfunc-volatility.html",
	Fix: "Make a function of another name and have a new index, column or constraint use it. Or compute again what is stored, in the same deploy:\n\n```sql\nREINDEX INDEX CONCURRENTLY people_norm;\n```\n\nand for a generated column `UPDATE people SET email = email` in batches; drop the `CHECK` and add it again.",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateFunctionStmt()
		if !s.GetReplace() {
			return
		}
		is := signatureOf(s)
		for _, was := range olderFunctions(p, s) {
			create, isFunction := was.made.Tree.(*pg.CreateFunctionStmt)
			if !isFunction || was.dropped || was.made.New || !slices.Equal(was.args, is.args) || sameBody(create, s) {
				continue
			}
			if stored := storedResults(p, is); len(stored) > 0 {
				p.Reportf(0, "replacing %s computes nothing again of what it said so far and is stored: %s; use a function of another name, or rebuild what is stored", is, strings.Join(stored, ", "))
			}
		}
	},
}

// sameBody tells whether two functions do the same by their text.
func sameBody(a, b *pg.CreateFunctionStmt) bool {
	return a.SqlBody == nil && b.SqlBody == nil && codeLine(a) == codeLine(b)
}

func codeLine(s *pg.CreateFunctionStmt) string {
	_, code := facts.CodeOf(&pg.Node{Node: &pg.Node_CreateFunctionStmt{CreateFunctionStmt: s}})
	return onOneLine(strings.Join(code, " "))
}

// storedCalls are the functions that the history calls where results are stored.
type storedCalls map[string]bool

func findStoredCalls(p *lint.Pass) storedCalls {
	found := storedCalls{}
	for _, s := range p.Statements() {
		for i := range s.Facts() {
			for name := range callsStored(&s.Facts()[i]) {
				found[name] = true
			}
		}
	}
	return found
}

// storedResults returns what keeps results of a function, where it is still there and
// the review does not compute it again.
func storedResults(p *lint.Pass, function signature) []string {
	if !lint.Remember(p, func() storedCalls { return findStoredCalls(p) })[function.name] {
		return nil
	}
	var found []string
	for _, table := range p.Tables() {
		if table.IsNew(p) {
			continue
		}
		for e := range table.Before(p) {
			args, calls := callsStored(e.Fact)[function.name]
			if !calls || args > len(function.args) || args < len(function.args)-function.optional || e.New || !p.Object(e.Object.Name(p)).Is(e.Object) || isComputedAgain(p, e.Object) {
				continue
			}
			found = append(found, storedNoun(e.Fact)+" "+e.Object.Name(p).String())
		}
	}
	slices.Sort(found)
	return found
}

// callsStored returns the functions whose results a fact has stored, with the number of
// their arguments.
func callsStored(f *facts.Fact) map[string]int {
	if f.Verb&facts.Made == 0 {
		return nil
	}
	calls := map[string]int{}
	for _, expr := range storedExpressions(f) {
		facts.WalkMessages(expr, func(m proto.Message) bool {
			if call, is := m.(*pg.FuncCall); is {
				calls[facts.LastWord(call.Funcname)] = len(call.Args)
			}
			return true
		})
	}
	return calls
}

// storedExpressions returns the expressions whose results something keeps.
func storedExpressions(f *facts.Fact) []*pg.Node {
	switch tree := f.Tree.(type) {
	case *pg.IndexStmt:
		expressions := []*pg.Node{tree.WhereClause}
		for _, n := range tree.IndexParams {
			expressions = append(expressions, n.GetIndexElem().GetExpr())
		}
		return expressions
	case *facts.TableConstraint:
		if f.Name.Kind == facts.Constraint && tree.Contype == pg.ConstrType_CONSTR_CHECK {
			return []*pg.Node{tree.RawExpr}
		}
	case *pg.ColumnDef:
		for _, n := range tree.Constraints {
			if c := n.GetConstraint(); f.Name.Kind == facts.Column && c.GetContype() == pg.ConstrType_CONSTR_GENERATED {
				return []*pg.Node{c.RawExpr}
			}
		}
	}
	return nil
}

func storedNoun(f *facts.Fact) string {
	switch f.Name.Kind {
	case facts.Column:
		return "generated column"
	case facts.Constraint:
		return "constraint"
	}
	return "index"
}

// isComputedAgain tells whether the review drops or rebuilds something below.
func isComputedAgain(p *lint.Pass, o *lint.Object) bool {
	for e := range o.After(p) {
		if e.Verb&(facts.Dropped|facts.Rebuilt) != 0 {
			return true
		}
	}
	for e := range o.Table().After(p) {
		if e.Object.Is(o.Table()) && e.Verb&(facts.Dropped|facts.Rebuilt|facts.Updated) != 0 {
			return true
		}
	}
	return false
}

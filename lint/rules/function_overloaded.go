package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var functionOverloaded = &lint.Rule{
	ID: "function-overloaded", Group: lint.GroupCompat, Severity: lint.Warning,
	On:    facts.Made,
	Title: "OR REPLACE replaces nothing, because the arguments differ",
	Why: "A function is known by its name and the types of its arguments. `CREATE OR REPLACE` with another list of arguments makes a second function beside the old one, which stays and is still called by whoever passes the old arguments. " +
		"When the new arguments have defaults, such a call fits both and fails with `42725`, `function is not unique`.\n\n" +
		"https://www.postgresql.org/docs/current/typeconv-func.html",
	Fix: "Drop the old one in the same migration, or give the new one another name:\n\n```sql\nDROP FUNCTION price(int);\nCREATE FUNCTION price(item int, discount numeric DEFAULT 0) …\n```",
	Check: func(p *lint.Pass) {
		s := p.Node().GetCreateFunctionStmt()
		if s == nil || !s.Replace {
			return
		}
		is := signatureOf(s)
		older := slices.DeleteFunc(olderFunctions(p, s), func(f olderFunction) bool { return f.dropped })
		if slices.ContainsFunc(older, func(f olderFunction) bool { return slices.Equal(f.args, is.args) }) {
			return
		}
		for _, was := range older {
			if droppedLater(p, s, was) {
				continue
			}
			outcome := "calls with the old arguments still go to the old one"
			if ambiguous(is, was.signature) {
				outcome = "calls with the old arguments fit both and fail (42725)"
			}
			p.Reportf(0, "this replaces nothing: %s stays beside %s, and %s; drop it first", was, is, outcome)
			return
		}
	},
}

// ambiguous tells whether a call with all arguments of the old function fits
// the new one just as well.
func ambiguous(is, was signature) bool {
	n := len(was.args)
	return len(is.args) > n && len(is.args)-is.optional <= n && slices.Equal(is.args[:n], was.args)
}

// droppedLater tells whether a later statement drops an older function of the
// name that s makes.
func droppedLater(p *lint.Pass, s *pg.CreateFunctionStmt, f olderFunction) bool {
	gone := droppedFunctions{}
	for e := range p.ObjectAfter(facts.Qualified(facts.Function, facts.Words(s.Funcname))).After(p) {
		gone.add(e.Statement, s.Funcname)
	}
	return gone.all || slices.ContainsFunc(gone.args, func(args []string) bool { return slices.Equal(args, f.args) })
}

package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// volatilityOf judges an expression by the function in it that changes most
// often, and names it.
func volatilityOf(p *lint.Pass, expr *pg.Node) (worst facts.Volatility, function string) {
	return facts.WorstVolatility(expr, func(name string) facts.Volatility {
		return declaredVolatility(p, facts.Qualified(facts.Function, strings.Split(name, ".")).Name)
	})
}

// declaredVolatility asks the CREATE FUNCTION of an earlier migration. A
// function that says nothing is volatile, but one in SQL may be inlined to a
// constant, so nothing is certain there.
func declaredVolatility(p *lint.Pass, name string) facts.Volatility {
	for e := range p.Object(facts.Qualified(facts.Function, strings.Split(name, "."))).Before(p) {
		create, is := e.Tree.(*pg.CreateFunctionStmt)
		if !is {
			continue
		}
		for _, option := range create.Options {
			if d := option.GetDefElem(); d.GetDefname() == "volatility" {
				return volatilities[d.GetArg().GetString_().GetSval()]
			}
		}
		return facts.UnknownVolatility
	}
	return facts.UnknownVolatility
}

var volatilities = map[string]facts.Volatility{
	"immutable": facts.Immutable, "stable": facts.Stable, "volatile": facts.UnknownVolatility,
}

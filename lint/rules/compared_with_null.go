package rules

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var comparedWithNull = &lint.Rule{
	ID: "compared-with-null", Group: lint.GroupData, Severity: lint.Warning,
	Title: "Something is compared with NULL, which is never true",
	Why: "`x = NULL` and `x <> NULL` are NULL, whatever x is. In `WHERE` and in a policy that counts as false: no row is found. In a `CHECK` it counts as true: no row is refused.\n\n" +
		"A NULL in a list is compared like that: `CHECK (x IN ('a', NULL))` takes every value, and `WHERE x NOT IN ('a', NULL)` finds no row.\n\n" +
		"https://www.postgresql.org/docs/current/functions-comparison.html",
	Fix: "```sql\nUPDATE orders SET state = 'new' WHERE state IS NULL;\n```\n\n`IS DISTINCT FROM` compares with what may be NULL.",
	Check: func(p *lint.Pass) {
		if !mayCompareNull(p.Statement.SQL) {
			return
		}
		checks := comparisonsInChecks(p.Node())
		facts.WalkMessages(p.Node(), func(m proto.Message) bool {
			e, is := m.(*pg.A_Expr)
			if is && e.Kind == pg.A_Expr_Kind_AEXPR_IN {
				reportNullInList(p, e, checks[e])
			}
			if !is || e.Kind != pg.A_Expr_Kind_AEXPR_OP || !isNull(e.Rexpr) && !isNull(e.Lexpr) {
				return true
			}
			if way := nullTests[facts.LastWord(e.Name)]; way != "" {
				p.Reportf(e.Location, "%s NULL is never true, and never false: %s; write %s", facts.LastWord(e.Name), comparisonMeans(checks[e]), way)
			}
			return true
		})
	},
}

// reportNullInList reports a NULL in IN (…) where it decides: a CHECK is then never false,
// and NOT IN never true. WHERE x IN ('a', NULL) finds what it would find without.
func reportNullInList(p *lint.Pass, e *pg.A_Expr, inCheck bool) {
	negated := facts.LastWord(e.Name) == "<>"
	if !inCheck && !negated || !slices.ContainsFunc(e.Rexpr.GetList().GetItems(), isNull) {
		return
	}
	if inCheck && negated {
		p.Reportf(e.Location, "NOT IN with a NULL in its list is never true: as a CHECK it refuses the values of the list alone; leave the NULL out, or write IS NOT NULL")
		return
	}
	if inCheck {
		p.Reportf(e.Location, "IN with a NULL in its list is never false: as a CHECK it refuses no row; leave the NULL out, a CHECK lets NULL pass anyhow")
		return
	}
	p.Reportf(e.Location, "NOT IN with a NULL in its list is never true: as a condition it finds no row; leave the NULL out")
}

// mayCompareNull tells whether the word stands beside such an operator or in a list, so
// that few statements are read for it.
func mayCompareNull(sql string) bool {
	const word, blanks = "null", " \t\r\n"
	for i := 0; i+len(word) <= len(sql); i++ {
		if sql[i]|0x20 != 'n' || !strings.EqualFold(sql[i:i+len(word)], word) {
			continue
		}
		before, after := strings.TrimRight(sql[:i], blanks), strings.TrimLeft(sql[i+len(word):], blanks)
		if strings.HasSuffix(before, "=") || strings.HasSuffix(before, "<>") ||
			inList(before, after) || strings.HasPrefix(after, "=") || strings.HasPrefix(after, "<>") || strings.HasPrefix(after, "!=") {
			return true
		}
	}
	return false
}

// inList tells whether what stands around a NULL may be the list of an IN.
func inList(before, after string) bool {
	return (strings.HasSuffix(before, ",") || strings.HasSuffix(before, "(")) && (strings.HasPrefix(after, ",") || strings.HasPrefix(after, ")"))
}

// nullTests says what compares with NULL as the operator seems to.
var nullTests = map[string]string{"=": "IS NULL", "<>": "IS NOT NULL"}

func isNull(n *pg.Node) bool { return n.GetAConst().GetIsnull() }

// comparisonsInChecks returns the expressions that CHECKs are made of.
func comparisonsInChecks(n *pg.Node) map[*pg.A_Expr]bool {
	inside := map[*pg.A_Expr]bool{}
	facts.WalkMessages(n, func(m proto.Message) bool {
		con, is := m.(*pg.Constraint)
		if !is || con.Contype != pg.ConstrType_CONSTR_CHECK {
			return true
		}
		facts.WalkMessages(con.RawExpr, func(m proto.Message) bool {
			if e, is := m.(*pg.A_Expr); is {
				inside[e] = true
			}
			return true
		})
		return false
	})
	return inside
}

// comparisonMeans says what comes of it: a CHECK takes every row, all others none.
func comparisonMeans(inCheck bool) string {
	if inCheck {
		return "as a CHECK it refuses no row"
	}
	return "as a condition it finds no row"
}

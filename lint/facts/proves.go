package facts

import pg "github.com/pganalyze/pg_query_go/v5"

// ProvesNotNull reports whether an expression that is not false means that a
// column is not NULL: "email IS NOT NULL AND length(email) > 3" does for email.
func ProvesNotNull(expr *pg.Node, column string) bool {
	if test := expr.GetNullTest(); test != nil {
		fields := Words(test.GetArg().GetColumnRef().GetFields())
		return test.Nulltesttype == pg.NullTestType_IS_NOT_NULL && len(fields) == 1 && fields[0] == column
	}
	and := expr.GetBoolExpr()
	if and.GetBoolop() != pg.BoolExprType_AND_EXPR {
		return false
	}
	for _, arg := range and.Args {
		if ProvesNotNull(arg, column) {
			return true
		}
	}
	return false
}

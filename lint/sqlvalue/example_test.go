package sqlvalue_test

import (
	"fmt"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/sqlvalue"
)

func ExampleParseType() {
	t := sqlvalue.ParseType("character varying(20)")
	fmt.Println(t, t.Name, t.Mods, t.IsText())
	// Output: varchar(20) varchar [20] true
}

func ExampleType_ConversionTo() {
	for _, to := range []string{"text", "varchar(40)", "varchar(10)"} {
		cost := sqlvalue.ParseType("varchar(20)").ConversionTo(sqlvalue.ParseType(to))
		fmt.Println(to, cost == sqlvalue.ConversionFree)
	}
	// Output:
	// text true
	// varchar(40) true
	// varchar(10) false
}

func ExampleType_InputProblem() {
	fmt.Println("'2024-02-30'", sqlvalue.ParseType("date").InputProblem("2024-02-30"))
	mood := sqlvalue.Type{Name: "mood", Labels: []string{"happy", "sad"}}
	fmt.Println("'hapy'", mood.InputProblem("hapy"))
	// Output:
	// '2024-02-30' is not a date
	// 'hapy' is not a label of mood; did you mean "happy"?
}

func ExampleType_Fits() {
	n, _ := sqlvalue.ParseNumber("1e5")
	fits, limit := sqlvalue.ParseType("smallint").Fits(n)
	fmt.Println(fits, limit)
	// Output: false -32768 to 32767
}

func ExampleSubject_Satisfies() {
	column := lint.Tree("CREATE TABLE t (total int DEFAULT 0 CHECK (total > 0))").GetCreateStmt().TableElts[0].GetColumnDef()
	value, _ := sqlvalue.ReadLiteral(column.Constraints[0].GetConstraint().RawExpr)
	check := column.Constraints[1].GetConstraint().RawExpr

	subject := sqlvalue.NewSubject(column.Colname, value, sqlvalue.ReadType(column.TypeName))
	fmt.Println(subject.Satisfies(check) == sqlvalue.False)
	// Output: true
}

package rules_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Of work under one transaction's locks the heaviest is told, unless somebody accepted that:
// the other statements are then told of as if it were not there.
func TestAcceptedWorkHidesNoOther(t *testing.T) {
	base := migration("1.sql", "CREATE TABLE orders (id int PRIMARY KEY, total int); CREATE TABLE items (id int PRIMARY KEY, total int);")
	tests := []struct{ name, sql, want string }{
		{"the heaviest alone", "ALTER TABLE orders ADD COLUMN a int;\nUPDATE orders SET a = total;\nUPDATE items SET total = 0 WHERE total < 0;", "2"},
		{"the heaviest accepted", "ALTER TABLE orders ADD COLUMN a int;\nUPDATE orders SET a = total; -- migvet:ignore lock-held-during-work few rows\nUPDATE items SET total = 0 WHERE total < 0;", "3"},
	}
	for _, test := range tests {
		m := migration("2.sql", test.sql)
		findings := lint.Run([]*lint.History{{Base: []*lint.Migration{base}, New: []*lint.Migration{m}}}, nil, lint.Options{Rules: rules.All(), Panicked: panicAgain})
		got := ""
		for _, f := range findings {
			if f.Rule == "lock-held-during-work" && f.Accepted == "" {
				got += string(rune('1' + lineOf(test.sql, f.Start)))
			}
		}
		if got != test.want {
			t.Errorf("%s: told at lines %q, want %s", test.name, got, test.want)
		}
	}
}

// lineOf counts the line ends before an offset.
func lineOf(text string, offset int) (line int) {
	for _, c := range text[:offset] {
		if c == '\n' {
			line++
		}
	}
	return line
}

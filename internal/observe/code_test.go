package observe

import (
	"fmt"
	"slices"
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestReach(t *testing.T) {
	const own = "PL/pgSQL function migvet_on_command() line 8 at RAISE\n"
	tests := []struct {
		name, context string
		want          []lint.CodeLine
	}{
		{"not from code", "PL/pgSQL function migvet_on_command() line 8 at RAISE", nil},
		{"a block", own + "SQL statement \"DROP TABLE a\"\nPL/pgSQL function inline_code_block line 3 at SQL statement",
			[]lint.CodeLine{{Routine: "inline_code_block", Line: 3, SQL: "DROP TABLE a"}}},
		{"a function that another calls", own + "SQL statement \"DROP TABLE a\n-- \"b\"\"\nPL/pgSQL function app.f(integer) line 2 at EXECUTE\nSQL statement \"SELECT app.f(1)\"\nPL/pgSQL function g() line 7 at PERFORM",
			[]lint.CodeLine{{Routine: "app.f(integer)", Line: 2, SQL: "DROP TABLE a\n-- \"b\""}, {Routine: "g()", Line: 7, SQL: "SELECT app.f(1)"}}},
		{"an expression", own + "SQL expression \"f()\"\nPL/pgSQL function inline_code_block line 3 at IF", nil},
		{"nothing", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m Notices
			m.noteCode(tt.context)
			if !slices.Equal(m.reached, tt.want) {
				t.Errorf("got %+v\nwant %+v", m.reached, tt.want)
			}
		})
	}
}

// What a loop runs from one line is remembered in part.
func TestReachedIsBounded(t *testing.T) {
	var m Notices
	for i := range 5000 {
		m.noteCode(fmt.Sprintf("PL/pgSQL function migvet_on_command() line 8 at RAISE\nSQL statement \"DROP TABLE t%d\"\nPL/pgSQL function f() line %d at EXECUTE", i, i%100))
	}
	if n := len(m.reached); n != maxReached {
		t.Errorf("%d are remembered", n)
	}
}

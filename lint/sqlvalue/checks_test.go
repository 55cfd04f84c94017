package sqlvalue

import "testing"

func TestSatisfies(t *testing.T) {
	tests := []struct {
		typ, value, check string
		want              Truth
	}{
		{"int", "0", "c > 0", False},
		{"int", "0", "c >= 0 AND c < 10", True},
		{"int", "0", "c > 0 OR c < other", Undecided},
		{"int", "0", "c < 1 OR c < other", True},
		{"int", "0", "NOT c = 0", False},
		{"int", "0", "c BETWEEN 1 AND 5", False},
		{"int", "0", "f(c) > 0", Undecided},
		{"int", "0", "c OPERATOR(app.>) 0", Undecided},
		{"int", "0", "0 < c", Undecided},
		{"numeric(5,2)", "'1.50'", "c = 1.5", True},
		{"text", "'new'", "c IN ('new', 'done')", True},
		{"text", "'old'", "c = ANY (ARRAY['new'::text, 'done'::text])", False},
		{"text", "'new'", "c NOT IN ('new')", False},
		{"text", "'new'", "c <> ALL (ARRAY['old', NULL])", Undecided},
		{"text", "'äb'", "length(c) = 2 AND char_length(c::text) < 3", True},
		{"text", "''", "c IS NOT NULL", True},
		{"citext", "'NEW'", "c = 'new'", Undecided},
		{"date", "'2024-1-1'", "c = '2024-01-01'", Undecided},
	}
	for _, test := range tests {
		l, _ := ReadLiteral(expression(t, test.value))
		if got := NewSubject("c", l, ParseType(test.typ)).Satisfies(expression(t, test.check)); got != test.want {
			t.Errorf("%s for the %s %s: %d, want %d", test.check, test.typ, test.value, got, test.want)
		}
	}
}

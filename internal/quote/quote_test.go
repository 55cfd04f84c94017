package quote_test

import (
	"testing"

	"github.com/migvet/migvet/internal/quote"
)

func TestQuoting(t *testing.T) {
	for got, want := range map[quote.SQL]string{
		quote.Name(`a"b; DROP`):                 `"a""b; DROP"`,
		quote.Name("a\x00\""):                   `"a"""`,
		quote.Text(`it's`):                      `'it''s'`,
		quote.Text(`\'; DROP`):                  `E'\\''; DROP'`,
		quote.Text("a\x00'"):                    `'a'''`,
		quote.Names([]string{"a", `"`}):         `"a", """"`,
		quote.List([]string{"'"}, quote.Text):   `''''`,
		quote.Number(-7):                        `-7`,
		quote.Decimal("0099999999999999999999"): `0099999999999999999999`,
		quote.Decimal("1.5--'); DROP\n٣"):       `1.5`,
		quote.Hex([]byte{0, '\'', 0xff}):        `0027ff`,
		"SELECT " + quote.Text("x") + "::text":  `SELECT 'x'::text`,
	} {
		if string(got) != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

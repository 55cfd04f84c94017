package sqlvalue

import "testing"

func TestFits(t *testing.T) {
	tests := []struct {
		typ        string
		fits, over []string
	}{
		{"smallint", []string{"32767", "32767.4", "-32768"}, []string{"32768", "32767.5", "-32769"}},
		{"integer", []string{"1e3", "2147483647"}, []string{"1e10", "2147483648"}},
		{"bigint", []string{"9223372036854775807"}, []string{"9223372036854775808"}},
		{"numeric(5,2)", []string{"999.99", "999.994", "-999.99"}, []string{"999.995", "1000"}},
		{"numeric(3,5)", []string{"0.00999"}, []string{"0.01"}},
		{"numeric(3,-2)", []string{"1e9"}, nil}, // refused, but only since 15
		{"numeric", []string{"1e300"}, nil},
		{"real", []string{"3.4e38", "0.1"}, []string{"1e39"}},
		{"double precision", []string{"1e308"}, []string{"1e309"}},
		{"text", []string{"1e300"}, nil},
	}
	for _, test := range tests {
		for _, text := range test.fits {
			if n, ok := ParseNumber(text); !ok {
				t.Errorf("%s: not a number", text)
			} else if fits, _ := ParseType(test.typ).Fits(n); !fits {
				t.Errorf("%s does not fit %s", text, test.typ)
			}
		}
		for _, text := range test.over {
			if n, ok := ParseNumber(text); !ok {
				t.Errorf("%s: not a number", text)
			} else if fits, _ := ParseType(test.typ).Fits(n); fits {
				t.Errorf("%s fits %s", text, test.typ)
			}
		}
	}
}

// Numbers of strangers are not computed with before their size is known.
func TestParseNumberRefusesAbsurdNumbers(t *testing.T) {
	for _, text := range []string{"1e1000000000", "1e-1000000000", "1e99999999999999999999", "", "abc", "1e", "0x10", "."} {
		if _, ok := ParseNumber(text); ok {
			t.Errorf("%q was read", text)
		}
	}
}

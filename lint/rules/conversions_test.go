package rules

import "testing"

func TestConvert(t *testing.T) {
	tests := []struct {
		from, to string
		want     conversion
	}{
		{"varchar(20)", "varchar(40)", conversionFree},
		{"varchar(20)", "varchar", conversionFree},
		{"varchar(20)", "text", conversionFree},
		{"varchar(20)", "varchar(10)", conversionRewrites},
		{"text", "varchar", conversionFree},
		{"text", "varchar(10)", conversionRewrites},
		{"char(3)", "char(4)", conversionRewrites},
		{"bit(3)", "bit(4)", conversionRewrites},
		{"varbit(3)", "bit varying(4)", conversionFree},
		{"numeric(10,2)", "decimal(12,2)", conversionFree},
		{"numeric(10,2)", "numeric", conversionFree},
		{"numeric(10,2)", "numeric(12,3)", conversionRewrites},
		{"numeric(10)", "numeric(12,0)", conversionFree},
		{"numeric", "numeric(12,3)", conversionRewrites},
		{"timestamptz(3)", "timestamptz(6)", conversionFree},
		{"timestamptz", "timestamptz(3)", conversionRewrites},
		{"timestamptz", "timestamp", conversionUnknown},
		{"timestamp", "date", conversionRewrites},
		{"int", "integer", conversionFree},
		{"int", "bigint", conversionRewrites},
		{"int[]", "bigint[]", conversionRewrites},
		{"cidr", "inet", conversionFree},
		{"inet", "cidr", conversionRewrites},
		{"json", "jsonb", conversionRewrites},
		{"mood", "text", conversionUnknown},
		{"mood", "mood", conversionFree},
	}
	for _, test := range tests {
		if got := convert(readType(test.from), readType(test.to)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.from, test.to, got, test.want)
		}
	}
	if got := convert(dataType{name: "mood", labels: []string{"sad"}}, readType("text")); got != conversionRewrites {
		t.Errorf("an enum to text: %d, want a rewrite", got)
	}
}

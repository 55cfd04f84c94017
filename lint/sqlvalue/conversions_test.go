package sqlvalue

import "testing"

func TestConversionTo(t *testing.T) {
	tests := []struct {
		from, to string
		want     Conversion
	}{
		{"varchar(20)", "varchar(40)", ConversionFree},
		{"varchar(20)", "varchar", ConversionFree},
		{"varchar(20)", "text", ConversionFree},
		{"varchar(20)", "varchar(10)", ConversionRewrites},
		{"text", "varchar", ConversionFree},
		{"text", "varchar(10)", ConversionRewrites},
		{"char(3)", "char(4)", ConversionRewrites},
		{"bit(3)", "bit(4)", ConversionRewrites},
		{"varbit(3)", "bit varying(4)", ConversionFree},
		{"numeric(10,2)", "decimal(12,2)", ConversionFree},
		{"numeric(10,2)", "numeric", ConversionFree},
		{"numeric(10,2)", "numeric(12,3)", ConversionRewrites},
		{"numeric(10)", "numeric(12,0)", ConversionFree},
		{"numeric", "numeric(12,3)", ConversionRewrites},
		{"timestamptz(3)", "timestamptz(6)", ConversionFree},
		{"timestamptz", "timestamptz(3)", ConversionRewrites},
		{"timestamptz", "timestamp", ConversionUnknown},
		{"timestamp", "date", ConversionRewrites},
		{"int", "integer", ConversionFree},
		{"int", "bigint", ConversionRewrites},
		{"int[]", "bigint[]", ConversionRewrites},
		{"cidr", "inet", ConversionFree},
		{"inet", "cidr", ConversionRewrites},
		{"json", "jsonb", ConversionRewrites},
		{"mood", "text", ConversionUnknown},
		{"mood", "mood", ConversionFree},
	}
	for _, test := range tests {
		if got := ParseType(test.from).ConversionTo(ParseType(test.to)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.from, test.to, got, test.want)
		}
	}
	mood := Type{Name: "mood", Labels: []string{"sad"}}
	if got := mood.ConversionTo(ParseType("text")); got != ConversionRewrites {
		t.Errorf("an enum to text: %d, want a rewrite", got)
	}
}

package rules

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

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
		{"serial", "bigint", conversionRewrites},
		{"int[]", "bigint[]", conversionRewrites},
		{"cidr", "inet", conversionFree},
		{"inet", "cidr", conversionRewrites},
		{"json", "jsonb", conversionRewrites},
		{"mood", "text", conversionUnknown},
		{"mood", "mood", conversionFree},
	}
	for _, test := range tests {
		if got := convert(parseType(t, test.from), parseType(t, test.to)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.from, test.to, got, test.want)
		}
	}
}

func TestDatatypeString(t *testing.T) {
	for sql, want := range map[string]string{
		"int": "integer", "varchar(20)[]": "character varying(20)[]", "timestamptz(3)": "timestamp(3) with time zone",
		"numeric(10,2)": "numeric(10,2)", `app."Mood"`: "app.Mood", "bigserial": "bigint", "char(3)": "character(3)",
	} {
		if got := parseType(t, sql).String(); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
}

func parseType(t *testing.T, sql string) datatype {
	t.Helper()
	statements, _ := lint.Parse("CREATE TABLE t (c " + sql + ")")
	elements := statements[0].Node.GetCreateStmt().GetTableElts()
	if len(elements) != 1 {
		t.Fatalf("%s: no column", sql)
	}
	return datatypeOf(elements[0].GetColumnDef().TypeName)
}

package rules_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// Before 17 a value that is added to a type of the same transaction cannot be used there.
// A case is for a version and newer ones.
func TestEnumValueOfNewType(t *testing.T) {
	const text = "CREATE TYPE colour AS ENUM ('red');\nALTER TYPE colour ADD VALUE 'blue';\nCREATE TABLE lamps (id int, c colour DEFAULT 'blue');"
	for postgres, want := range map[int]string{
		0:  "adds it to colour before PostgreSQL 17 (55P04)",
		16: "adds it to colour (55P04)",
		17: "",
	} {
		m := migration("1.sql", text)
		m.Tx = lint.TxFile
		o := options("")
		o.Postgres = postgres
		got := ""
		for _, f := range lint.Run([]*lint.History{{New: []*lint.Migration{m}}}, nil, o) {
			if f.Rule == "enum-value-used" {
				got = f.Message
			}
		}
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("PostgreSQL %d: got %q, want %q", postgres, got, want)
		}
	}
}

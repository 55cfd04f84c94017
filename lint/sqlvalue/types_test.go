package sqlvalue

import (
	"testing"

	pg "github.com/pganalyze/pg_query_go/v5"
)

func TestParseType(t *testing.T) {
	for printed, want := range map[string]string{
		"character varying(20)":          "varchar(20)",
		"character(3)":                   "char(3)",
		"timestamp(3) without time zone": "timestamp(3)",
		"timestamp with time zone[]":     "timestamptz[]",
		"numeric(10,2)":                  "numeric(10,2)",
		"double precision":               "double precision",
		"bit varying(3)":                 "bit varying(3)",
		"interval day to second":         "interval",
		"mood":                           "mood",
		`app."Mood"`:                     "app.Mood",
		`"char"`:                         "char",
		"not a type":                     "",
		"int); DROP TABLE t; --":         "",
	} {
		if got := ParseType(printed).String(); got != want {
			t.Errorf("%s: %q, want %q", printed, got, want)
		}
	}
}

// A domain over a domain keeps the rules of both, and leaves both as they are.
func TestDomainOver(t *testing.T) {
	positive, small := expression(t, "value > 0"), expression(t, "value < 9")
	outer := &Domain{Name: "digit", Checks: []*pg.Node{small}}
	below := &Domain{Name: "amount", NotNull: true, Checks: []*pg.Node{positive}}
	if d := outer.Over(below); d.Name != "digit" || !d.NotNull || len(d.Checks) != 2 {
		t.Errorf("joined as %+v", d)
	}
	if outer.NotNull || len(outer.Checks) != 1 {
		t.Errorf("the outer domain has become %+v", outer)
	}
	if outer.Over(nil) != outer || (*Domain)(nil).Over(below) != below {
		t.Error("no domain changes one")
	}
}

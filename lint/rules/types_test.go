package rules

import (
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
)

func TestReadType(t *testing.T) {
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
		if got := readType(printed).String(); got != want {
			t.Errorf("%s: %q, want %q", printed, got, want)
		}
	}
}

// A domain over itself cannot exist, but can be written.
func TestDomainOverItself(t *testing.T) {
	sql := strings.Repeat("CREATE DOMAIN a AS b; CREATE DOMAIN b AS a;", 50) + "CREATE TABLE t (c a DEFAULT 'x' NOT NULL)"
	start := time.Now()
	h := &lint.History{Migrations: []*lint.Migration{{Path: "1.sql", Source: sql, Chunks: []lint.Span{{Start: 0, End: len(sql)}}}}}
	lint.Run([]*lint.History{h}, nil, lint.Options{Rules: All()})
	if spent := time.Since(start); spent > 5*time.Second {
		t.Errorf("took %s", spent)
	}
}

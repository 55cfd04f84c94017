package rules_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// A partial index takes no place of a constraint that refuses a second NULL, which
// PostgreSQL 14 does not know, so that it is in no case.
func TestPartialIndexForNullsNotDistinct(t *testing.T) {
	h := &lint.History{
		Base: []*lint.Migration{migration("1.sql", "CREATE TABLE seats (id int PRIMARY KEY, row int, CONSTRAINT seats_row UNIQUE NULLS NOT DISTINCT (row));")},
		New:  []*lint.Migration{migration("2.sql", "CREATE UNIQUE INDEX seats_once ON seats (row) WHERE row IS NOT NULL;\nALTER TABLE seats DROP CONSTRAINT seats_row;")},
	}
	for _, f := range lint.Run([]*lint.History{h}, nil, options("")) {
		if f.Rule == "constraint-dropped" && strings.Contains(f.Message, "lets duplicates in") {
			return
		}
	}
	t.Error("nothing is said of duplicates")
}

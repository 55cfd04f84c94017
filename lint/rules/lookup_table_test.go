package rules_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Work on a table that migrations fill with a few codes is accepted as small, unless anything
// tells that more rows may be there, or sizes are given.
func TestLookupTablesAreSmall(t *testing.T) {
	const (
		currencies = "CREATE TABLE currencies (code text PRIMARY KEY, name text NOT NULL);"
		seeds      = "INSERT INTO currencies (code, name) VALUES ('EUR', 'Euro'), ('CHF', 'Franc');"
		prices     = "CREATE TABLE prices (id bigint PRIMARY KEY, currency text NOT NULL REFERENCES currencies);"
		index      = "CREATE INDEX currencies_name ON currencies (name);"
	)
	unknown := &lint.Sizes{Of: func(string, string) (lint.Size, bool) { return lint.Size{}, false }}
	tests := []struct {
		name, base, later, new string
		sizes                  *lint.Sizes
		small                  bool
	}{
		{"seeded and referenced", currencies + seeds + prices, "", index, nil, true},
		{"more seeds later", currencies + seeds + prices, "INSERT INTO currencies VALUES ('USD', 'Dollar');", index, nil, true},
		{"sizes decide", currencies + seeds + prices, "", index, unknown, false},
		{"nothing references it", currencies + seeds, "", index, nil, false},
		{"no rows", currencies + prices, "", index, nil, false},
		{"rows of a later migration only", currencies + prices, seeds, index, nil, false},
		{"rows of a query", currencies + seeds + prices, "INSERT INTO currencies SELECT md5(id::text), 'x' FROM prices;", index, nil, false},
		{"a code of a function", currencies + seeds + prices, "INSERT INTO currencies VALUES (gen_random_uuid()::text, 'x');", index, nil, false},
		{"its codes are made up", strings.Replace(currencies, "text PRIMARY", "text DEFAULT gen_random_uuid() PRIMARY", 1) + seeds + prices, "", index, nil, false},
		{"people", strings.NewReplacer("currencies", "users").Replace(currencies + seeds + prices), "", "CREATE INDEX users_name ON users (name);", nil, false},
		{"with a key of its own", strings.Replace(currencies, "name text", "name text, bank bigint REFERENCES banks", 1) + seeds + prices, "", index, nil, false},
		{"another table", currencies + seeds + prices, "", "CREATE INDEX prices_currency ON prices (currency);", nil, false},
		{"a large one references it", currencies + seeds + prices + "CREATE TABLE rates (currency text);", "", "ALTER TABLE rates ADD FOREIGN KEY (currency) REFERENCES currencies;", nil, false},
	}
	for _, test := range tests {
		h := &lint.History{
			Base: []*lint.Migration{migration("0.sql", "CREATE TABLE banks (id bigint PRIMARY KEY);"), migration("1.sql", test.base), migration("2.sql", test.later)},
			New:  []*lint.Migration{migration("3.sql", test.new)},
		}
		told := false
		for _, f := range lint.Run([]*lint.History{h}, nil, lint.Options{Rules: rules.All(), Sizes: test.sizes, Panicked: panicAgain}) {
			if f.Rule != "index-not-concurrent" && f.Rule != "constraint-scans" {
				continue
			}
			told = true
			if small := strings.HasPrefix(f.Accepted, "small by its history: migrations put "); small != test.small {
				t.Errorf("%s: accepted for %q", test.name, f.Accepted)
			}
		}
		if !told {
			t.Errorf("%s: no finding", test.name)
		}
	}
}

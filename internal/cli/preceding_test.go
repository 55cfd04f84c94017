package cli

import (
	"testing"

	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// What PostgreSQL says of something that is not there names what another folder makes.
func TestMakesWhatIsMissing(t *testing.T) {
	s := &source.Source{History: &lint.History{New: []*lint.Migration{{Source: `
		CREATE SCHEMA shop;
		CREATE TYPE shop.state AS ENUM ('open');
		CREATE TABLE orders (id int);
		CREATE VIEW latest AS SELECT 1;
		CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';`}}}}
	tests := map[string]bool{
		`relation "orders" does not exist`:               true,
		`relation "public.orders" does not exist`:        true,
		`view "latest" does not exist`:                   true,
		`schema "shop" does not exist`:                   true,
		`type "shop.state" does not exist`:               true,
		`type "state[]" does not exist`:                  true,
		`type shop.state does not exist`:                 true,
		`function shop.touch() does not exist`:           true,
		`relation "shop.state" does not exist`:           false, // that is a type and, without columns, no relation
		`type "other.state" does not exist`:              false,
		`relation "order" does not exist`:                false,
		`role "orders" does not exist`:                   false,
		`column "orders" of relation "x" does not exist`: false,
	}
	for message, want := range tests {
		name, ok := missingName(&lint.SQLError{Message: message})
		if got := ok && makesName(s, name); got != want {
			t.Errorf("%s: made there: %v, want %v", message, got, want)
		}
	}
}

package probe

import (
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestIsFilter(t *testing.T) {
	for _, test := range []struct {
		body string
		kind Kind
		want bool
	}{
		{"BEGIN IF NEW.id > 0 THEN RETURN NEW; END IF; RETURN NULL; END", Insert, true},
		{"BEGIN INSERT INTO posts_2024 VALUES (NEW.*); RETURN NULL; END", Insert, true},
		{"BEGIN UPDATE posts SET deleted_at = now() WHERE id = OLD.id; RETURN NULL; END", Delete, true},
		{"BEGIN UPDATE totals SET n = n + 1; RETURN NULL; END", Insert, false},
		{"BEGIN INSERT INTO log (what) VALUES (NEW.id); RETURN NULL; END", Insert, false},
		{"BEGIN RETURN OLD; END", Insert, false},
	} {
		if got := isFilter(test.body, test.kind); got != test.want {
			t.Errorf("%s of %s: %v", test.kind, test.body, got)
		}
	}
}

func TestUndetermined(t *testing.T) {
	err := &pgconn.PgError{Code: "42P18", Message: "could not determine data type of parameter $12"}
	if n := undetermined(err); n != 12 {
		t.Errorf("parameter %d", n)
	}
	if n := undetermined(&pgconn.PgError{Code: "42703", Message: `column "a" does not exist`}); n != 0 {
		t.Errorf("parameter %d of what is no such error", n)
	}
}

package plpgsql_test

import (
	"slices"
	"testing"

	"github.com/migvet/migvet/lint/plpgsql"
)

func TestQueries(t *testing.T) {
	const body = `
DECLARE
  who text;
  r record;
BEGIN
  -- SELECT nothing FROM here
  SELECT u.name, u.age INTO STRICT who, r.age FROM users u WHERE u.id = p_id;
  PERFORM notify(who);
  FOR r IN SELECT id FROM orders WHERE owner = p_id LOOP
    UPDATE orders SET seen = CASE WHEN r.id > 1 THEN true ELSE false END WHERE id = r.id RETURNING id INTO who;
  END LOOP;
  IF EXISTS (SELECT FROM bans WHERE user_id = p_id) THEN
    INSERT INTO log (what, "when") VALUES (who, now());
  ELSE
    RETURN QUERY SELECT * FROM orders;
  END IF;
  who := (SELECT max(name) FROM users);
  EXECUTE 'DROP TABLE ' || who;
  RETURN NEW;
END`
	want := []string{
		"SELECT u.name, u.age FROM users u WHERE u.id = $1",
		"SELECT notify($1)",
		"SELECT id FROM orders WHERE owner = $1",
		"UPDATE orders SET seen = CASE WHEN $1 > 1 THEN true ELSE false END WHERE id = $2 RETURNING id",
		"SELECT EXISTS (SELECT FROM bans WHERE user_id = $1)",
		`INSERT INTO log (what, "when") VALUES ($1, now())`,
		"SELECT * FROM orders",
		"SELECT (SELECT max(name) FROM users)",
	}
	if got := plpgsql.Queries(body, []string{"p_id"}); !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
	for _, odd := range []string{"", "'", ";;", "INTO", "SELECT INTO", "FOR", "RETURN", "a :=", "SELECT 1 INTO a,", "CASE CASE END"} {
		plpgsql.Queries(odd, nil) // does not panic
	}
}

func TestExpressionsThatNameNothing(t *testing.T) {
	const body = "BEGIN IF p_id IS NULL OR p_id > 3 THEN RETURN p_id + 1; END IF; p_id := NEW.id; RETURN p_id::kind; END"
	if got := plpgsql.Queries(body, []string{"p_id"}); !slices.Equal(got, []string{"SELECT $1::kind"}) {
		t.Errorf("got %q", got)
	}
}

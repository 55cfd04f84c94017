package source

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestAreRelated(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"CREATE TABLE tags (id int)", "CREATE TABLE posts (id int); CREATE INDEX ON posts (id)", false},
		{"SET lock_timeout = '2s'; ALTER TABLE users ADD COLUMN n int", "ALTER TABLE posts ADD COLUMN n int", false},
		{"ALTER TABLE users ADD COLUMN n int", "ALTER TABLE app.users ADD COLUMN m int", true},
		{"CREATE TABLE tags (post_id int REFERENCES Posts)", "CREATE TABLE posts (id int PRIMARY KEY)", true},
		{"CREATE TABLE tags (id int)", "INSERT INTO posts SELECT id FROM \"tags\"", true},
		{"CREATE VIEW v AS SELECT * FROM posts", "ALTER TABLE posts ADD COLUMN n int", true},
		{"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "CREATE TRIGGER t BEFORE UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION f()", true},
		{"DO $$ BEGIN EXECUTE x; END $$", "CREATE TABLE posts (id int)", true},
		{"SOMETHING else", "CREATE TABLE posts (id int)", true},
	} {
		a, b := &lint.Migration{Source: test.a}, &lint.Migration{Source: test.b}
		for _, pair := range [][2]*lint.Migration{{a, b}, {b, a}} {
			if got := areRelated(pair[0], pair[1]); got != test.want {
				t.Errorf("%s; and %s: %v", pair[0].Source, pair[1].Source, got)
			}
		}
	}
	if !areRelated(&lint.Migration{Opaque: "is Go"}, &lint.Migration{Source: "CREATE TABLE a ()"}) {
		t.Error("what nobody can read may do anything")
	}
}

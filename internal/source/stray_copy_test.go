package source

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestRepeat(t *testing.T) {
	base := &lint.Migration{Source: "CREATE TABLE t (a int, b text DEFAULT 'x'); COMMENT ON TABLE t IS 'one';"}
	head := []*lint.Migration{base, {Source: "ALTER TABLE t DROP COLUMN a;\n"}, {Source: "ALTER TABLE t ADD COLUMN c int;", Chunks: []lint.Span{}}}
	migrated := Migrated([]*Source{{Head: head, History: &lint.History{Base: []*lint.Migration{base}}}})
	for sql, want := range map[string]bool{
		"CREATE TABLE t (a int, b text DEFAULT 'x'); ALTER TABLE t DROP COLUMN a;": true,
		"alter table t\n  drop column a -- gone\n;":                                true,
		"ALTER TABLE t DROP COLUMN a; SELECT 1; UPDATE t SET b = 'y';":             true,
		"ALTER TABLE t DROP COLUMN a; ALTER TABLE t DROP COLUMN b;":                false,
		"ALTER TABLE t DROP COLUMN a CASCADE;":                                     false,
		"CREATE TABLE t (a int, b text DEFAULT 'y');":                              false,
		"ALTER TABLE \"T\" DROP COLUMN a;":                                         false,
		"ALTER TABLE t ADD COLUMN c int;":                                          false, // which is not sent
	} {
		if got := migrated.Repeat(sql); got != want {
			t.Errorf("%s: %v", sql, got)
		}
	}
}

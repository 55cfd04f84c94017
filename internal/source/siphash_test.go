package source

import "testing"

// TestRefinerySum compares with what the standard library of Rust 1.95 hashed
// for the same names, versions and texts.
func TestRefinerySum(t *testing.T) {
	for _, test := range []struct{ file, text, want string }{
		{"V1__users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n", "5872279469794969627"},
		{"V20240101__a.sql", "", "17779878114843065029"},
	} {
		s, ok := refineryStep(test.file)
		if !ok {
			t.Fatalf("%s is no migration", test.file)
		}
		s.path, s.raw = "migrations/"+test.file, test.text
		if got := refinerySum(&s); got != test.want {
			t.Errorf("%s has checksum %s, want %s", test.file, got, test.want)
		}
	}
}

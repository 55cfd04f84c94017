package source

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/lint"
)

func TestPlainReview(t *testing.T) {
	base := []string{"migrations/001_a.sql: CREATE TABLE a ();", "migrations/002_b.sql: CREATE TABLE b ();"}
	tests := []struct {
		name string
		base []string // nil: base
		head []string
		want []string
		new  []string
	}{
		{name: "nothing", head: base},
		{name: "one more", head: append(slices.Clone(base), "migrations/003_c.sql"), new: []string{"003_c"}},
		{name: "edited", head: []string{base[0], "migrations/002_b.sql: CREATE TABLE bb ();"},
			want: []string{"error migration-edited 002_b.sql:1: 002_b is on main and was changed here; write a new migration instead (statement 1 of 1 differs)"}},
		{name: "deleted", head: base[1:], want: []string{"error migration-deleted 001_a.sql: "}},
		{name: "renamed", head: []string{base[0], "migrations/002_c.sql: CREATE TABLE b ();"},
			want: []string{"error migration-renamed 002_c.sql: 002_b is on main and was renamed to 002_c; …runs again"}},
		{name: "renamed, with another comment", head: []string{base[0], "migrations/003_b.sql: -- was 002\ncreate table b\n  ( );"},
			want: []string{"error migration-renamed 003_b.sql: 002_b is on main and was renamed to 003_b; …runs again"}},
		{name: "renamed, with another value", base: []string{base[0], "migrations/002_b.sql: CREATE TABLE b (s text DEFAULT 'x');"},
			head: []string{base[0], "migrations/003_b.sql: CREATE TABLE b (s text DEFAULT 'y');"}, new: []string{"003_b"},
			want: []string{"error migration-deleted 002_b.sql: "}},
		{name: "in between", head: append(slices.Clone(base), "migrations/0015_c.sql"), new: []string{"0015_c"},
			want: []string{"warning migration-out-of-order 0015_c.sql: 0015_c sorts before 002_b"}},
		{name: "ten behind nine", base: []string{"migrations/2_a.sql", "migrations/9_b.sql"}, head: []string{"migrations/2_a.sql", "migrations/9_b.sql", "migrations/10_c.sql"}, new: []string{"10_c"}},
		{name: "three behind nine", base: []string{"migrations/2_a.sql", "migrations/9_b.sql", "migrations/10_c.sql"}, head: []string{"migrations/2_a.sql", "migrations/3_d.sql", "migrations/9_b.sql", "migrations/10_c.sql"}, new: []string{"3_d"},
			want: []string{"warning migration-out-of-order 3_d.sql: 3_d sorts before 10_c"}},
		{name: "same number", head: append(slices.Clone(base), "migrations/002_c.sql"), new: []string{"002_c"},
			want: []string{"warning migration-duplicate 002_c.sql: 002_c has the number of 002_b"}},
		{name: "same number, sorted first", head: append(slices.Clone(base), "migrations/002_a.sql"), new: []string{"002_a"},
			want: []string{"warning migration-duplicate 002_a.sql: 002_a has the number of 002_b", "warning migration-out-of-order 002_a.sql"}},
		{name: "same number on the base", base: append(slices.Clone(base), "migrations/002_c.sql"), head: append(slices.Clone(base), "migrations/002_c.sql", "migrations/003_d.sql"), new: []string{"003_d"}},
		{name: "a third of one number", base: append(slices.Clone(base), "migrations/002_c.sql"), head: append(slices.Clone(base), "migrations/002_c.sql", "migrations/2_d.sql"), new: []string{"2_d"},
			want: []string{"warning migration-duplicate 2_d.sql"}},
		{name: "dates and versions", base: []string{"migrations/2024-01-15-a.sql"}, head: []string{"migrations/2024-01-15-a.sql", "migrations/2024-02-01-b.sql", "migrations/3.1_c.sql", "migrations/3.2_d.sql"}, new: []string{"2024-02-01-b", "3.1_c", "3.2_d"}},
		{name: "without numbers", base: []string{"migrations/a.sql"}, head: []string{"migrations/a.sql", "migrations/b.sql"}, new: []string{"b"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.base == nil {
				test.base = base
			}
			s := reviewed(t, tree(test.base...), tree(test.head...))
			expect(t, s, test.want...)
			pending, err := s.Runner.Pending(nil, s.Head)
			if err != nil || !slices.Equal(names(pending), test.new) {
				t.Errorf("pending: %v, %v, want %v", names(pending), err, test.new)
			}
			if got := names(s.History.New); !slices.Equal(got, test.new) {
				t.Errorf("under review: %v, want %v", got, test.new)
			}
		})
	}
}

func TestPlainMigrations(t *testing.T) {
	s := reviewed(t, nil, tree("db/migrations/002-b.up.sql: SELECT 2; SELECT 3", "db/migrations/001_a.SQL: ", "db/migrations/002-b.down.sql: DROP TABLE x"))
	if got := names(s.Head); !slices.Equal(got, []string{"001_a", "002-b.up"}) {
		t.Errorf("migrations are %v", got)
	}
	m := s.Head[1]
	if m.Path != "db/migrations/002-b.up.sql" || m.Tx != lint.TxFile || !slices.Equal(m.Chunks, []lint.Span{{Start: 0, End: 18}}) || !slices.Contains(s.History.New, m) {
		t.Errorf("migration is %+v", m)
	}
	if s.Tool != Plain || s.History.Tool != "" || s.Runner.Table() != "" {
		t.Errorf("source is %+v", s)
	}
}

func TestUnreadable(t *testing.T) {
	const good = "migrations/001_a.sql: CREATE TABLE a ();"
	tests := []struct{ name, text, want string }{
		{"conflict", "SELECT 1;\n<<<<<<< HEAD\nSELECT 2;\n=======\nSELECT 3;\n>>>>>>> b\n", "error file-unreadable 002_b.sql:2: merge conflict markers"},
		{"conflict with CRLF", "<<<<<<< HEAD\r\n=======\r\n>>>>>>> b\r\n", "error file-unreadable 002_b.sql:1: merge conflict markers"},
		{"conflict in part", "SELECT '\n=======\n';", ""},
		{"LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "error file-unreadable 002_b.sql: a Git LFS pointer"},
		{"UTF-16", "\xff\xfeS\x00E\x00", "error file-unreadable 002_b.sql: UTF-16"},
		{"UTF-16 without its mark", "S\x00E\x00", "error file-unreadable 002_b.sql: it holds NUL bytes"},
		{"Latin-1", "SELECT 1;\n-- caf\xe9\n", "error file-unreadable 002_b.sql:2: not UTF-8 from here on"},
		{"replacement characters", "SELECT '\ufffd';", ""},
		{"byte order mark", "\ufeffSELECT 1;", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bad := with(tree(good), "migrations/002_b.sql", test.text)
			var want []string
			if test.want != "" {
				want = []string{test.want}
			}
			s := reviewed(t, tree(good), bad)
			expect(t, s, want...)
			if sent := len(s.Head[1].Chunks) > 0; sent != (test.want == "") {
				t.Errorf("sent to the server: %t", sent)
			}
			expect(t, reviewed(t, bad, bad))
			if test.want != "" {
				expect(t, reviewed(t, bad, tree(good, "migrations/002_b.sql: SELECT 1")))
			}
		})
	}
}

// To the library, a migration without messages is one that nobody has cut up.
func TestNothingSent(t *testing.T) {
	m := (&step{text: "SELECT 1;"}).migration()
	if n := len(m.Statements()); n != 0 {
		t.Errorf("%d statements of a file that its tool sends nothing of", n)
	}
}

func TestUntil(t *testing.T) {
	folder := load(t, with(drizzleTree(
		entry{"0000_users", 1000, "SELECT 1"}, entry{"0001_posts", 2000, "SELECT 2"}, entry{"0002_tags", 3000, "SELECT 3"},
	), "drizzle/0000_orphan.sql", "SELECT 0"))
	for _, version := range []string{"0001_posts", "0001_posts.sql", "drizzle/0001_posts.sql", "0001", "1"} {
		until, err := folder.Until(version)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := until.Names(); !slices.Equal(got, []string{"0000_users", "0001_posts"}) {
			t.Errorf("until %s: %v", version, got)
		}
		s := Review(until, folder, ReviewOptions{})
		expect(t, s)
		if base, new := names(s.History.Base), names(s.History.New); !slices.Equal(append(base, new...), folder.Names()) || !slices.Equal(s.History.New, s.Head[2:]) {
			t.Errorf("until %s: %v on the base, %v under review", version, base, new)
		}
	}
	for _, version := range []string{"0001_post", "", "7", "x"} {
		_, err := folder.Until(version)
		if err == nil {
			t.Errorf("until %q", version)
		} else if version == "0001_post" && !strings.Contains(err.Error(), `did you mean "0001_posts"?`) {
			t.Error(err)
		}
	}
}

func TestReviewAll(t *testing.T) {
	folders := func(fsys fstest.MapFS) []*Folder {
		found, err := Detect(fsys)
		if err != nil {
			t.Fatal(err)
		}
		var all []*Folder
		for _, f := range found {
			folder, err := Load(fsys, f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, folder)
		}
		return all
	}
	base := folders(tree("a/migrations/1_a.sql", "b/migrations/1_b.sql: SELECT 1", "b/migrations/2_b.sql: SELECT 2", "gone/migrations/1_c.sql: SELECT 3", "gone/migrations/2_c.sql: SELECT 4"))
	head := folders(tree("a/migrations/1_a.sql", "moved/1_b.sql: SELECT 1", "moved/2_b.sql: SELECT 2", "moved/3_b.sql: SELECT 5", "new/migrations/1_d.sql"))
	var got []string
	for _, s := range ReviewAll(base, head, ReviewOptions{Now: time.Now()}) {
		got = append(got, s.Dir+" "+strings.Join(names(s.History.New), ",")+" "+strings.Join(brief(s), ";"))
	}
	want := []string{
		"a/migrations  ", "moved 3_b ", "new/migrations 1_d ",
		"gone/migrations  error migration-deleted 1_c.sql: the 2 migrations in gone/migrations are on the base branch and were deleted here; databases that have run them keep what they made, new ones never get it; restore them",
	}
	if !slices.Equal(got, want) {
		t.Errorf("sources:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

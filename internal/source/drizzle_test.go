package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// An entry is a line of a journal under test: tag, when, SQL.
type entry struct {
	tag  string
	when int64
	sql  string
}

var baseEntries = []entry{
	{"0000_users", 1000, "CREATE TABLE users (id int);"},
	{"0001_posts", 3000, "CREATE TABLE posts (id int);\n--> statement-breakpoint\nCREATE TABLE tags (id int);"},
}

// drizzleTree writes a folder as drizzle-kit does.
func drizzleTree(entries ...entry) fstest.MapFS {
	tree := fstest.MapFS{}
	var lines []string
	for i, e := range entries {
		lines = append(lines, fmt.Sprintf(`    {"idx": %d, "version": "7", "when": %d, "tag": %q, "breakpoints": true}`, i, e.when, e.tag))
		tree["drizzle/"+e.tag+".sql"] = &fstest.MapFile{Data: []byte(e.sql)}
	}
	journal := "{\n  \"version\": \"7\",\n  \"dialect\": \"postgresql\",\n  \"entries\": [\n" + strings.Join(lines, ",\n") + "\n  ]\n}"
	tree["drizzle/meta/_journal.json"] = &fstest.MapFile{Data: []byte(journal)}
	return tree
}

// withOrphans has files beside those of the journal.
func withOrphans(names ...string) fstest.MapFS {
	tree := drizzleTree(baseEntries...)
	for _, name := range names {
		tree["drizzle/"+name+".sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE a (id int);")}
	}
	return tree
}

func with(tree fstest.MapFS, name, text string) fstest.MapFS {
	tree[name] = &fstest.MapFile{Data: []byte(text)}
	return tree
}

func without(tree fstest.MapFS, name string) fstest.MapFS {
	delete(tree, name)
	return tree
}

// replaced changes a file's text, which must hold old.
func replaced(t *testing.T, tree fstest.MapFS, name, old, new string) fstest.MapFS {
	t.Helper()
	text := string(tree[name].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not contain %q", name, old)
	}
	return with(tree, name, strings.Replace(text, old, new, 1))
}

func load(t *testing.T, tree fs.FS) *Folder {
	t.Helper()
	found, err := Detect(tree)
	if err != nil || len(found) != 1 {
		t.Fatalf("Detect: %v, %+v", err, found)
	}
	folder, err := Load(tree, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// loadAt reads a folder as that of a tool, by the tool's key.
func loadAt(t *testing.T, tree fs.FS, dir, key string) *Folder {
	t.Helper()
	found, err := At(tree, dir, key)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := Load(tree, found)
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

func reviewed(t *testing.T, base, head fs.FS) *Source {
	t.Helper()
	var from *Folder
	if base != nil {
		from = load(t, base)
	}
	return Review(from, load(t, head), ReviewOptions{Now: time.UnixMilli(1_000_000), Base: "main"})
}

// brief writes findings as "severity rule path:line message".
func brief(s *Source) []string {
	var lines []string
	for _, f := range s.Findings {
		if f.Severity == lint.Off {
			continue // opt-in
		}
		place := path.Base(f.Path)
		if f.Start != lint.NoPos {
			place += fmt.Sprintf(":%d", lint.NewLines(s.Files[f.Path]).Position(f.Start).Line)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, place, f.Message))
	}
	return lines
}

// expect compares findings with the beginnings or, behind "…", parts wanted.
func expect(t *testing.T, s *Source, want ...string) {
	t.Helper()
	got := brief(s)
	if len(got) != len(want) {
		t.Fatalf("findings:\n  %s\nwant %d:\n  %s", strings.Join(got, "\n  "), len(want), strings.Join(want, "\n  "))
	}
	for i, w := range want {
		head, part, _ := strings.Cut(w, "…")
		if !strings.HasPrefix(got[i], head) || !strings.Contains(got[i], part) {
			t.Errorf("finding %d:\n  %s\nwant\n  %s", i, got[i], w)
		}
	}
}

func names(ms []*lint.Migration) []string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Name)
	}
	return out
}

func TestDrizzleReview(t *testing.T) {
	newEntry := entry{"0002_likes", 5000, "CREATE TABLE likes (id int);"}
	tests := []struct {
		name string
		head func(t *testing.T) fstest.MapFS
		base func(t *testing.T) fstest.MapFS // nil: baseEntries
		want []string
		new  []string // names of the migrations under review
	}{
		{name: "nothing", head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries...) }},
		{name: "one more", new: []string{"0002_likes"},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(append(slices.Clone(baseEntries), newEntry)...) }},
		{name: "edited", want: []string{"error migration-edited 0001_posts.sql:3: 0001_posts is on main and was changed here; write a new migration instead (statement 2 of 2 differs); Drizzle never compares"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/0001_posts.sql", "tags (id int)", "tags (id bigint)")
			}},
		{name: "statement added", want: []string{"error migration-edited 0000_users.sql:2: …it had 1 statement, now 2; the first difference is at statement 2"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/0000_users.sql", ";", ";\nDROP TABLE x;")
			}},
		{name: "statement removed", want: []string{"error migration-edited 0001_posts.sql: …it had 2 statements, now 1"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/0001_posts.sql", "CREATE TABLE tags (id int);", "")
			}},
		{name: "comment edited", want: []string{"notice migration-edited 0000_users.sql: "},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/0000_users.sql", "CREATE TABLE users (", "-- people\ncreate  table users\n(")
			}},
		{name: "line ends converted by git", head: func(t *testing.T) fstest.MapFS {
			return replaced(t, drizzleTree(baseEntries...), "drizzle/0001_posts.sql", ";\n--> statement-breakpoint\n", ";\r\n--> statement-breakpoint\r\n")
		}},
		{name: "deleted", want: []string{"error migration-deleted 0001_posts.sql: 0001_posts is on main and was deleted here"},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries[0]) }},
		{name: "renamed", want: []string{"warning migration-renamed 0001_articles.sql: 0001_posts is on main and was renamed to 0001_articles; Drizzle does not notice"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(baseEntries[0], entry{"0001_articles", 3000, baseEntries[1].sql})
			}},
		{name: "renamed and stamped anew", want: []string{"error migration-renamed 0001_articles.sql: …runs it again"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(baseEntries[0], entry{"0001_articles", 9000, baseEntries[1].sql})
			}},
		{name: "older", new: []string{"0002_likes"}, want: []string{"error migration-out-of-order 0002_likes.sql: 0002_likes will be silently skipped"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), entry{"0002_likes", 2000, newEntry.sql})...)
			}},
		{name: "same time", new: []string{"0002_likes"}, want: []string{"error migration-out-of-order 0002_likes.sql: "},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), entry{"0002_likes", 3000, newEntry.sql})...)
			}},
		{name: "inserted", new: []string{"0002_likes"}, want: []string{
			"warning migration-out-of-order _journal.json:6: 0002_likes stands before 0001_posts"},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries[0], newEntry, baseEntries[1]) }},
		{name: "same number", new: []string{"0001_likes"}, want: []string{"warning migration-duplicate 0001_likes.sql: 0001_likes shares number 1 with 0001_posts"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), entry{"0001_likes", 5000, newEntry.sql})...)
			}},
		{name: "same idx", new: []string{"0002_likes"}, want: []string{"warning migration-duplicate 0002_likes.sql: 0002_likes shares idx 1 with 0001_posts"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(append(slices.Clone(baseEntries), newEntry)...), "drizzle/meta/_journal.json", `"idx": 2`, `"idx": 1`)
			}},
		{name: "same tag", new: []string{"0001_posts"}, want: []string{"error migration-duplicate _journal.json:7: 0001_posts is in the journal twice"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), entry{"0001_posts", 5000, baseEntries[1].sql})...)
			}},
		{name: "two new of one time", new: []string{"0002_likes", "0003_follows"}, want: []string{"warning migration-duplicate 0003_follows.sql: 0003_follows shares when 5000 with 0002_likes"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), newEntry, entry{"0003_follows", 5000, newEntry.sql})...)
			}},
		{name: "orphan", want: []string{"error migration-orphaned 0002_likes.sql: 0002_likes.sql is not in meta/_journal.json"},
			head: func(*testing.T) fstest.MapFS {
				return with(drizzleTree(baseEntries...), "drizzle/0002_likes.sql", newEntry.sql)
			}},
		{name: "orphan on the base", new: []string{"0002_likes"},
			base: func(*testing.T) fstest.MapFS {
				return with(drizzleTree(baseEntries...), "drizzle/0009_old.sql", "SELECT 1")
			},
			head: func(*testing.T) fstest.MapFS {
				return with(drizzleTree(append(slices.Clone(baseEntries), newEntry)...), "drizzle/0009_old.sql", "SELECT 1")
			}},
		{name: "missing", want: []string{"error migration-missing _journal.json:6: 0001_posts is in the journal, but 0001_posts.sql does not exist"},
			head: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(baseEntries...), "drizzle/0001_posts.sql")
			}},
		{name: "missing on the base, nothing new",
			base: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(baseEntries...), "drizzle/0001_posts.sql")
			},
			head: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(baseEntries...), "drizzle/0001_posts.sql")
			}},
		{name: "missing on the base, something new", new: []string{"0002_likes"}, want: []string{"error migration-missing _journal.json:6: …(it is missing on main too)"},
			base: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(baseEntries...), "drizzle/0001_posts.sql")
			},
			head: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(append(slices.Clone(baseEntries), newEntry)...), "drizzle/0001_posts.sql")
			}},
		{name: "missing on the base, restored",
			base: func(*testing.T) fstest.MapFS {
				return without(drizzleTree(baseEntries...), "drizzle/0001_posts.sql")
			},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries...) }},
		{name: "conflict on the base, resolved", new: []string{"0002_likes"},
			base: func(t *testing.T) fstest.MapFS {
				tree := drizzleTree(append(slices.Clone(baseEntries), entry{"0002_dropped", 4000, "SELECT 1"})...)
				return replaced(t, tree, "drizzle/meta/_journal.json", "    {\"idx\": 2", "<<<<<<< HEAD\n=======\n>>>>>>> b\n    {\"idx\": 2")
			},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(append(slices.Clone(baseEntries), newEntry)...) }},
		{name: "time changed", want: []string{"error journal-invalid _journal.json:5: the time of 0000_users, which is on main, was changed from 1000 to 2000; databases that have run it remember the old one"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(entry{"0000_users", 2000, baseEntries[0].sql}, baseEntries[1])
			}},
		{name: "time raised", want: []string{"error journal-invalid _journal.json:5: …Drizzle runs it again"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(entry{"0000_users", 4000, baseEntries[0].sql}, baseEntries[1])
			}},
		{name: "order changed", want: []string{
			"warning journal-invalid _journal.json:6: the entries that are on main stand in another order, beginning with 0000_users"},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries[1], baseEntries[0]) }},
		{name: "idx changed", want: []string{"warning journal-invalid _journal.json:6: the idx of 0001_posts, which is on main, was changed from 1 to 7; drizzle-kit counts on from it; restore it"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/meta/_journal.json", `"idx": 1`, `"idx": 7`)
			}},
		{name: "an idx that was there twice, repaired",
			base: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(baseEntries...), "drizzle/meta/_journal.json", `"idx": 1`, `"idx": 0`)
			},
			head: func(*testing.T) fstest.MapFS { return drizzleTree(baseEntries...) }},
		{name: "an orphan among orphans", want: []string{"warning migration-orphaned 0009_new.sql: 0009_new.sql is not in meta/_journal.json, so Drizzle never runs it, and so it is with 3 files on main; if something else runs them in the order of their names, write "},
			base: func(*testing.T) fstest.MapFS { return withOrphans("0002_a", "0003_b", "0004_c") },
			head: func(*testing.T) fstest.MapFS { return withOrphans("0002_a", "0003_b", "0004_c", "0009_new") }},
		{name: "in the future", new: []string{"0002_likes"}, want: []string{"error journal-invalid _journal.json:7: 0002_likes is stamped 4102444800000 (2100-01-01 00:00 UTC), in the future"},
			head: func(*testing.T) fstest.MapFS {
				return drizzleTree(append(slices.Clone(baseEntries), entry{"0002_likes", 4102444800000, newEntry.sql})...)
			}},
		{name: "conflict in the journal", new: []string{"0002_likes"}, want: []string{"error journal-invalid _journal.json:6: Drizzle cannot read the journal and runs nothing: merge conflict markers"},
			head: func(t *testing.T) fstest.MapFS {
				tree := drizzleTree(append(slices.Clone(baseEntries), newEntry)...)
				tree = replaced(t, tree, "drizzle/meta/_journal.json", "    {\"idx\": 1", "<<<<<<< HEAD\n    {\"idx\": 1")
				return replaced(t, tree, "drizzle/meta/_journal.json", "    {\"idx\": 2", "=======\n>>>>>>> feature\n    {\"idx\": 2")
			}},
		{name: "journal is no JSON", new: []string{"0002_likes"}, want: []string{"error journal-invalid _journal.json:8: Drizzle cannot read the journal"},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(append(slices.Clone(baseEntries), newEntry)...), "drizzle/meta/_journal.json", "}\n  ]", "},\n  ]")
			}},
		{name: "journal is a list", want: []string{"error journal-invalid _journal.json:1: …not an object"},
			head: func(*testing.T) fstest.MapFS {
				return with(drizzleTree(baseEntries...), "drizzle/meta/_journal.json", "[]")
			}},
		{name: "entry of the wrong shape", new: []string{"0002_likes"}, want: []string{"error migration-out-of-order", `error journal-invalid _journal.json:7: an entry of the journal is not as drizzle-kit writes it: its "when" is not a whole number`},
			head: func(t *testing.T) fstest.MapFS {
				return replaced(t, drizzleTree(append(slices.Clone(baseEntries), newEntry)...), "drizzle/meta/_journal.json", "5000", `"5000"`)
			}},
		{name: "journal gone", new: []string{"0002_likes"}, want: []string{"error journal-invalid _journal.json: the journal does not exist"},
			head: func(*testing.T) fstest.MapFS {
				tree := drizzleTree(append(slices.Clone(baseEntries), newEntry)...)
				return with(without(tree, "drizzle/meta/_journal.json"), "drizzle/meta/0000_snapshot.json", "{}")
			}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base := drizzleTree(baseEntries...)
			if test.base != nil {
				base = test.base(t)
			}
			s := reviewed(t, base, test.head(t))
			expect(t, s, test.want...)
			if new := names(s.History.New); !slices.Equal(new, test.new) {
				t.Errorf("under review: %v, want %v", new, test.new)
			}
		})
	}
}

// A folder that drizzle-kit has not written for a while needs no snapshots.
func TestMissingSnapshotsAreNoNews(t *testing.T) {
	entries := []entry{{"0000_a", 1000, "CREATE TABLE a (id int);"}, {"0001_b", 2000, "CREATE TABLE b (id int);"}, {"0002_c", 3000, "CREATE TABLE c (id int);"}, {"0003_d", 4000, "CREATE TABLE d (id int);"}}
	for _, c := range []struct {
		snapshots int
		want      []string
	}{
		{1, nil},
		{2, []string{"warning snapshot-missing 0003_d.sql: 0003_d has no snapshot meta/0003_snapshot.json"}},
		{3, []string{"warning snapshot-missing 0003_d.sql: 0003_d has no snapshot meta/0003_snapshot.json"}},
	} {
		written := func(entries []entry) fstest.MapFS {
			tree := drizzleTree(entries...)
			for i := range c.snapshots {
				with(tree, fmt.Sprintf("drizzle/meta/%04d_snapshot.json", i), fmt.Sprintf(`{"id": "%d", "prevId": "%d"}`, i, i-1))
			}
			return tree
		}
		expect(t, reviewed(t, written(entries[:3]), written(entries)), c.want...)
	}
}

func TestMissingSnapshotsAreToldOnce(t *testing.T) {
	missing := func(name string) lint.Finding { return rules.SnapshotMissing.AtFile(name, name+" has none") }
	other := rules.SnapshotInvalid.AtFile("c", "broken")
	got := onceMissing([]lint.Finding{missing("a"), other, missing("b"), missing("d")})
	if len(got) != 2 || got[0].Path != "c" || got[1].Message != "d has none (2 other migrations of this review without one, too)" {
		t.Errorf("got %v", got)
	}
	if got := onceMissing([]lint.Finding{missing("a")}); len(got) != 1 || got[0].Message != "a has none" {
		t.Errorf("one alone: %v", got)
	}
}

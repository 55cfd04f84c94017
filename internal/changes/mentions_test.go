package changes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func openSearch(t *testing.T, b *Base, exclude []string, likely ...string) *Search {
	t.Helper()
	tree, err := b.FS(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tree.Close(); err != nil {
			t.Error(err)
		}
	})
	return b.Search(tree, exclude, func() []string { return likely })
}

// exhausted makes a search that has git look for no word any more.
func exhausted(t *testing.T, b *Base, exclude []string, likely ...string) *Search {
	t.Helper()
	s := openSearch(t, b, exclude, likely...)
	s.asked = maxGreps
	return s
}

// mentioning commits files in which words stand in all ways, and changes some of
// them afterwards.
func mentioning(t *testing.T) workTree {
	t.Helper()
	w := newWorkTree(t)
	padding := strings.Repeat("x ", windowSize)
	for name, text := range map[string]string{
		"src/a.ts":            "db.select(title)",
		"src/sub dir/é.ts":    "const title = 1",
		"src/b.ts":            "titles, subtitle, my_title, title2, 2title",
		"src-b.ts":            "only the path begins like src: title",
		"migrations/0001.sql": "ALTER TABLE x ADD title text",
		"package-lock.json":   "title",
		"web/yarn.lock":       "title",
		"image.bin":           "title\x00\x01",
		"late.bin":            strings.Repeat("x", binaryStart) + "\x00 title",
		"almost.bin":          strings.Repeat("x", binaryStart-1) + "\x00 title",
		"option.ts":           "-title --open-files-in-pager=x",
		"twice.ts":            "aaa aa",
		"once.ts":             "aaa",
		"crlf.ts":             "a line\r\nuser\r\nlast name\r\n",
		"ends.ts":             "user",
		"lines.ts":            "last\nname",
		"größe.ts":            "größe, Übergröße, größer; naïve_user",
		"upper.ts":            "USER Größe",
		"japanese.ts":         "名前 氏名前",
		"dash.ts":             "x-id user-id.x x--id user-ids",
		"empty.ts":            "",
		"far.ts":              padding + "faraway",
		"across.ts":           padding[:windowSize-5] + " crossing " + padding,
		"whole.ts":            padding[:windowSize-3] + " whole",
		"run.ts":              strings.Repeat("y", 3*windowSize) + " longrun",
		"old.ts":              "oldword",
		"gone.ts":             "goneword",
	} {
		w.write(name, text)
	}
	if err := os.Symlink("title", filepath.Join(w.dir, "link.ts")); err != nil {
		t.Fatal(err)
	}
	w.commit("last", "x")
	w.write("src/later.ts", "title oldword")
	w.write("old.ts", "newword title\x00")
	w.write("image.bin", "title")
	if err := os.Remove(filepath.Join(w.dir, "gone.ts")); err != nil {
		t.Fatal(err)
	}
	return w
}

var mentionTests = []struct {
	word    string
	exclude []string
	want    []string
}{
	{"title", []string{"migrations"}, []string{"late.bin", "option.ts", "src-b.ts", "src/a.ts", "src/sub dir/é.ts"}},
	{"title", nil, []string{"late.bin", "migrations/0001.sql", "option.ts", "src-b.ts", "src/a.ts", "src/sub dir/é.ts"}},
	{"title", []string{"migrations", "src"}, []string{"late.bin", "option.ts", "src-b.ts"}},
	{"title", []string{"migrations", "src/sub dir"}, []string{"late.bin", "option.ts", "src-b.ts", "src/a.ts"}},
	{"title", []string{"."}, nil},
	{"--open-files-in-pager=x", nil, []string{"option.ts"}},
	{"-title", nil, []string{"option.ts"}},
	{"aa", nil, []string{"twice.ts"}},
	{"user", nil, []string{"crlf.ts", "dash.ts", "ends.ts"}},
	{"last name", nil, []string{"crlf.ts"}},
	{"größe", nil, []string{"größe.ts"}},
	{"naïve_user", nil, []string{"größe.ts"}},
	{"Größe", nil, []string{"upper.ts"}},
	{"名前", nil, []string{"japanese.ts"}},
	{"user-id", nil, []string{"dash.ts"}},
	{"-id", nil, []string{"dash.ts"}},
	{"faraway", nil, []string{"far.ts"}},
	{"crossing", nil, []string{"across.ts"}},
	{"whole", nil, []string{"whole.ts"}},
	{"longrun", nil, []string{"run.ts"}},
	{"oldword", nil, []string{"old.ts"}},
	{"newword", nil, nil},
	{"goneword", nil, []string{"gone.ts"}},
	{"nowhere", nil, nil},
	{"", nil, nil},
	{" ", nil, nil},
	{"a\nb", nil, nil},
	{"a\x00b", nil, nil},
	{".*", nil, nil},
}

// The answers of git grep, of all words looked for at once, and of a base that was
// kept are the same.
func TestMentions(t *testing.T) {
	w := mentioning(t)
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	w.branchOff()
	kept := keptMain(t, w)
	var words []string
	for _, test := range mentionTests {
		words = append(words, test.word)
	}
	for _, test := range mentionTests {
		searches := map[string]*Search{
			"git":            openSearch(t, base, test.exclude),
			"at once":        exhausted(t, base, test.exclude, words...),
			"kept":           openSearch(t, kept, test.exclude),
			"kept, at once":  exhausted(t, kept, test.exclude, words...),
			"unlikely words": exhausted(t, base, test.exclude, "title"),
		}
		for how, s := range searches {
			if got := s.Mentions(context.Background(), test.word); !slices.Equal(got, test.want) {
				t.Errorf("%s: %q outside %v is in %q, want %q", how, test.word, test.exclude, got, test.want)
			}
		}
	}
	sub := &Base{Commit: base.Commit, repository: workTree{t, filepath.Join(w.dir, "src")}.open()}
	if got := openSearch(t, sub, []string{"migrations"}).Mentions(context.Background(), "title"); len(got) != 5 {
		t.Errorf("from below the root: %q", got)
	}
}

// countGit has a base's git write a line for each process, and returns how many
// have been started since.
func countGit(t *testing.T, b *Base) func() int {
	t.Helper()
	dir := t.TempDir()
	script, log := filepath.Join(dir, "git"), filepath.Join(dir, "log")
	text := fmt.Sprintf("#!/bin/sh\necho started >>'%s'\nexec '%s' \"$@\"\n", log, b.repository.program)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	b.repository.program = script
	return func() int {
		lines, err := os.ReadFile(log)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		return strings.Count(string(lines), "\n")
	}
}

// 2,000 words take four processes and one pass, and none where no file is looked at.
func TestMentionsOfManyWords(t *testing.T) {
	w := newWorkTree(t)
	var words []string
	for i := range 2000 {
		words = append(words, fmt.Sprintf("column_%d", i))
	}
	w.write("app/models.py", strings.Join(words, "\n"))
	w.write("migrations/1.sql", strings.Join(words, "\n"))
	w.commit("last", "x")
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	some := openSearch(t, base, []string{"migrations"}, words...)
	none := openSearch(t, base, []string{"migrations", "app", "last"}, words...)
	started := countGit(t, base)
	for range 2 {
		for _, word := range words {
			if got := none.Mentions(context.Background(), word); got != nil {
				t.Fatalf("%s is in %q, where nothing is looked at", word, got)
			}
		}
	}
	if n := started(); n != 0 {
		t.Errorf("%d processes look at no file", n)
	}
	for range 2 {
		for _, word := range words {
			if got := some.Mentions(context.Background(), word); !slices.Equal(got, []string{"app/models.py"}) {
				t.Fatalf("%s is in %q", word, got)
			}
		}
	}
	if n := started(); n != maxGreps {
		t.Errorf("%d processes look for 2,000 words, want %d", n, maxGreps)
	}
}

func TestMentionsAreBounded(t *testing.T) {
	w := newWorkTree(t)
	var want []string
	for i := range maxMentions + 50 {
		name := fmt.Sprintf("src/%04d.ts", i)
		w.write(name, "title")
		want = append(want, name)
	}
	w.commit("last", "x")
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	for how, s := range map[string]*Search{"git": openSearch(t, base, nil), "at once": exhausted(t, base, nil, "title")} {
		if got := s.Mentions(context.Background(), "title"); !slices.Equal(got, want[:maxMentions]) {
			t.Errorf("%s: %d files", how, len(got))
		}
		if s.left >= mentionTime {
			t.Errorf("%s: no time was counted", how)
		}
	}
	for how, s := range map[string]*Search{"git": openSearch(t, base, nil), "at once": exhausted(t, base, nil, "title")} {
		s.left = time.Nanosecond
		if got := s.Mentions(context.Background(), "title"); got != nil {
			t.Errorf("%s: %d files after the time is over", how, len(got))
		}
	}
}

func TestTexts(t *testing.T) {
	w := mentioning(t)
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	before := fstest.MapFS{"with.ts": {Data: []byte("old")}, "large.ts": {}}
	after := fstest.MapFS{
		"with.ts":   {Data: []byte("const user = 1")},
		"binary.ts": {Data: []byte("user\x00")},
		"large.ts":  {Data: bytes.Repeat([]byte("user "), maxReread/5+1)},
		"dir/a.ts":  {},
	}
	tests := []struct {
		file, before, after string
		known               bool
	}{
		{"with.ts", "old", "const user = 1", true},
		{"with.ts", "old", "const user = 1", true},
		{"binary.ts", "", "", true},
		{"nowhere.ts", "", "", true},
		{"large.ts", "", "", false},
		{"dir", "", "", false},
	}
	s := openSearch(t, base, nil)
	for _, test := range tests {
		old, text, known := s.Texts(t.Context(), before, after, test.file)
		if old != test.before || text != test.after || known != test.known {
			t.Errorf("%s: %q, %q, known %v", test.file, old, text, known)
		}
	}
	s.leftToReread = 0
	if _, _, known := s.Texts(t.Context(), before, after, "other.ts"); !known {
		t.Error("a file that is nowhere is known to be nowhere")
	}
	after["late.ts"] = after["with.ts"]
	if _, _, known := s.Texts(t.Context(), before, after, "late.ts"); known {
		t.Error("known although the time is over")
	}
	if s.left != mentionTime {
		t.Error("reading again takes time from searching")
	}
}

func TestMentionsOfSeveralWords(t *testing.T) {
	w := mentioning(t)
	base := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	for how, s := range map[string]*Search{"git": openSearch(t, base, []string{"migrations"}), "at once": exhausted(t, base, nil, "oldword", "newword", "goneword")} {
		if got := s.Mentions(t.Context(), "oldword", "", "goneword"); !slices.Equal(got, []string{"gone.ts", "old.ts"}) {
			t.Errorf("%s: %q", how, got)
		}
		if got := s.Mentions(t.Context(), ""); got != nil {
			t.Errorf("%s: no word is in %q", how, got)
		}
	}
}

package skip_test

import (
	"cmp"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

// leavesOut is what skips a test, by the extension of files: "t.Skip(", "s.b.SkipNow(" and
// "if testing.Short()", and "[!linux] skip" in a script.
var leavesOut = map[string]*regexp.Regexp{
	".go":    regexp.MustCompile(`\.(Skip|Skipf|SkipNow)\(|testing\.Short\(`),
	".txtar": regexp.MustCompile(`(?m)^(\[.*\] *)?skip\b`),
}

// otherSkips are files that skip in a way of their own, with the reason.
var otherSkips = map[string]string{
	"testdata/cli/names-not-utf8.txtar":     "other systems' files have no such names, and CI has Linux",
	"testdata/cli/sandbox-incomplete.txtar": "no system but Linux has Landlock, and CI has Linux",
}

// TestNobodyElseSkips: a test that is skipped in a way of its own is one that no stage of
// CI may run, and nobody sees it.
func TestNobodyElseSkips(t *testing.T) {
	looked := 0
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (file == "internal/skip" || strings.HasPrefix(d.Name(), ".") && file != "." || d.Name() == "node_modules"):
			return fs.SkipDir
		case leavesOut[path.Ext(file)] == nil:
			return nil
		}
		looked++
		text, err := fs.ReadFile(root, file)
		if found := leavesOut[path.Ext(file)].Find(text); (found != nil) != (otherSkips[file] != "") {
			t.Errorf("%s has %q: use a function of internal/skip, or correct the list here", file, found)
		}
		return err
	})
	if err != nil || looked < 500 {
		t.Fatalf("%d files, %v", looked, err)
	}
	for file := range otherSkips {
		if _, err := fs.Stat(root, file); err != nil {
			t.Error(err)
		}
	}
}

// A recorder is a test that notes how it would end.
type recorder struct {
	testing.TB
	ended string
}

func (r *recorder) Helper()              {}
func (r *recorder) Fatal(...any)         { r.end("fails") }
func (r *recorder) Skip(...any)          { r.end("skipped") }
func (r *recorder) Skipf(string, ...any) { r.end("skipped") }
func (r *recorder) end(how string)       { r.ended = cmp.Or(r.ended, how) } // the first one ends a test

// TestWaysToSkip: in CI only what was said elsewhere is skipped.
func TestWaysToSkip(t *testing.T) {
	short := ""
	if testing.Short() {
		short = "skipped"
	}
	for name, c := range map[string]struct {
		skip       func(testing.TB, string)
		atHome, ci string
	}{
		"Here":      {skip.Here, "skipped", "fails"},
		"Announced": {skip.Announced, "skipped", "skipped"},
		"Elsewhere": {skip.Elsewhere, "skipped", "skipped"},
		"Short":     {skip.Short, short, short},
	} {
		for value, want := range map[string]string{"": c.atHome, "true": c.ci} {
			t.Setenv("CI", value)
			r := &recorder{}
			c.skip(r, "why")
			if r.ended != want {
				t.Errorf("%s with CI=%q: %q, want %q", name, value, r.ended, want)
			}
		}
	}
}

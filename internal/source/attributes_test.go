package source

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Lines of .gitattributes hold for the files for which they do to git; more only
// where patterns are quoted.
func TestAttributes(t *testing.T) {
	files := []string{"a.sql", "m/a.sql", "m/b.sql", "m/n/a.sql", "x/m/a.sql", "m/a.SQL"}
	for _, c := range []struct{ lines, below string }{
		{"*.sql filter=x", ""},
		{"a.sql filter=x", ""},
		{"/a.sql filter=x", ""},
		{"m/*.sql filter=x", ""},
		{"m/** filter=x", ""},
		{"**/a.sql ident", ""},
		{"m/**/a.sql ident", ""},
		{"[ab].sql export-subst", ""},
		{"m/[!a].sql export-subst", ""},
		{"m/?.sql working-tree-encoding=UTF-16", ""},
		{"m filter=x", ""},
		{"m/ filter=x", ""},
		{"*.sql filter=x\nm/*.sql -filter", ""},
		{"*.sql filter=x\nm/*.sql !filter", ""},
		{"*.sql filter=x", "*.sql -filter"},
		{"* text", "a.sql filter=x"},
		{"# *.sql filter=x", ""},
		{"*.sql text eol=lf diff=x", ""},
		{"[attr]mine filter=x\n*.sql mine", ""},
	} {
		tree := fstest.MapFS{".gitattributes": {Data: []byte(c.lines + "\n")}, "m/.gitattributes": {Data: []byte(c.below + "\n")}}
		dir := t.TempDir()
		for name, file := range tree {
			writeFile(t, dir, name, string(file.Data))
		}
		if out, err := exec.Command("git", "-C", dir, "init", "-q").CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		read := attributesOf(&Folder{fsys: tree})
		for _, file := range files {
			out, err := exec.Command("git", append([]string{"-C", dir, "check-attr"}, slices.Concat(changingAttributes, []string{"--", file})...)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			want := false
			for line := range strings.Lines(string(out)) {
				want = want || !strings.HasSuffix(line, ": unspecified\n") && !strings.HasSuffix(line, ": unset\n")
			}
			if got := read.setFor(file); (len(got) > 0) != want {
				t.Errorf("%q and %q below: %s has %v, and for git %s", c.lines, c.below, file, got, out)
			}
		}
	}
	quoted := attributesOf(&Folder{fsys: fstest.MapFS{".gitattributes": {Data: []byte("\"\\155/a.sql\" filter=x\n")}}})
	if len(quoted.setFor("m/a.sql")) == 0 {
		t.Error("a quoted pattern fits no file")
	}
}

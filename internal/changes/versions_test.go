package changes

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestVersions(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(cmd.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "file"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "--quiet", "--initial-branch=main")
	for _, text := range []string{"one", "two\n"} {
		write(text)
		git("add", "file")
		git("commit", "--quiet", "-m", text)
	}
	git("checkout", "--quiet", "-b", "feature")
	write("of the branch")
	git("commit", "--quiet", "-am", "feature")
	write("more of the branch")
	git("commit", "--quiet", "-am", "feature again")
	git("checkout", "--quiet", "main")
	git("merge", "--quiet", "--no-ff", "-m", "merge", "feature")
	git("rm", "--quiet", "file")
	git("commit", "--quiet", "-m", "removed")

	r := workTree{t, dir}.open()
	b := &Base{Commit: r.commit(context.Background(), "HEAD"), repository: r}
	for max, want := range map[int][]string{10: {"one", "two\n", "more of the branch"}, 2: {"more of the branch"}} {
		got, complete, err := b.Versions(context.Background(), "file", max)
		if err != nil || complete != (max == 10) || !slices.Equal(got, want) {
			t.Errorf("the last %d are %q, complete %t, %v; want %q", max, got, complete, err, want)
		}
	}
	clone := t.TempDir()
	if out, err := exec.Command("git", "clone", "--quiet", "--depth=1", "file://"+dir, clone).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r = workTree{t, clone}.open()
	b = &Base{Commit: r.commit(context.Background(), "HEAD"), repository: r}
	if got, complete, err := b.Versions(context.Background(), "file", 10); len(got) > 0 || complete || err != nil {
		t.Errorf("a shallow clone tells %q, complete %t, %v", got, complete, err)
	}
}

// Versions are told for names and histories of all kinds: where a directory had the
// name, where it has blanks, and not where git cannot be asked.
func TestVersionsOfAwkwardNames(t *testing.T) {
	w := newWorkTree(t)
	w.commit("1 blob 3.sql/x", "in a directory")
	w.git("rm", "--quiet", "-r", "1 blob 3.sql")
	w.write("1 blob 3.sql", "one")
	w.write("line\nend.sql", "one")
	w.commit("other", "x")
	w.git("rm", "--quiet", "1 blob 3.sql")
	w.git("commit", "--quiet", "--message", "gone")
	last := w.commit("1 blob 3.sql", "two")
	b := mustFind(t, w, Options{Ref: "HEAD"}, last)
	for path, want := range map[string][]string{"1 blob 3.sql": {"one", "two"}, "line\nend.sql": nil, "none.sql": nil} {
		got, complete, err := b.Versions(t.Context(), path, 10)
		if err != nil || complete != (path != "line\nend.sql") || !slices.Equal(got, want) {
			t.Errorf("%q was %q, complete %t, %v; want %q", path, got, complete, err, want)
		}
	}
}

// However large the versions are, not much more than the largest file is held of them.
func TestVersionsAreBounded(t *testing.T) {
	w := newWorkTree(t)
	size := maxTexts/2 - 1
	for _, c := range []string{"a", "b", "c"} {
		w.commit("file.sql", strings.Repeat(c, size))
	}
	b := mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	got, complete, err := b.Versions(t.Context(), "file.sql", 10)
	if err != nil || complete || len(got) != 2 {
		t.Fatalf("%d versions, complete %t, %v", len(got), complete, err)
	}
	if first := got[0][:1] + got[1][:1]; first != "bc" {
		t.Errorf("of a, b and c the versions %s are left, want the last", first)
	}
}

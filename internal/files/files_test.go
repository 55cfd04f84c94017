package files_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/files"
)

const limit = 1 << 10

// places makes a repository and what is outside of it, and returns both.
func places(t *testing.T) (repository, outside string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	repository, outside = filepath.Join(dir, "repository"), filepath.Join(dir, "outside")
	for _, d := range []string{filepath.Join(repository, "sub"), filepath.Join(repository, ".git"), outside} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for file, text := range map[string]string{
		filepath.Join(repository, "sub", "file"):    "inside",
		filepath.Join(repository, "large"):          strings.Repeat("x", limit+1),
		filepath.Join(repository, ".git", "config"): "token",
		filepath.Join(outside, "secret"):            "outside",
	} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return repository, outside
}

func link(t *testing.T, target, name string) {
	t.Helper()
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
}

func TestReadInTheRepository(t *testing.T) {
	repository, outside := places(t)
	link(t, "sub/file", filepath.Join(repository, "inward"))
	link(t, filepath.Join(outside, "secret"), filepath.Join(repository, "outward"))
	link(t, outside, filepath.Join(repository, "away"))
	link(t, ".git/config", filepath.Join(repository, "settings"))
	link(t, ".git", filepath.Join(repository, "hidden"))
	link(t, "loop", filepath.Join(repository, "loop"))
	named := files.Named{Dirs: []string{repository}}
	for _, name := range []string{"sub/file", "inward"} {
		if data, err := named.Read(filepath.Join(repository, filepath.FromSlash(name)), limit); string(data) != "inside" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	for name, want := range map[string]string{
		"outward":       "outward: a symbolic link on the way leads out of " + repository + "; remove the link",
		"away/secret":   "away/secret: a symbolic link on the way leads out of " + repository,
		"large":         "large is larger than 1 KiB, the most that migvet reads of it",
		"sub":           "sub is not a regular file but a directory; name a file",
		".git/config":   ".git/config is below .git, which belongs to git",
		"settings":      "settings is below .git",
		"hidden/config": "hidden/config is below .git",
		"loop":          "loop",
		"none":          "none: no such file",
	} {
		data, err := named.Read(filepath.Join(repository, filepath.FromSlash(name)), limit)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %q, %v; want %s", name, data, err, want)
		}
	}
}

// What the user names elsewhere is the user's own, links included.
func TestReadElsewhere(t *testing.T) {
	repository, outside := places(t)
	link(t, "secret", filepath.Join(outside, "link"))
	named := files.Named{Dirs: []string{repository}}
	for _, name := range []string{"secret", "link"} {
		if data, err := named.Read(filepath.Join(outside, name), limit); string(data) != "outside" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	if _, err := named.Read(outside, limit); err == nil || !strings.Contains(err.Error(), "not a regular file but a directory") {
		t.Errorf("a directory: %v", err)
	}
	if _, err := named.Read(filepath.Join(outside, "secret"), 3); err == nil || !strings.Contains(err.Error(), "is larger than") {
		t.Errorf("more than the limit: %v", err)
	}
}

// A repository that is reached through a link is the repository all the same.
func TestReadThroughAnAlias(t *testing.T) {
	repository, outside := places(t)
	alias := filepath.Join(outside, "alias")
	link(t, repository, alias)
	link(t, outside, filepath.Join(repository, "away"))
	named := files.Named{Dirs: []string{repository}}
	if data, err := named.Read(filepath.Join(alias, "sub", "file"), limit); string(data) != "inside" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := named.Read(filepath.Join(alias, "away", "secret"), limit); err == nil || !strings.Contains(err.Error(), "leads out of") {
		t.Errorf("got %v", err)
	}
	if err := named.Write(filepath.Join(alias, "away", "new"), text("x")); err == nil || !strings.Contains(err.Error(), "leads out of") {
		t.Errorf("got %v", err)
	}
}

// growing says that it is small, as files in /proc do.
type growing struct{ fstest.MapFS }

func (g growing) Open(string) (fs.File, error) { return endless{}, nil }

type endless struct{}

func (endless) Stat() (fs.FileInfo, error) {
	return fs.Stat(fstest.MapFS{"file": {}}, "file")
}
func (endless) Read(p []byte) (int, error) { return len(p), nil }
func (endless) Close() error               { return nil }

func TestReadStopsAtTheLimit(t *testing.T) {
	if _, err := files.Read(growing{fstest.MapFS{"file": {}}}, "file", limit); err == nil || !strings.Contains(err.Error(), "is larger than 1 KiB") {
		t.Errorf("got %v", err)
	}
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestWriteInTheRepository(t *testing.T) {
	repository, outside := places(t)
	link(t, outside, filepath.Join(repository, "reports"))
	link(t, filepath.Join(outside, "secret"), filepath.Join(repository, "report.json"))
	link(t, ".git", filepath.Join(repository, "hidden"))
	named := files.Named{Dirs: []string{filepath.Join(repository, "sub"), repository}}
	for name, want := range map[string]string{
		"reports/new":     "leads out of " + repository + "; remove the link, or name a file elsewhere",
		"reports/a/b/new": "leads out of ",
		"reports/secret":  "leads out of ",
		".git/hooks/new":  "is below .git",
		"hidden/new":      "is below .git",
		"sub/file/new":    "",
	} {
		if err := named.Write(filepath.Join(repository, filepath.FromSlash(name)), text("forged")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
	for _, name := range []string{"report.json", "a/b/new", "sub/file"} {
		file := filepath.Join(repository, filepath.FromSlash(name))
		if err := named.Write(file, text("report")); err != nil {
			t.Error(err)
		}
		info, err := os.Lstat(file)
		if data, _ := os.ReadFile(file); err != nil || string(data) != "report" || !info.Mode().IsRegular() || info.Mode().Perm()&0o400 == 0 {
			t.Errorf("%s: %q, %v, %v", name, data, info.Mode(), err)
		}
	}
	unchanged(t, outside)
}

// unchanged wants the outside to be as it was made.
func unchanged(t *testing.T, outside string) {
	t.Helper()
	entries, err := os.ReadDir(outside)
	if err != nil || len(entries) != 1 {
		t.Errorf("outside are %v, %v", entries, err)
	}
	if data, err := os.ReadFile(filepath.Join(outside, "secret")); string(data) != "outside" {
		t.Errorf("%q, %v", data, err)
	}
}

// Nobody sees half of a file, and a failure leaves the old one and nothing else.
func TestWriteIsWholeOrNothing(t *testing.T) {
	repository, outside := places(t)
	named := files.Named{Dirs: []string{repository}}
	broken := errors.New("broken")
	for _, dir := range []string{filepath.Join(repository, "sub"), outside} {
		file := filepath.Join(dir, "file")
		if err := named.Write(file, text("old")); err != nil {
			t.Fatal(err)
		}
		err := named.Write(file, func(w io.Writer) error {
			if err := text("new")(w); err != nil {
				return err
			}
			if data, err := os.ReadFile(file); string(data) != "old" {
				t.Errorf("while it is written: %q, %v", data, err)
			}
			return broken
		})
		if data, _ := os.ReadFile(file); !errors.Is(err, broken) || string(data) != "old" {
			t.Errorf("%q, %v", data, err)
		}
		if left, err := filepath.Glob(filepath.Join(dir, ".migvet-*")); err != nil || len(left) > 0 {
			t.Errorf("%v, %v are left", left, err)
		}
	}
}

// A link that the user made elsewhere is replaced, as any file is.
func TestWriteElsewhere(t *testing.T) {
	repository, outside := places(t)
	link(t, "secret", filepath.Join(outside, "link"))
	named := files.Named{Dirs: []string{repository}}
	for _, name := range []string{"link", "new/report"} {
		file := filepath.Join(outside, filepath.FromSlash(name))
		if err := named.Write(file, text("report")); err != nil {
			t.Error(err)
		}
		if data, err := os.ReadFile(file); !bytes.Equal(data, []byte("report")) {
			t.Errorf("%q, %v", data, err)
		}
	}
	if data, err := os.ReadFile(filepath.Join(outside, "secret")); string(data) != "outside" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestBelow(t *testing.T) {
	repository, outside := places(t)
	link(t, repository, filepath.Join(outside, "alias"))
	link(t, outside, filepath.Join(repository, "away"))
	for file, want := range map[string]string{
		repository:                                         ".",
		filepath.Join(repository, "sub", "file"):           "sub/file",
		filepath.Join(repository, "none", "x"):             "none/x",
		filepath.Join(repository, "away", "secret"):        "away/secret",
		filepath.Join(outside, "alias", "sub"):             "sub",
		filepath.Join(outside, "alias", "away", "secret"):  "away/secret",
		filepath.Join(outside, "secret"):                   "",
		repository + "-other":                              "",
		filepath.Dir(repository):                           "",
		filepath.Join(outside, "none"):                     "",
		filepath.Join(outside, "alias", "..", "secret"):    "",
		filepath.Join(repository, "..", "outside", "none"): "",
	} {
		if rel, ok := files.Below(repository, file); rel != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", file, rel, ok, want)
		}
	}
}

package program

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

// A machine is a directory tree with programs, links and a checkout in it.
type machine struct{ dir string }

func newMachine(t *testing.T) machine {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return machine{dir}
}

func (m machine) path(name string) string { return filepath.Join(m.dir, filepath.FromSlash(name)) }

func (m machine) program(t *testing.T, name string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	m.file(t, name, 0o755)
}

func (m machine) file(t *testing.T, name string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(m.path(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.path(name), nil, mode); err != nil {
		t.Fatal(err)
	}
}

// link makes a link with exactly this text.
func (m machine) link(t *testing.T, text, name string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(m.path(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(text, m.path(name)); err != nil {
		skip.Here(t, "this system lets us make no links: "+err.Error())
	}
}

// search is a getenv with the directories in PATH.
func (m machine) search(dirs ...string) func(string) string {
	for i, dir := range dirs {
		if strings.HasPrefix(dir, "/") {
			dirs[i] = m.path(dir)
		}
	}
	return func(name string) string {
		if name == "PATH" {
			return strings.Join(dirs, string(filepath.ListSeparator))
		}
		return ""
	}
}

// nextTo is a relative path that leads to the absolute one.
func nextTo(t *testing.T, path string) string {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(here, path)
	if err != nil {
		t.Fatal(err)
	}
	return relative
}

func TestFind(t *testing.T) {
	m := newMachine(t)
	m.program(t, "usr/bin/tool")
	m.program(t, "jobs/repo/bin/tool")
	m.program(t, "jobs/repo-2/bin/tool")
	m.program(t, "opt/real/tool")
	m.file(t, "text/tool", 0o644)
	m.file(t, "dir/tool/x", 0o644)
	m.link(t, m.path("jobs/repo/bin"), "links/dir")
	m.link(t, m.path("jobs/repo/bin/tool"), "links/file/tool")
	m.link(t, "../../jobs/repo/bin/tool", "links/relative/tool")
	m.link(t, m.path("opt/real/tool"), "jobs/repo/out/tool")
	m.link(t, m.path("jobs/repo/out/tool"), "links/through/tool") // ends outside
	m.link(t, m.path("opt/real"), "jobs/repo/outdir")
	m.link(t, "../jobs/repo/outdir", "links/throughdir")
	m.link(t, "up/../../opt/real/tool", "links/up/tool") // up is no link: links/opt
	m.link(t, m.path("opt/real/tool"), "links/good/tool")
	m.link(t, "tool", "links/loop/tool")
	m.link(t, m.path("jobs/repo"), "checkout")
	const repo = "/jobs/repo"
	for name, c := range map[string]struct {
		path    []string
		outside []string
		want    string // "" for none
		says    string
	}{
		"plain":                           {path: []string{"/usr/bin"}, outside: []string{repo}, want: "usr/bin/tool"},
		"first":                           {path: []string{"/opt/real", "/usr/bin"}, outside: []string{repo}, want: "opt/real/tool"},
		"no place is forbidden":           {path: []string{"/jobs/repo/bin"}, want: "jobs/repo/bin/tool"},
		"in the checkout":                 {path: []string{"/jobs/repo/bin"}, outside: []string{repo}, says: "lies in"},
		"in the checkout, then elsewhere": {path: []string{"/jobs/repo/bin", "/usr/bin"}, outside: []string{repo}, want: "usr/bin/tool"},
		"dots":                            {path: []string{"/usr/bin/../../jobs/repo/bin"}, outside: []string{repo}, says: "lies in"},
		"checkout is the directory":       {path: []string{"/jobs/repo/bin"}, outside: []string{"/jobs/repo/bin"}, says: "lies in"},
		"similar name":                    {path: []string{"/jobs/repo-2/bin"}, outside: []string{repo}, want: "jobs/repo-2/bin/tool"},
		"checkout named by a link":        {path: []string{"/jobs/repo/bin"}, outside: []string{"/checkout"}, says: "lies in"},
		"reached by a link":               {path: []string{"/checkout/bin"}, outside: []string{repo}, says: "lies in"},
		"directory is a link":             {path: []string{"/links/dir"}, outside: []string{repo}, says: "lies in"},
		"program is a link":               {path: []string{"/links/file"}, outside: []string{repo}, says: "lies in"},
		"program is a relative link":      {path: []string{"/links/relative"}, outside: []string{repo}, says: "lies in"},
		"link out of the checkout":        {path: []string{"/jobs/repo/out"}, outside: []string{repo}, says: "lies in"},
		"link through the checkout":       {path: []string{"/links/through"}, outside: []string{repo}, says: "lies in"},
		"directory through the checkout":  {path: []string{"/links/throughdir"}, outside: []string{repo}, says: "lies in"},
		"link elsewhere":                  {path: []string{"/links/good"}, outside: []string{repo}, want: "links/good/tool"},
		"link that ends nowhere":          {path: []string{"/links/up", "/links/loop"}, outside: []string{repo}, says: "not in PATH"},
		"no such checkout":                {path: []string{"/usr/bin"}, outside: []string{"/nowhere", ""}, want: "usr/bin/tool"},
		"second checkout":                 {path: []string{"/jobs/repo/bin"}, outside: []string{"/opt", repo}, says: "lies in"},
		"relative":                        {path: []string{nextTo(t, m.path("usr/bin")), ".", ""}, says: "tool is not in PATH"},
		"not executable":                  {path: []string{"/text", "/dir", "/nowhere"}, says: "tool is not in PATH"},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && name == "not executable" {
				skip.Here(t, "files have no such mode here")
			}
			var outside []string
			for _, dir := range c.outside {
				if dir != "" {
					dir = m.path(dir)
				}
				outside = append(outside, dir)
			}
			got, err := Find("tool", m.search(c.path...), outside...)
			if c.want != "" {
				if err != nil || strings.TrimSuffix(got, ".exe") != m.path(c.want) {
					t.Errorf("found %s, %v, want %s", got, err, c.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("found %q, error %v, want %q", got, err, c.says)
			}
		})
	}
}

func TestFindTakesNamesOnly(t *testing.T) {
	m := newMachine(t)
	m.program(t, "usr/bin/tool")
	for _, name := range []string{"", ".", "..", "bin/tool", "../bin/tool", m.path("usr/bin/tool")} {
		if got, err := Find(name, m.search("/usr/bin", "/usr")); err == nil {
			t.Errorf("%q: found %s", name, got)
		}
	}
}

func TestSearchPath(t *testing.T) {
	m := newMachine(t)
	m.program(t, "usr/bin/tool")
	m.program(t, "jobs/repo/bin/tool")
	m.link(t, m.path("jobs/repo/bin"), "links/dir")
	getenv := m.search(nextTo(t, m.path("usr/bin")), "/jobs/repo/bin", "/usr/bin", "/links/dir", "", "/jobs/repo/nowhere")
	if got, want := SearchPath(getenv, m.path("jobs/repo")), m.path("usr/bin"); got != want {
		t.Errorf("PATH is %q, want %q", got, want)
	}
}

func TestWorkspaces(t *testing.T) {
	dir := t.TempDir()
	for value, want := range map[string][]string{dir: {dir, dir}, "": nil, "relative": nil} {
		if got := Workspaces(func(string) string { return value }); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestWindowsEndings(t *testing.T) {
	for _, c := range []struct {
		path, pathext string
		want          []string
	}{
		{`C:\x\npm`, ".COM;.EXE;;CMD", []string{".com", ".exe", ".cmd"}},
		{`C:\x\npm`, "", []string{".com", ".exe", ".bat", ".cmd"}},
		{`C:\x\npm.CMD`, ".EXE;.cmd", []string{""}},
		{`C:\x\npm.js`, ".EXE", []string{".exe"}},
	} {
		if got := windowsEndings(c.path, c.pathext); !slices.Equal(got, c.want) {
			t.Errorf("%s, %s: %q, want %q", c.path, c.pathext, got, c.want)
		}
	}
}

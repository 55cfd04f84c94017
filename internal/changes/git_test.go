package changes

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A workTree is a git repository under test, untouched by the settings of
// whoever runs the test.
type workTree struct {
	t   *testing.T
	dir string
}

func newWorkTree(t *testing.T) workTree {
	t.Helper()
	isolate(t)
	w := workTree{t, t.TempDir()}
	w.git("init", "--quiet", "--initial-branch=main")
	return w
}

func isolate(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_NOSYSTEM": "1",
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
	} {
		t.Setenv(name, value)
	}
}

func (w workTree) command(args ...string) *exec.Cmd {
	return exec.Command("git", append([]string{"-C", w.dir, "-c", "core.autocrlf=false"}, args...)...)
}

func (w workTree) git(args ...string) string {
	w.t.Helper()
	cmd := w.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		w.t.Fatalf("git %v: %v\n%s", args, err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

func (w workTree) write(name, text string) {
	w.t.Helper()
	file := filepath.Join(w.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

// commit writes one file and commits everything.
func (w workTree) commit(name, text string) string {
	w.t.Helper()
	w.write(name, text)
	w.git("add", "--all")
	w.git("commit", "--quiet", "--message", name)
	return w.git("rev-parse", "HEAD")
}

// branchOff goes to another branch with a commit of its own.
func (w workTree) branchOff() {
	w.t.Helper()
	w.git("checkout", "--quiet", "-b", "feature")
	w.git("commit", "--quiet", "--allow-empty", "--message", "feature")
}

// emptyCommits adds commits to main at once.
func (w workTree) emptyCommits(n int) {
	w.t.Helper()
	var stream strings.Builder
	for i := range n {
		stream.WriteString("commit refs/heads/main\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 1\nx\n")
		if i == 0 {
			stream.WriteString("from refs/heads/main^0\n")
		}
	}
	cmd := exec.Command("git", "-C", w.dir, "fast-import", "--quiet")
	cmd.Stdin = strings.NewReader(stream.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		w.t.Fatalf("git fast-import: %v\n%s", err, out)
	}
}

// clone makes a clone over the wire, so that depth means something.
func (w workTree) clone(args ...string) workTree {
	w.t.Helper()
	c := workTree{w.t, filepath.Join(w.t.TempDir(), "clone")}
	w.git(append(append([]string{"clone", "--quiet"}, args...), "file://"+w.dir, c.dir)...)
	return c
}

// env is an environment of these variables, and where programs are.
func env(vars map[string]string) func(string) string {
	return func(name string) string {
		if value, set := vars[name]; set || name != "PATH" {
			return value
		}
		return os.Getenv(name)
	}
}

func find(t *testing.T, w workTree, o Options) (*Base, error) {
	t.Helper()
	o.Dir = w.dir
	if o.Getenv == nil {
		o.Getenv = env(nil)
	}
	o.ReadFile = os.ReadFile
	base, err := Find(context.Background(), o)
	if err == nil {
		t.Cleanup(func() {
			if err := base.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	return base, err
}

// open is the repository as migvet sees it.
func (w workTree) open() *repository {
	w.t.Helper()
	r, err := openRepository(context.Background(), w.dir, env(nil))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := r.Close(); err != nil {
			w.t.Error(err)
		}
	})
	return r
}

// mustFind wants a certain commit.
func mustFind(t *testing.T, w workTree, o Options, want string) *Base {
	t.Helper()
	base, err := find(t, w, o)
	if err != nil {
		t.Fatal(err)
	}
	if base.Commit != want {
		t.Fatalf("base is %s (%s), want %s", base.Commit, base.Reason, want)
	}
	return base
}

// action makes the environment of a run of GitHub Actions.
func action(t *testing.T, name, payload string) func(string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(path, []byte(payload), 0o644); err != nil {
		t.Fatal(err)
	}
	return env(map[string]string{"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": path})
}

package action_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

// migvet is the program under test.
var migvet string

func TestMain(m *testing.M) {
	// What they test is a program that is built without the detector of data races;
	// internal/cli's scripts run the same commands with it.
	if skip.ShortPackage("programs do the work") {
		return
	}
	dir, err := os.MkdirTemp("", "migvet-action-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := buildAndRun(m, dir)
	if err := os.RemoveAll(dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M, dir string) int {
	migvet = filepath.Join(dir, "migvet")
	build := exec.Command("go", "build", "-o", migvet, "../../cmd/migvet")
	if text, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s\n", err, text)
		return 1
	}
	return m.Run()
}

// A run is one program started somewhere, with an environment that holds
// nothing of the job that tests migvet itself.
type run struct {
	dir     string
	env     []string
	command []string
}

// result is what a run left behind.
type result struct {
	stdout, stderr string
	code           int
}

func (r run) do(t *testing.T) result {
	t.Helper()
	cmd := exec.Command(r.command[0], r.command[1:]...)
	cmd.Dir, cmd.Env = r.dir, append(environment(t), r.env...)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// environment is what every run has: programs, and the cache, so that a server
// is fetched once.
func environment(t *testing.T) []string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "XDG_CACHE_HOME=" + cache,
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
	}
}

// git runs git in a directory and returns what it prints.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	r := run{dir: dir, command: append([]string{"git"}, args...)}.do(t)
	if r.code != 0 {
		t.Fatalf("git %v: %s", args, r.stderr)
	}
	return strings.TrimSpace(r.stdout)
}

// A verdict is what must not depend on where migvet runs. Evidence may: it
// holds times.
type verdict struct {
	Result   string
	ExitCode int
	Base     string
	Findings []finding
}

type finding struct {
	Rule, Severity, Path, Message string
	Line, Column                  int
}

func (f finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s [%s]", f.Path, f.Line, f.Column, f.Severity, f.Message, f.Rule)
}

func (v verdict) String() string {
	lines := []string{fmt.Sprintf("%s, exit code %d, compared with %s", v.Result, v.ExitCode, v.Base)}
	for _, f := range v.Findings {
		lines = append(lines, f.String())
	}
	return strings.Join(lines, "\n")
}

func readReport(t *testing.T, path string) verdict {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v verdict
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

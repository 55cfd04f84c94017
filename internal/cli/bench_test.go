package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
)

// BenchmarkLint is what migvet lint takes without the start of the process.
// benchmarks/run.sh measures whole processes.
func BenchmarkLint(b *testing.B) {
	for _, c := range []struct {
		name string
		repo func(testing.TB) string
		args []string
	}{
		{"sample", sampleRepo, nil},
		{"new=1/of=1000", longHistory(1000), nil},
		{"new=1/of=10000", longHistory(10_000), nil},
		{"new=1000/of=1000", longHistory(1000), []string{"--all"}},
		{"tables=new/files=500", shape("new", 500), []string{"--all"}},
		{"tables=new/files=2000", shape("new", 2000), []string{"--all"}},
		{"tables=old/files=500", shape("old", 500), nil},
		{"tables=old/files=2000", shape("old", 2000), nil},
		{"seed=inserts", shape("inserts", 10_000), []string{"--all"}},
		{"seed=rows", shape("rows", 100_000), []string{"--all"}},
		{"seed=copy", shape("copy", 100_000), []string{"--all"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			bench(b, c.repo(b), append([]string{"lint"}, c.args...))
		})
	}
}

// BenchmarkCheck is what migvet check takes, with a template of the server that
// the first run caches.
func BenchmarkCheck(b *testing.B) {
	bench(b, sampleRepo(b), []string{"check"})
}

func bench(b *testing.B, dir string, args []string) {
	b.ReportAllocs()
	cache, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		var stdout, stderr bytes.Buffer
		code := cli.Main(context.Background(), cli.Env{
			Dir: dir, Stdout: &stdout, Stderr: &stderr, CacheDir: filepath.Join(cache, "migvet"),
			Getenv: pathOnly, Now: time.Now, Version: "v0.0.0-bench",
		}, args)
		if code > 1 {
			b.Fatalf("exit status %d\n%s%s", code, &stdout, &stderr)
		}
	}
}

// pathOnly is an environment in which git is found, and nothing else is set.
func pathOnly(name string) string {
	if name == "PATH" {
		return os.Getenv(name)
	}
	return ""
}

func sampleRepo(t testing.TB) string {
	return build(t, "../../testdata/drizzle/repo.sh", filepath.Join(t.TempDir(), "repo"))
}

func longHistory(n int) func(testing.TB) string {
	return func(t testing.TB) string {
		dir := filepath.Join(t.TempDir(), "repo")
		build(t, "../../benchmarks/history.sh", fmt.Sprint(n), dir)
		return dir
	}
}

// shape makes migrations of one shape, which benchmarks/shapes.sh knows.
func shape(name string, n int) func(testing.TB) string {
	return func(t testing.TB) string {
		return build(t, "../../benchmarks/shapes.sh", name, fmt.Sprint(n), filepath.Join(t.TempDir(), "repo"))
	}
}

// build runs a script that makes the repository its last argument names.
func build(t testing.TB, script string, args ...string) string {
	t.Helper()
	cmd := exec.Command("bash", append([]string{script}, args...)...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", script, err, text)
	}
	return args[len(args)-1]
}

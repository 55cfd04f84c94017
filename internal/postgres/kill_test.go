package postgres_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// victimArg makes the test binary a program that starts a server, says so, and
// waits to be killed.
const victimArg = "victim"

const runaway = "DO 'BEGIN LOOP NULL; END LOOP; END'"

// beVictim starts a server of a version with a cache directory.
func beVictim(args []string) error {
	o := postgrestest.Options(args[0])
	o.CacheDir = args[1]
	ctx := context.Background()
	i, err := postgres.Find(ctx, o)
	if err != nil {
		return err
	}
	s, err := i.Start(ctx, postgres.StartOptions{})
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, s.Config(postgres.Owner, "template1"))
	if err != nil {
		return err
	}
	fmt.Println("running")
	if _, err := conn.Exec(ctx, runaway); err != nil {
		return err
	}
	return errors.New("the runaway query came to an end")
}

type victim struct {
	cmd    *exec.Cmd
	output *bufio.Reader
}

func startVictim(t *testing.T, version, cache string) *victim {
	t.Helper()
	return startProgram(t, victimArg, version, cache)
}

// startProgram starts one of programs.
func startProgram(t *testing.T, args ...string) *victim {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &victim{cmd, bufio.NewReader(out)}
}

func (v *victim) awaitRunning(t *testing.T) {
	t.Helper()
	if line, err := v.output.ReadString('\n'); err != nil || line != "running\n" {
		t.Fatalf("victim said %q, %v", line, err)
	}
}

// kill kills the victim alone, and fails when anything of it is left.
func (v *victim) kill(t *testing.T) {
	t.Helper()
	if err := v.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = v.cmd.Wait() // it was killed
	deadline := time.Now().Add(20 * time.Second)
	for {
		left := processesOf(t, v.cmd.Process.Pid)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left behind:\n%s", strings.Join(left, "\n"))
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// processesOf finds all processes that a process has started: by the
// directories of its servers, which have its pid in their names.
func processesOf(t *testing.T, pid int) []string {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no processes in /proc: %v", err)
	}
	marks := []string{fmt.Sprintf("migvet-%d-", pid), fmt.Sprintf(`"Parent":%d,`, pid)}
	var found []string
	for _, dir := range dirs {
		command, _ := os.ReadFile(filepath.Join(dir, "cmdline")) // it may have ended
		cwd, _ := os.Readlink(filepath.Join(dir, "cwd"))
		what := dir + " " + strings.ReplaceAll(string(command), "\x00", " ") + " in " + cwd
		for _, mark := range marks {
			if strings.Contains(what, mark) {
				found = append(found, what)
				break
			}
		}
	}
	return found
}

// leftovers are the directories that runs of a pid have left.
func leftovers(t *testing.T, pid int, cache string) []string {
	t.Helper()
	var found []string
	for _, root := range []string{"/dev/shm", os.TempDir(), "/tmp", filepath.Join(cache, "templates")} {
		dirs, err := filepath.Glob(filepath.Join(root, fmt.Sprintf("migvet-%d-*", pid)))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, dirs...)
	}
	return found
}

func requireLinux(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		skip.Here(t, "the processes are looked up in /proc")
	}
}

func TestKilledWhenever(t *testing.T) {
	requireLinux(t)
	version := postgrestest.One(t)
	for _, c := range []struct {
		name        string
		cached      bool
		step, until time.Duration
	}{
		{"cached", true, 25 * time.Millisecond, 400 * time.Millisecond},
		{"initdb", false, 250 * time.Millisecond, 1250 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			cache := privateTempDir(t)
			if c.cached {
				startAndStop(t, version, cache)
			}
			var pids []int
			for after := time.Duration(0); after < c.until; after += c.step {
				if !c.cached {
					cache = privateTempDir(t)
				}
				v := startVictim(t, version, cache)
				time.Sleep(after)
				v.kill(t)
				startAndStop(t, version, cache)
				pids = append(pids, v.cmd.Process.Pid)
				if left := leftovers(t, v.cmd.Process.Pid, cache); len(left) > 0 {
					t.Errorf("killed after %v, a later start left %v", after, left)
				}
			}
			t.Logf("killed %d times", len(pids))
		})
	}
}

func TestKilledDuringRunawayQuery(t *testing.T) {
	requireLinux(t)
	cache := privateTempDir(t)
	for _, version := range postgrestest.Versions(t) {
		v := startVictim(t, version, cache)
		v.awaitRunning(t)
		time.Sleep(50 * time.Millisecond)
		if len(processesOf(t, v.cmd.Process.Pid)) < 3 {
			t.Error("the test does not see the processes of the server")
		}
		if len(leftovers(t, v.cmd.Process.Pid, cache)) == 0 {
			t.Error("the test does not see the directories of the server")
		}
		begin := time.Now()
		v.kill(t)
		t.Logf("%q: all ended after %v", version, time.Since(begin))
		startAndStop(t, version, cache)
		if left := leftovers(t, v.cmd.Process.Pid, cache); len(left) > 0 {
			t.Errorf("a later start left %v", left)
		}
	}
}

func startAndStop(t *testing.T, version, cache string) {
	t.Helper()
	s := startServer(t, version, cache)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
}

func startServer(t *testing.T, version, cache string) *postgres.Server {
	t.Helper()
	o := postgrestest.Options(version)
	o.CacheDir = cache
	i, err := postgres.Find(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := i.Start(context.Background(), postgres.StartOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// privateTempDir is a cache directory: t.TempDir lets others write under some
// umasks.
func privateTempDir(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cache")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

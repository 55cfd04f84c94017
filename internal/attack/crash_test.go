package attack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// migvetArg makes the test binary migvet.
const migvetArg = "migvet"

func beMigvet(args []string) int {
	return cli.Main(context.Background(), cli.FromOS(), args)
}

// blows are what happens to a run at a random moment.
var blows = []struct {
	name   string
	strike func(pid int)
}{
	{"kill migvet", func(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }},
	{"interrupt migvet", func(pid int) { _ = syscall.Kill(pid, syscall.SIGINT) }},
	{"kill the server", func(pid int) { eachServer(pid, func(server int) { _ = syscall.Kill(server, syscall.SIGKILL) }) }},
	{"stop the server", func(pid int) { eachServer(pid, func(server int) { _ = syscall.Kill(server, syscall.SIGQUIT) }) }},
	{"remove the socket", func(pid int) { removeAll(pid, "s/.s.PGSQL.5432") }},
	{"remove the data", func(pid int) { removeAll(pid, "data/base") }},
}

// TestBlows strikes migvet check at random moments: MIGVET_TEST_BLOWS times, 12
// unless set. Whatever happens, it never passes, a report is whole or not there,
// no process goes on, and the next run removes what is left.
func TestBlows(t *testing.T) {
	postgrestest.Once(t)
	if runtime.GOOS != "linux" {
		skip.Here(t, "the processes are looked up in /proc")
	}
	times := 12
	if n, err := strconv.Atoi(os.Getenv("MIGVET_TEST_BLOWS")); err == nil {
		times = n
	}
	dir := trick{sql: dropName + " SELECT pg_sleep(0.2)"}.repository(t)
	begin := time.Now()
	if code, _ := runMigvet(t, dir, nil); code != 1 {
		t.Fatalf("exit status %d without a blow", code)
	}
	length := time.Since(begin)
	codes := map[string]int{}
	var pids []int
	for n := range times {
		blow := blows[n%len(blows)]
		after := time.Duration(rand.Int64N(int64(length)))
		code, pid := runMigvet(t, dir, func(pid int) {
			time.Sleep(after)
			blow.strike(pid)
		})
		codes[fmt.Sprintf("%s: %d", blow.name, code)]++
		pids = append(pids, pid)
		if code != 1 && code != 3 && code != -1 {
			t.Errorf("%s after %v: exit status %d", blow.name, after, code)
		}
		requireWhole(t, filepath.Join(dir, "report.json"), code)
		requireEnded(t, pid)
	}
	if code, _ := runMigvet(t, dir, nil); code != 1 {
		t.Errorf("exit status %d after all blows", code)
	}
	for _, pid := range pids {
		if left := directoriesOf(pid); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
	t.Logf("a run takes %v; %v", length.Round(time.Millisecond), codes)
}

// runMigvet runs migvet check while strike does its work.
func runMigvet(t *testing.T, dir string, strike func(pid int)) (code, pid int) {
	t.Helper()
	report := filepath.Join(dir, "report.json")
	if err := os.Remove(report); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, migvetArg, "check", "--since", "0001", "--timeout", "1m", "--output", "json="+report)
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if strike != nil {
		strike(cmd.Process.Pid)
	}
	_ = cmd.Wait() // its status tells
	return cmd.ProcessState.ExitCode(), cmd.Process.Pid
}

// requireWhole wants a report that is complete, and one where there was a verdict.
func requireWhole(t *testing.T, path string, code int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && code != 1 {
		return
	}
	var report struct{ Result string }
	if err == nil {
		err = json.Unmarshal(text, &report)
	}
	if err != nil || report.Result == "" || report.Result == "passed" {
		t.Errorf("exit status %d, report %v: %.200s", code, err, text)
	}
}

func requireEnded(t *testing.T, pid int) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		left := serversOf(pid)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("processes %v go on", left)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func eachServer(pid int, f func(server int)) {
	for _, server := range serversOf(pid) {
		f(server)
	}
}

// serversOf are the processes that have a directory of the run in their arguments.
func serversOf(pid int) []int {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline") // the pattern is well-formed
	var found []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), fmt.Sprintf("/migvet-%d-", pid)) {
			continue
		}
		if server, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			found = append(found, server)
		}
	}
	return found
}

func directoriesOf(pid int) []string {
	var all []string
	for _, root := range []string{"/dev/shm", os.TempDir(), "/tmp"} {
		found, _ := filepath.Glob(filepath.Join(root, fmt.Sprintf("migvet-%d-*", pid))) // the pattern is well-formed
		all = append(all, found...)
	}
	return all
}

func removeAll(pid int, name string) {
	for _, dir := range directoriesOf(pid) {
		_ = os.RemoveAll(filepath.Join(dir, name)) // it may be gone
	}
}

// Two runs at once are two runs.
func TestTwoAtOnce(t *testing.T) {
	postgrestest.Once(t)
	dirs := []string{trick{sql: dropName}.repository(t), trick{sql: dropName}.repository(t)}
	codes := make(chan int, len(dirs))
	for _, dir := range dirs {
		go func() {
			code, _ := runMigvet(t, dir, nil)
			codes <- code
		}()
	}
	for range dirs {
		if code := <-codes; code != 1 {
			t.Errorf("exit status %d", code)
		}
	}
}

// Surroundings that are unlike those of a person at a desk: it works, or says
// why not.
func TestSurroundings(t *testing.T) {
	postgrestest.Once(t)
	for name, c := range map[string]struct {
		env   []string
		umask int
	}{
		"no home":        {env: []string{"HOME=", "XDG_CACHE_HOME="}, umask: 0o022},
		"home is a file": {env: []string{"HOME=/dev/null", "XDG_CACHE_HOME="}, umask: 0o022},
		"no TMPDIR":      {env: []string{"TMPDIR=/nonexistent"}, umask: 0o022},
		"another locale": {env: []string{"LC_ALL=tr_TR.UTF-8", "LANG=de_DE"}, umask: 0o022},
		"a tight umask":  {umask: 0o077},
		"no umask":       {umask: 0},
		"PG variables":   {env: []string{"PGHOST=/nonexistent", "PGUSER=x", "PGOPTIONS=-c search_path=x", "PGPASSFILE=/nonexistent"}, umask: 0o022},
		"nothing at all": {env: []string{"-"}, umask: 0o022},
	} {
		t.Run(name, func(t *testing.T) {
			dir := trick{sql: dropName}.repository(t)
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("sh", "-c", fmt.Sprintf(`umask %03o; exec "$0" migvet check --since 0001`, c.umask), self)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), c.env...)
			if len(c.env) == 1 && c.env[0] == "-" {
				cmd.Env = []string{}
			}
			out, _ := cmd.CombinedOutput() // its status tells
			if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.Contains(string(out), dropped) {
				t.Errorf("exit status %d\n%s", code, out)
			}
		})
	}
}

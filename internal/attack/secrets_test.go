package attack_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// While SQL runs, no process that migvet has started knows what its environment
// holds, and git, which reads the base branch, has ended.
func TestSecretsDuringATrial(t *testing.T) {
	postgrestest.Once(t)
	if runtime.GOOS != "linux" {
		skip.Here(t, "the processes are looked up in /proc")
	}
	dir := t.TempDir()
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	migration := func(name, sql string) {
		if err := os.WriteFile(filepath.Join(dir, "migrations", name), []byte(sql), 0o644); err != nil {
			t.Fatal(err)
		}
		git("add", "--all")
		git("commit", "--quiet", "--message", name)
	}
	if err := os.Mkdir(filepath.Join(dir, "migrations"), 0o755); err != nil {
		t.Fatal(err)
	}
	git("init", "--quiet", "--initial-branch=main")
	migration("0001_base.sql", "CREATE TABLE people (id int);")
	git("checkout", "--quiet", "-b", "feature")
	migration("0002_slow.sql", "SELECT pg_sleep(0.5);")

	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, migvetArg, "check", "--base", "main", "--timeout", "1m")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "MIGVET_GITHUB_TOKEN=SECRETTOKEN", "AWS_SECRET_ACCESS_KEY=SECRETTOKEN")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	looks := 0
	for {
		select {
		case err := <-ended:
			if err != nil || looks < 5 {
				t.Errorf("%v after %d looks at processes with a server among them", err, looks)
			}
			return
		case <-time.After(20 * time.Millisecond):
		}
		if len(serversOf(cmd.Process.Pid)) == 0 {
			continue
		}
		looks++
		for _, pid := range descendants(cmd.Process.Pid) {
			name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid)) // it may have ended
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
			if strings.Contains(string(text), "SECRETTOKEN") || strings.TrimSpace(string(name)) == "git" {
				t.Fatalf("beside the trial runs %swith\n%s", name, strings.ReplaceAll(string(text), "\x00", "\n"))
			}
		}
	}
}

// descendants are the processes that a process started, and those that they did.
func descendants(pid int) []int {
	parents := map[int]int{}
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well-formed
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		// "PID (name) state PPID …": a name may hold anything.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if len(fields) > 1 {
			parents[child], _ = strconv.Atoi(fields[1])
		}
	}
	var found []int
	for child := range parents {
		for at := parents[child]; at > 1; at = parents[at] {
			if at == pid {
				found = append(found, child)
				break
			}
		}
	}
	return found
}

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const (
	pipe    = "MIGVET_TEST_PIPE" // what the test binary reads, as migvet or as itself
	asItIs  = "MIGVET_TEST_PLAIN"
	nobody  = 65534
	visible = "MIGVET_TEST_SECRET=in-the-environment"
)

func TestMain(m *testing.M) {
	file := os.Getenv(pipe)
	switch {
	case file == "":
		os.Exit(m.Run())
	case os.Getenv(asItIs) != "":
		_, _ = os.ReadFile(file)
	default:
		os.Args = []string{"migvet", "lint", "--all", "--config", file}
		main()
	}
}

// TestHide looks into migvet while it reads its configuration, as another
// process of its user, who is not root. A program that does not hide is looked
// into as well: that shows that looking works.
func TestHide(t *testing.T) {
	program := sharedCopy(t)
	for name, c := range map[string]struct {
		env    []string
		hidden bool
	}{
		"migvet":            {[]string{visible}, true},
		"any other program": {[]string{visible, asItIs + "=1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			pid := startReading(t, program, c.env)
			for _, file := range []string{"environ", "mem", "maps", "cwd", "fd"} {
				path := fmt.Sprintf("/proc/%d/%s", pid, file)
				cmd := exec.CommandContext(t.Context(), "sh", "-c", `ls "$0"/ >/dev/null 2>&1 || head -c 0 "$0"`, path)
				cmd.SysProcAttr = asNobody()
				if out, err := cmd.CombinedOutput(); (err != nil) != c.hidden {
					t.Errorf("reading %s: %v %s", file, err, out)
				}
			}
		})
	}
}

// asNobody gives up root, whom nothing is hidden from.
func asNobody() *syscall.SysProcAttr {
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
}

// sharedCopy copies this program to where nobody may execute it.
func sharedCopy(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "hide")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "program")
	if err := os.WriteFile(file, program, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

// startReading returns when the program has opened a pipe, from which nothing
// comes before the test is over.
func startReading(t *testing.T, program string, env []string) (pid int) {
	t.Helper()
	dir := filepath.Dir(program)
	file := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(file, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(file) })
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, append(env, pipe+"="+file, "PATH="+os.Getenv("PATH")), asNobody()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // that it was killed
	})
	var end io.Closer
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		f, err := os.OpenFile(file, os.O_WRONLY|syscall.O_NONBLOCK, 0) // fails while nobody reads
		if err == nil {
			end = f
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nobody opens the pipe: %v", err)
		}
	}
	t.Cleanup(func() { end.Close() })
	return cmd.Process.Pid
}

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	writing = "MIGVET_TEST_WRITES" // the test binary writes, as migvet or as itself
	asItIs  = "MIGVET_TEST_PLAIN"
	nobody  = 65534
	visible = "MIGVET_TEST_SECRET=in-the-environment"
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(writing) == "":
		os.Exit(m.Run())
	case os.Getenv(asItIs) != "":
		_, _ = os.Stdout.Write(make([]byte, 1<<20))
	default:
		os.Args = []string{"migvet", "rules", "--format", "json"}
		main()
	}
}

// TestHide looks into migvet while it writes, as another process of its user, who
// is not root. A program that does not hide is looked into as well: that shows
// that looking works.
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
			pid := startWriting(t, program, c.env)
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

// startWriting returns when the program has begun to write into a pipe that holds
// less than it has to say. It goes on writing until the test is over.
func startWriting(t *testing.T, program string, env []string) (pid int) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	if _, err := unix.FcntlInt(writer.Fd(), unix.F_SETPIPE_SZ, 4096); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env, cmd.SysProcAttr, cmd.Stdout = filepath.Dir(program), append(env, writing+"=1"), asNobody(), writer
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // that it was killed
	})
	writer.Close()
	if _, err := reader.Read(make([]byte, 1)); err != nil {
		t.Fatalf("nothing is written: %v", err)
	}
	return cmd.Process.Pid
}

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

const (
	behave  = "MIGVET_TEST_BEHAVE" // what the test binary is to do: hide, or not
	nobody  = 65534
	visible = "MIGVET_TEST_SECRET=in-the-environment"
)

func TestMain(m *testing.M) {
	switch os.Getenv(behave) {
	case "":
		os.Exit(m.Run())
	case "hide":
		if err := hide(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin) // until the test has looked
}

// TestHide looks into a running process as another one of its user, who may be
// neither root nor the owner of the machine.
func TestHide(t *testing.T) {
	program := sharedCopy(t)
	for _, c := range []struct {
		behaves string
		hidden  bool
	}{{"as any other program", false}, {"hide", true}} {
		t.Run(c.behaves, func(t *testing.T) {
			pid := startAs(t, program, c.behaves)
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

func startAs(t *testing.T, program, behaves string) (pid int) {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Env = []string{behave + "=" + behaves, visible}
	cmd.SysProcAttr = asNobody()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stdin.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the process: %v", err)
		}
	})
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("it says %q, %v", line, err)
	}
	return cmd.Process.Pid
}

package postgres

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestTailKeepsTheEnd(t *testing.T) {
	w := &tail{}
	for range 1000 {
		if _, err := w.Write([]byte(strings.Repeat("noise ", 100))); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write([]byte(strings.Repeat("x", 3*tailSize) + "the end\xff\n\n")); err != nil {
		t.Fatal(err)
	}
	got := w.String()
	if !strings.HasSuffix(got, "the end�") || len(got) > tailSize+3 || cap(w.bytes) > 16*tailSize {
		t.Errorf("%d bytes in %d, ending in %q", len(got), cap(w.bytes), got[len(got)-20:])
	}
}

func TestFailureHasTheLog(t *testing.T) {
	p, err := startProcess(exec.Command("/bin/sh", "-c", "echo out; echo FATAL: no >&2; exit 3"))
	if err != nil {
		t.Fatal(err)
	}
	if !p.wait(5 * time.Second) {
		t.Fatal("it does not end")
	}
	got := p.failure("server").Error()
	if got != "server: exit status 3:\nout\nFATAL: no" {
		t.Errorf("failure is %q", got)
	}
}

func TestReadStatus(t *testing.T) {
	for input, want := range map[string]string{
		``:                          "main must call postgres.Child",
		`{"Error":"no such file"}`:  "no such file",
		`{"ABI":7}{"Error":"exec"}`: "exec",
		`PASS`:                      "invalid character",
	} {
		if _, err := readStatus(strings.NewReader(input)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", input, err, want)
		}
	}
	status, err := readStatus(strings.NewReader(`{"ABI":7,"Filter":true}` + "\n"))
	if err != nil || status.ABI != 7 || !status.Filter {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestChildIgnoresOtherArguments(t *testing.T) {
	for _, args := range [][]string{nil, {"check"}, {"check", childArg}} {
		if handled, err := Child(args); handled || err != nil {
			t.Errorf("%q: %v, %v", args, handled, err)
		}
	}
	for _, args := range [][]string{{childArg}, {childArg, "{"}, {childArg, "{}", "x"}} {
		if handled, err := Child(args); !handled || err == nil {
			t.Errorf("%q: %v, %v", args, handled, err)
		}
	}
}

func TestSandboxNote(t *testing.T) {
	for _, c := range []struct {
		sandbox sandbox
		closed  bool
		note    string
	}{
		{sandbox{Note: "no Landlock"}, false, "none: no Landlock"},
		{sandbox{Note: "no Landlock", Filter: true, Memory: true}, false, "none: no Landlock"},
		{sandbox{ABI: 1, Talk: true}, false, "Landlock ABI 1, open: truncating files, signals, attributes of files, limits and priorities of processes, System V IPC, TCP, Unix sockets, UDP"},
		{sandbox{ABI: 1, Filter: true, Memory: true}, false, "Landlock ABI 1 and seccomp, open: truncating files, signals"},
		{sandbox{ABI: 4, Filter: true, Memory: true}, false, "Landlock ABI 4 and seccomp, open: signals"},
		{sandbox{ABI: 7, Filter: true, Memory: true}, true, "Landlock ABI 7 and seccomp"},
		{sandbox{ABI: 7, Filter: true}, false, "Landlock ABI 7 and seccomp, open: System V shared memory"},
		{sandbox{ABI: 7, Filter: true, Memory: true, Talk: true}, false, "Landlock ABI 7 and seccomp, open: Unix sockets, UDP"},
		{sandbox{ABI: 9}, false, "Landlock ABI 9, open: attributes of files, limits and priorities of processes, System V IPC, UDP"},
		{sandbox{ABI: 9, Filter: true, Memory: true, Talk: true}, false, "Landlock ABI 9 and seccomp, open: UDP"},
	} {
		if got := c.sandbox.closed(); got != c.closed {
			t.Errorf("%+v: closed %v", c.sandbox, got)
		}
		if got := c.sandbox.String(); got != c.note {
			t.Errorf("%+v: %q, want %q", c.sandbox, got, c.note)
		}
	}
}

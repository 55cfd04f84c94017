package attack_test

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// alwaysWorks is what testdata/others.c can do without a sandbox. The kernel may keep
// the rest from users.
var alwaysWorks = []string{
	"lower a limit", "lower a priority", "read a priority", "take processors", "read processors", "change the scheduler",
	"lower the priority of its disk", "find its session", "open it", "read its clock", "send it a signal", "queue a signal",
	"watch a directory",
	"list shared memory", "read shared memory", "write shared memory", "make shared memory", "remove shared memory",
	"send a message", "receive a message", "set a semaphore", "read a semaphore",
}

// Machine code of a superuser does nothing to other processes of its account.
func TestOtherProcesses(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run(version, func(t *testing.T) {
			s := startOwn(t, version, postgres.StartOptions{})
			if worked := runOthers(t, s); worked != "" {
				t.Errorf("it works in the sandbox:\n%s", worked)
			}
			requireNothingStays(t, s)
		})
	}
}

// Without a sandbox it does. The process that it leaves ends all the same.
func TestOtherProcessesWithoutSandbox(t *testing.T) {
	s := startOwn(t, postgrestest.One(t), postgres.StartOptions{Unconfined: true})
	worked := runOthers(t, s)
	for _, what := range alwaysWorks {
		if !strings.Contains(worked, what+"\n") {
			t.Errorf("it does not work: %s", what)
		}
	}
	requireNothingStays(t, s)
}

func startOwn(t *testing.T, version string, o postgres.StartOptions) *postgres.Server {
	t.Helper()
	i, err := postgres.Find(t.Context(), postgrestest.Options(version))
	if err != nil {
		t.Fatal(err)
	}
	s, err := i.Start(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

// runOthers loads testdata/others.c into a backend, and says what worked.
func runOthers(t *testing.T, s *postgres.Server) string {
	t.Helper()
	p := startPrey(t, askSuperuser(t, s, "SELECT current_setting('data_directory')"))
	code := compile(t, "others.c", p.defines()...)
	attack := strings.Replace(loadNative, "NATIVE", `\x`+hex.EncodeToString(code), 1)
	conn := superuser(t, s)
	if err := run(t.Context(), conn, attack); err == nil {
		t.Error("a library without a magic block was loaded")
	}
	return askSuperuser(t, s, "SELECT pg_read_file('native-worked')")
}

// prey is a process of the account of the server.
type prey struct {
	pid                      int
	memory, queue, semaphore string
	dir                      string
}

// startPrey starts one that runs as the owner of a directory.
func startPrey(t *testing.T, data string) prey {
	t.Helper()
	p := prey{dir: newTarget(t).dir}
	program := filepath.Join(p.dir, "prey")
	cc(t, "-o", program, "testdata/prey.c")
	cmd := exec.Command(program)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: ownerOf(t, data), Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err := errors.Join(err, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { endPrey(t, cmd, in) })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(line)
	p.pid, p.memory, p.queue, p.semaphore = cmd.Process.Pid, fields[0], fields[1], fields[2]
	return p
}

func endPrey(t *testing.T, cmd *exec.Cmd, in io.Closer) {
	t.Helper()
	time.AfterFunc(5*time.Second, func() { _ = cmd.Process.Kill() })
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Errorf("the other process: %v", err)
	}
}

func (p prey) defines() []string {
	return []string{"-DPREY=" + strconv.Itoa(p.pid), "-DSHM=" + p.memory, "-DMSG=" + p.queue, "-DSEM=" + p.semaphore, "-DDIR=\"" + p.dir + "\""}
}

// ownerOf is nil for our own account.
func ownerOf(t *testing.T, path string) *syscall.Credential {
	t.Helper()
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		t.Fatal(err)
	}
	if int(st.Uid) == os.Getuid() {
		return nil
	}
	return &syscall.Credential{Uid: st.Uid, Gid: st.Gid}
}

// requireNothingStays stops the server, and wants the processes that machine code has
// left to end with it.
func requireNothingStays(t *testing.T, s *postgres.Server) {
	t.Helper()
	data := askSuperuser(t, s, "SELECT current_setting('data_directory')")
	stayer := fmt.Sprintf("/proc/%s/cwd", askSuperuser(t, s, "SELECT pg_read_file('native-left')"))
	if before := workingIn(t, data); !slices.Contains(before, stayer) {
		t.Errorf("%s is not among %v", stayer, before)
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	if found := workingIn(t, data); len(found) > 0 {
		t.Errorf("processes %v go on", found)
	}
}

// workingIn are the processes whose working directory is, or was, a directory.
func workingIn(t *testing.T, dir string) []string {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil || len(links) == 0 {
		t.Fatalf("no processes in /proc: %v", err)
	}
	var found []string
	for _, link := range links {
		if cwd, err := os.Readlink(link); err == nil && strings.HasPrefix(cwd, dir) { // else it has ended
			found = append(found, link)
		}
	}
	return found
}

func superuser(t *testing.T, s *postgres.Server) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), s.Config(postgres.Superuser, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func askSuperuser(t *testing.T, s *postgres.Server, sql string) string {
	t.Helper()
	var answer string
	if err := superuser(t, s).QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return answer
}

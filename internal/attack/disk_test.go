package attack_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// underMounts runs migvet check where sh has mounted what setup says, in a
// namespace of its own: $small is an empty directory, and that of temporary files.
func underMounts(t *testing.T, setup string) (code int, out string) {
	t.Helper()
	command := unshare(t)
	dir, small := trick{sql: dropName}.repository(t), publicDir(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	script := "set -e\nsmall=$1; export TMPDIR=\"$small\"\n" + setup + "\nset +e\n" + `"$0" migvet check --since 0001; code=$?; echo "left behind: <$(ls -A "$small" /dev/shm | grep migvet)>"; exit $code`
	command = append(command, "sh", "-c", script, self, small)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	text, _ := cmd.CombinedOutput() // its status tells
	return cmd.ProcessState.ExitCode(), string(text)
}

// publicDir is one that the server's user can reach, unlike that of t.TempDir.
func publicDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "small")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// unshare begins a command in a mount namespace of its own, where a test puts a
// file system of another size into the place of one. Root on Linux may, and who may
// become root without a password. It is no reason to skip a test that this fails.
func unshare(t *testing.T) []string {
	t.Helper()
	var command []string
	if os.Geteuid() != 0 {
		command = []string{"sudo", "--non-interactive", "--set-home", "--preserve-env"}
	}
	if runtime.GOOS != "linux" || command != nil && exec.Command("sudo", "--non-interactive", "true").Run() != nil {
		skip.Here(t, "only root on Linux can mount a file system")
	}
	command = append(command, "unshare", "--mount")
	mount := slices.Concat(command, []string{"mount", "-t", "tmpfs", "tmpfs", os.TempDir()})
	if out, err := exec.Command(mount[0], mount[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("mount a file system: %v %s\nIn a container, that takes CAP_SYS_ADMIN.", err, out)
	}
	return command
}

// However early the disk is full, a run is no pass, says why, and leaves
// nothing behind.
func TestFullDisk(t *testing.T) {
	postgrestest.Once(t)
	codes := map[int]int{}
	for size := 4; size <= 64; size += 6 {
		code, out := underMounts(t, fmt.Sprintf(`mount -t tmpfs -o size=4m tmpfs /dev/shm; mount -t tmpfs -o size=%dm,mode=1777 tmpfs "$small"`, size))
		codes[code]++
		switch {
		case code == 3 && strings.Contains(out, "not tried"):
		case code == 1 && strings.Contains(out, dropped):
		default:
			t.Errorf("with %d MiB: exit status %d\n%s", size, code, out)
		}
		if !strings.Contains(out, "left behind: <>") {
			t.Errorf("with %d MiB: %s", size, out)
		}
	}
	if codes[3] == 0 || codes[1] == 0 {
		t.Errorf("exit statuses are %v: either no disk was too small, or all were", codes)
	}
}

func TestNothingToWriteTo(t *testing.T) {
	postgrestest.Once(t)
	const readOnly = `mount -t tmpfs -o ro tmpfs `
	for name, c := range map[string]struct {
		setup, want string
		code        int
	}{
		"home":               {readOnly + `"$HOME"`, dropped, 1},
		"shared memory":      {readOnly + `/dev/shm`, dropped, 1},
		"private temporary":  {`chmod 700 "$small"; ` + readOnly + `/dev/shm`, dropped, 1}, // /tmp is taken in its place
		"home and temporary": {readOnly + `"$HOME"; ` + readOnly + `/dev/shm; ` + readOnly + `"$small"`, "read-only file system", 3},
	} {
		t.Run(name, func(t *testing.T) {
			code, out := underMounts(t, c.setup)
			if code != c.code || !strings.Contains(out, c.want) {
				t.Errorf("exit status %d\n%s", code, out)
			}
		})
	}
}

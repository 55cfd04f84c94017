package postgres_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// intruderArg makes the test binary a process that races root in the directories
// of a run.
const intruderArg = "intruder"

// An intrusion puts something in the place of a file, or into it. to is a path
// that root alone can write to.
type intrusion func(file, to string) error

func replaceBy(make func(to, file string) error) intrusion {
	return func(file, to string) error { return errors.Join(os.Rename(file, file+".old"), make(to, file)) }
}

var intrusions = map[string]intrusion{
	"link":      replaceBy(os.Symlink),
	"new file":  replaceBy(func(to, file string) error { return os.Symlink(to+".new", file) }),
	"hard link": replaceBy(os.Link),
	"fifo":      replaceBy(func(_, file string) error { return syscall.Mkfifo(file, 0o600) }),
	"huge":      func(file, _ string) error { return os.Truncate(file, 1<<40) },
	"poison": func(file, _ string) error {
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_APPEND, 0)
		if err != nil {
			return err
		}
		_, err = f.WriteString("cluster_name = 'poisoned'\n")
		return errors.Join(err, f.Close())
	},
}

// beIntruder does one thing to a file of each directory that a run of the
// process pid gives to the account, as soon as the file is written, and says so.
// Its arguments are root, pid, kind, file and to.
func beIntruder(args []string) error {
	root, pid, kind, file, to := args[0], args[1], args[2], args[3], args[4]
	done := map[string]bool{}
	for {
		runs, err := filepath.Glob(filepath.Join(root, "migvet-"+pid+"-*"))
		if err != nil {
			return err
		}
		for _, run := range runs {
			// What is there cannot be listed, but is known.
			for _, dir := range []string{"data", "initdb"} {
				path := filepath.Join(run, dir, file)
				info, err := os.Lstat(path)
				if err != nil || info.Size() == 0 || done[path] {
					continue
				}
				done[path] = true
				if err := intrusions[kind](path, to); err == nil {
					fmt.Println(path)
				}
			}
		}
	}
}

// intrude starts a process of the account, and gives the paths that it got at.
func intrude(t *testing.T, kind, file, to string) (stop func() []string) {
	t.Helper()
	uid, gid, err := postgres.Account()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/proc/self/exe", intruderArg, postgres.DataRoot(), fmt.Sprint(os.Getpid()), kind, file, to)
	cmd.Dir, cmd.Stderr = "/", os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return func() (paths []string) {
		_ = cmd.Process.Kill()
		for lines := bufio.NewScanner(out); lines.Scan(); {
			paths = append(paths, lines.Text())
		}
		_ = cmd.Wait() // it was killed
		return paths
	}
}

// victims are a directory of root that others can look into, and a file there
// that they cannot read.
func victims(t *testing.T) (file string, check func()) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "victims")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	file = filepath.Join(dir, "victim")
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(file, []byte("secret"), 0o600)); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, func() {
		t.Helper()
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Errorf("root made %v, %v", entries, err)
		}
		text, err := os.ReadFile(file)
		after, statErr := os.Stat(file)
		if err := errors.Join(err, statErr); err != nil {
			t.Fatal(err)
		}
		if string(text) != "secret" || after.Mode() != before.Mode() || after.Sys().(*syscall.Stat_t).Uid != 0 {
			t.Errorf("root changed a file of its own: %q, %v", text, after)
		}
	}
}

// Where other processes of the account can get at what initdb makes, they may
// spoil that, but not lead root elsewhere, and nothing of it stays. Nothing but
// root reads pg_hba.conf before the server does.
func TestRootFollowsNobody(t *testing.T) {
	if skip.UnlessRoot(t) {
		return
	}
	for kind := range intrusions {
		t.Run(kind, func(t *testing.T) {
			file, check := victims(t)
			o := postgrestest.Options(postgrestest.One(t))
			o.CacheDir = privateTempDir(t)
			i, err := postgres.Find(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			stop := intrude(t, kind, "pg_hba.conf", file)
			s, err := i.StartShared(t.Context())
			if err == nil {
				err = s.Stop()
			}
			t.Logf("the server: %v", err)
			// Hard links are usually forbidden by fs.protected_hardlinks.
			if got := stop(); len(got) == 0 && kind != "hard link" {
				t.Error("the intruder got at nothing: the test cannot fail")
			}
			check()
			if left := templates(t, o.CacheDir); len(left) > 0 {
				t.Errorf("kept %v, which the intruder could change", left)
			}
		})
	}
}

// With ids of its own, a server has nothing to fear from others of the account.
func TestAloneIsOutOfReach(t *testing.T) {
	if skip.UnlessRoot(t) {
		return
	}
	cache := privateTempDir(t)
	for _, kind := range []string{"poison", "link"} {
		victim, check := victims(t)
		stop := intrude(t, kind, "postgresql.conf", victim)
		s := startServer(t, postgrestest.One(t), cache)
		uid, _, err := postgres.Account()
		if err != nil {
			t.Fatal(err)
		}
		dir := ask(t, connect(t, s, postgres.Superuser, ""), "SHOW data_directory")
		if info, err := os.Stat(dir); err != nil || int(info.Sys().(*syscall.Stat_t).Uid) == uid {
			skip.Here(t, "there are no user namespaces here")
		}
		if got := ask(t, connect(t, s, postgres.Superuser, ""), "SHOW cluster_name"); got != "" {
			t.Errorf("%s: the server is %s", kind, got)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		if got := stop(); len(got) > 0 {
			t.Errorf("%s: the intruder got at %v", kind, got)
		}
		check()
		if got := templates(t, cache); len(got) != 1 {
			t.Errorf("the cache has %v", got)
		}
	}
	err := filepath.WalkDir(cache, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".conf") {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), "poisoned") {
			t.Errorf("%s is poisoned", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

package postgres

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// selfPath needs no permission on the directories above the program, which
// the account of the server may lack.
func selfPath() (string, error) { return "/proc/self/exe", nil }

// Until become has set the death signal of its own, the kernel kills.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// become turns this process into a program of PostgreSQL. It returns only when
// that fails.
func become(spec childSpec) error {
	// Death signal, no_new_privs and Landlock belong to the thread, and the
	// thread that calls execve is the one that stays.
	runtime.LockOSThread()
	unix.CloseOnExec(statusFile)
	status := os.NewFile(statusFile, "status")
	report, err := confine(spec)
	if err == nil {
		err = json.NewEncoder(status).Encode(report)
	}
	if err == nil {
		err = unix.Exec(spec.Path, append([]string{spec.Path}, spec.Args...), spec.Env)
		err = fmt.Errorf("execute %s: %w", spec.Path, err)
	}
	if report := json.NewEncoder(status).Encode(childStatus{Error: err.Error()}); report != nil {
		return errors.Join(err, report)
	}
	return err
}

func confine(spec childSpec) (childStatus, error) {
	if err := changeIdentity(spec.Account); err != nil {
		return childStatus{}, err
	}
	// Only now: changing the identity clears the death signal.
	if err := dieWith(spec.Parent, spec.deathSignal()); err != nil {
		return childStatus{}, err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return childStatus{}, fmt.Errorf("no_new_privs: %w", err)
	}
	if spec.Confine == nil {
		return childStatus{Note: "not asked for"}, nil
	}
	if err := limitResources(spec.Confine); err != nil {
		return childStatus{}, err
	}
	return restrict(spec.Confine)
}

func restrict(c *confinement) (childStatus, error) {
	abi, note, err := restrictFiles(c)
	if err != nil {
		return childStatus{}, err
	}
	filtered, err := denyCalls(c.Talk)
	return childStatus{ABI: abi, Note: note, Filter: filtered && !c.Talk}, err
}

func changeIdentity(id *identity) error {
	if id == nil {
		return nil
	}
	if err := syscall.Setgroups(nil); err != nil {
		return fmt.Errorf("setgroups: %w", err)
	}
	if err := syscall.Setresgid(id.GID, id.GID, id.GID); err != nil {
		return fmt.Errorf("setresgid %d: %w", id.GID, err)
	}
	if err := syscall.Setresuid(id.UID, id.UID, id.UID); err != nil {
		return fmt.Errorf("setresuid %d: %w", id.UID, err)
	}
	return nil
}

func (s childSpec) deathSignal() syscall.Signal {
	if s.Kill {
		return unix.SIGKILL
	}
	return unix.SIGQUIT
}

// dieWith asks for a signal when the parent dies; see prctl(2), PR_SET_PDEATHSIG.
func dieWith(parent int, signal syscall.Signal) error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(signal), 0, 0, 0); err != nil {
		return fmt.Errorf("death signal: %w", err)
	}
	if os.Getppid() != parent {
		return errors.New("the parent died first")
	}
	return nil
}

func limitResources(c *confinement) error {
	limits := []struct {
		name     string
		resource int
		max      uint64
	}{
		{"core", unix.RLIMIT_CORE, 0},
		{"fsize", unix.RLIMIT_FSIZE, c.MaxFile},
		{"as", unix.RLIMIT_AS, c.MaxMemory},
	}
	for _, l := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(l.resource, &now); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
		limit := min(l.max, now.Max)
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("limit %s: %w", l.name, err)
		}
	}
	return nil
}

// killChildren kills the backends of a server that is about to be killed
// itself: nobody could end them afterwards.
func killChildren(pid int) {
	p := strconv.Itoa(pid)
	list, err := os.ReadFile(filepath.Join("/proc", p, "task", p, "children"))
	if err != nil {
		return // the server has just ended
	}
	for _, field := range strings.Fields(string(list)) {
		if child, err := strconv.Atoi(field); err == nil && child > 1 {
			_ = unix.Kill(child, unix.SIGKILL) // it may have ended
		}
	}
}

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

// childAttributes ask for no death signal: it would stay with the first thread, beside
// the one that dieWith sets for another, and kill a guard that has to end its server.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// clientAttributes are for a program that is not ours: the kernel kills it when we die.
func clientAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
}

// become turns this process into a program of PostgreSQL, or into the guard of a
// server. The former returns only when that fails.
func become(spec childSpec) error {
	// Death signal, no_new_privs and Landlock belong to the thread, and the
	// thread that calls execve is the one that stays.
	runtime.LockOSThread()
	unix.CloseOnExec(statusFile)
	status := os.NewFile(statusFile, "status")
	if !spec.Kill && !spec.Guarded {
		return runGuard(spec, status)
	}
	report, memory, err := confine(spec)
	if err == nil {
		err = sendStatus(status, report, memory)
	}
	if err == nil {
		err = unix.Exec(spec.Path, append([]string{spec.Path}, spec.Args...), spec.Env)
		err = fmt.Errorf("execute %s: %w", spec.Path, err)
	}
	return errors.Join(err, json.NewEncoder(status).Encode(childStatus{Error: err.Error()}))
}

// sendStatus sends the status, and the file of callDenial if there is one.
func sendStatus(to *os.File, status childStatus, memory *os.File) error {
	if memory == nil {
		return json.NewEncoder(to).Encode(status)
	}
	encoded, err := json.Marshal(status)
	if err != nil {
		return err
	}
	return unix.Sendmsg(int(to.Fd()), encoded, unix.UnixRights(int(memory.Fd())), nil, 0)
}

// confine takes rights from this process. The file is callDenial.memory.
func confine(spec childSpec) (childStatus, *os.File, error) {
	if err := changeIdentity(spec.Account); err != nil {
		return childStatus{}, nil, err
	}
	// Only now: changing the identity clears the death signal.
	if err := dieWith(spec.Parent, spec.deathSignal()); err != nil {
		return childStatus{}, nil, err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return childStatus{}, nil, fmt.Errorf("no_new_privs: %w", err)
	}
	if spec.Confine == nil {
		return childStatus{Note: "not asked for"}, nil, nil
	}
	if err := limitResources(spec.Confine); err != nil {
		return childStatus{}, nil, err
	}
	return restrict(spec.Confine)
}

func restrict(c *confinement) (childStatus, *os.File, error) {
	abi, note, err := restrictFiles(c)
	if err != nil {
		return childStatus{}, nil, err
	}
	denial, err := denyCalls(c.Talk)
	return childStatus{ABI: abi, Note: note, Filter: denial.filter, Talk: c.Talk, Memory: denial.memory != nil}, denial.memory, err
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

// killChildren kills what a process has started, before it is killed itself.
func killChildren(pid int) {
	for _, child := range childrenOf(pid) {
		_ = unix.Kill(child, unix.SIGKILL) // it may have ended
	}
}

// childrenOf are the processes that threads of a process have started, and the
// orphans that it was given.
func childrenOf(pid int) []int {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid)) // the pattern is well-formed
	var children []int
	for _, list := range lists {
		text, _ := os.ReadFile(list) // the thread may have ended
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil && child > 1 {
				children = append(children, child)
			}
		}
	}
	return children
}

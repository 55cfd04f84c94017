package postgres

import (
	"errors"
	"io/fs"
	"syscall"
)

var errWindows = errors.New("migvet does not start PostgreSQL on Windows; give it a server (--database-url), or only lint (migvet lint, in the Action trial: false)")

func platformSupported() error { return errWindows }

func selfPath() (string, error) { return "", errWindows }

func childAttributes() *syscall.SysProcAttr { return nil }

func clientAttributes() *syscall.SysProcAttr { return nil }

func become(childSpec) error { return errWindows }

func killChildren(int) {}

func (a account) credential() *syscall.SysProcAttr { return nil }

func onlyNameOf(fs.FileInfo, account) bool { return true }

func mayEnter(fs.FileInfo, account) bool { return true }

func freeSpace(string) uint64 { return 0 }

const (
	quitSignal = syscall.SIGTERM
	killSignal = syscall.SIGKILL
)

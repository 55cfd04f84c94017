package postgres

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"

	"github.com/migvet/migvet/internal/rundir"
)

// Ids that nobody has: systemd gives none of these out, and neither do the
// ranges of directory services. https://systemd.io/UIDS-GIDS/
const (
	firstLoneID = 0x7800_0000
	loneIDs     = 0x0700_0000
)

// alone gives an account of root's choice ids that no other process has, so that
// none can reach into its files and processes. initdb insists on a user with a
// name: in a user namespace, the ids stand for the account. Where the kernel or
// a container gives us no namespace, it stays the account it is.
func (a account) alone() account {
	if !a.other || !executableForRoot("/proc/self/exe") {
		return a
	}
	id := firstLoneID + rand.IntN(loneIDs)
	lone := account{uid: id, gid: id, other: true, name: &identity{UID: a.uid, GID: a.gid}}
	// The namespace is made and its ids are set before the program is looked for.
	try := exec.Cmd{Path: "/nonexistent", SysProcAttr: lone.attributes(nil)}
	if err := try.Start(); !errors.Is(err, fs.ErrNotExist) {
		return a
	}
	return lone
}

// attributes adds to attr the user namespace in which a process can become the account.
func (a account) attributes(attr *syscall.SysProcAttr) *syscall.SysProcAttr {
	if a.name == nil {
		return attr
	}
	if attr == nil {
		attr = &syscall.SysProcAttr{}
	}
	attr.Cloneflags |= syscall.CLONE_NEWUSER
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: a.name.UID, HostID: a.uid, Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: 0, Size: 1}, {ContainerID: a.name.GID, HostID: a.gid, Size: 1}}
	attr.GidMappingsEnableSetgroups = true
	return attr
}

// executableForRoot reports whether root can execute a program in a namespace
// where it has no power over the files of others.
func executableForRoot(path string) bool {
	info, err := os.Stat(path)
	return err == nil && (info.Mode().Perm()&0o001 != 0 || rundir.OwnedByUs(info) && info.Mode().Perm()&0o100 != 0)
}

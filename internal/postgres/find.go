package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/program"
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
	return i.fetched.Remove()
}

// Find looks for PostgreSQL where o allows it, in this order: o.BinDir alone if
// given, then what is installed (PG_CONFIG, PATH, PGBIN and the directories
// distributions use), then what was fetched before, then the npm registry.
func Find(ctx context.Context, o Options) (*Installation, error) {
	if err := platformSupported(); err != nil {
		return nil, err
	}
	if err := CheckWanted(o.Version); err != nil {
		return nil, err
	}
	o = o.settled()
	if o.BinDir != "" {
		return o.useBinDir(ctx)
	}
	if found := o.all(ctx, o.installed(ctx)); len(found) > 0 {
		return found[0], nil
	}
	for _, c := range o.cached() {
		if i := o.try(ctx, c); i != nil {
			return i, nil
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !o.Fetch {
		return nil, o.notFound()
	}
	return o.fetch(ctx)
}

// CheckWanted returns an error unless a run may ask for a major version; 0 asks for
// none. It lets pass what is newer than all that migvet knows: who pinned a server of
// their own by its version gets it.
func CheckWanted(major int) error {
	if major == 0 || major > KnownMajor && major < 100 {
		return nil
	}
	return CheckMajor(major)
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
	if err := program.Check(executablePath(dir, "postgres"), o.outside()...); err != nil {
		return nil, fmt.Errorf("%w; copy it elsewhere", err)
	}
	i, err := o.probe(ctx, candidate{dir: dir, source: "--postgres-bin"})
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
type candidate struct {
	dir, source string
	pin         *pin // what it was unpacked from, if we did that
}

// all are the suitable installations, newest first, the earlier in the list
// before its equals.
func (o Options) all(ctx context.Context, candidates []candidate) []*Installation {
	var found []*Installation
	seen := map[string]bool{}
	for _, c := range candidates {
		if seen[c.dir] {
			continue
		}
		seen[c.dir] = true
		if i := o.try(ctx, c); i != nil {
			found = append(found, i)
		}
	}
	slices.SortStableFunc(found, func(a, b *Installation) int { return cmp.Compare(b.Major, a.Major) })
	return found
}

// try returns nil unless the candidate is a suitable installation. A broken one is
// passed over: another one may do.
func (o Options) try(ctx context.Context, c candidate) *Installation {
	if !isBinDir(c.dir) || checkReachable(c.dir) != nil {
		return nil
	}
	if err := o.mayRun(c); err != nil {
		o.log("PostgreSQL in %s is passed over: %v", c.dir, err)
		return nil
	}
	i, err := o.probe(ctx, c)
	if err != nil || !o.suits(i) {
		return nil
	}
	return i
}

// mayRun says why a candidate must not even be asked for its version.
func (o Options) mayRun(c candidate) error {
	for _, name := range serverPrograms {
		path := executablePath(c.dir, name)
		if err := errors.Join(program.Check(path, o.outside()...), onlyRoots(path)); err != nil {
			return err
		}
	}
	if c.pin != nil {
		return c.pin.verify(filepath.Dir(c.dir))
	}
	return nil
}

func (o Options) suits(i *Installation) bool {
	if o.Version != 0 {
		return i.Major == o.Version
	}
	return i.Major >= OldestMajor
}

func (o Options) probe(ctx context.Context, c candidate) (*Installation, error) {
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	version, major, err := askVersion(ctx, c.dir, a)
	if err != nil {
		return nil, err
	}
	return &Installation{BinDir: c.dir, Major: major, Version: version, Source: c.source, options: o}, nil
}

// serverPrograms are the programs of PostgreSQL that migvet runs.
var serverPrograms = []string{"postgres", "initdb"}

func isBinDir(dir string) bool {
	for _, name := range serverPrograms {
		info, err := os.Stat(executablePath(dir, name))
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
	if dir, err := o.pgConfigBinDir(ctx); err == nil {
		list = append(list, candidate{dir: dir, source: "PG_CONFIG"})
	}
	for _, dir := range filepath.SplitList(o.getenv("PATH")) {
		// A relative entry of PATH would be taken from the repository under
		// review.
		if filepath.IsAbs(dir) {
			list = append(list, candidate{dir: filepath.Clean(dir), source: "PATH"})
		}
	}
	if dir := o.getenv("PGBIN"); filepath.IsAbs(dir) {
		list = append(list, candidate{dir: filepath.Clean(dir), source: "PGBIN"})
	}
	for _, pattern := range installDirs {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			continue // only a malformed pattern
		}
		for _, dir := range dirs {
			list = append(list, candidate{dir: dir, source: dir})
		}
	}
	return list
}

// pgConfigBinDir asks the pg_config program that build tools are pointed to.
func (o Options) pgConfigBinDir(ctx context.Context) (string, error) {
	pgConfig := o.getenv("PG_CONFIG")
	if !filepath.IsAbs(pgConfig) {
		return "", errors.New("PG_CONFIG is no absolute path")
	}
	if err := errors.Join(program.Check(pgConfig, o.outside()...), onlyRoots(pgConfig)); err != nil {
		o.log("PG_CONFIG is passed over: %v", err)
		return "", err
	}
	a, err := serverAccount()
	if err != nil {
		return "", err
	}
	out, err := a.output(ctx, pgConfig, "--bindir")
	if err != nil {
		return "", err
	}
	dir := strings.TrimSpace(out)
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("%s --bindir printed %.80q", pgConfig, dir)
	}
	return filepath.Clean(dir), nil
}

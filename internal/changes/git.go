// Package changes finds the commit that a branch is compared with, and reads
// its tree. What is compared is always the working tree, so that uncommitted
// and untracked files count.
package changes

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// waitAfterKill is how long output is awaited of children that git left behind.
const waitAfterKill = 2 * time.Second

// command prepares git. It is the only function that starts it: with a git
// directory of our own, which has the checkout's commits and none of its settings,
// and with a list of variables instead of our environment.
func (r *repository) command(ctx context.Context, args ...string) *exec.Cmd {
	settings := []string{"--no-pager", "--git-dir=" + r.private, "-c", "safe.bareRepository=explicit"}
	cmd := exec.CommandContext(ctx, r.program, slices.Concat(settings, args)...)
	cmd.WaitDelay = waitAfterKill
	cmd.Dir = r.top // relative addresses of origin count from there
	cmd.Env = slices.Clone(r.env)
	return cmd
}

// runGit runs git, whose errors then hold its own words.
func runGit(cmd *exec.Cmd, name string) ([]byte, error) {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.Bytes(), fmt.Errorf("git %s: %w%s", name, err, gitComplaint(stderr.String()))
	}
	return stdout.Bytes(), nil
}

// git returns what git writes. Its error holds git's own words.
func (r *repository) git(ctx context.Context, args ...string) ([]byte, error) {
	return runGit(r.command(ctx, args...), args[0])
}

// gitComplaint returns the line in which git says what is wrong: the fatal one,
// else the last one.
func gitComplaint(stderr string) string {
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
func (r *repository) line(ctx context.Context, args ...string) string {
	out, err := r.git(ctx, args...)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(out), "\n")
}

// commit returns the hash of the commit that a revision means; "" when there
// is no such commit here.
func (r *repository) commit(ctx context.Context, revision string) string {
	return r.line(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
}

// shallow reports whether history ends somewhere on the way: git lists where in a
// file, which is there in shallow clones only.
// https://git-scm.com/docs/gitrepository-layout#Documentation/gitrepository-layout.txt-shallow
func (r *repository) shallow(context.Context) bool {
	_, err := os.Stat(filepath.Join(r.common, "shallow"))
	return err == nil
}

// parents reads the parents of a commit from the commit itself, which tells
// them even where a shallow clone does not have them.
func (r *repository) parents(ctx context.Context, commit string) ([]string, error) {
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
func (r *repository) originHead(ctx context.Context) string {
	branch, ok := strings.CutPrefix(r.line(ctx, "symbolic-ref", "--quiet", originBranch+"HEAD"), originBranch)
	if !ok {
		return ""
	}
	return branch
}

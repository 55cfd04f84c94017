package changes

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

// fetchTime bounds one call to the remote.
const fetchTime = 2 * time.Minute

// deeperDepth is the way out of a clone that is too shallow.
const deeperDepth = "give actions/checkout `with: {fetch-depth: 0}`, or run git fetch --unshallow"

// fetchDepths is how much history is fetched, step by step, to find a merge base.
var fetchDepths = []int{50, 200, 1000}

// A clone is a repository that git has here.
type clone struct {
	*repository
	head string // the commit that is checked out
}

// fetch gets objects from origin. Where the clone is shallow it stays shallow;
// a complete one stays complete.
func (c clone) fetch(ctx context.Context, depth int, refs ...string) error {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	args := []string{"fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"}
	if c.shallow(ctx) {
		args = append(args, fmt.Sprintf("--depth=%d", depth))
	}
	cmd := c.command(ctx, append(append(args, "origin"), refs...)...)
	cmd.Env = append(cmd.Env, c.credentials(ctx)...)
	if _, err := runGit(cmd, "fetch"); err != nil {
		return err
	}
	return c.completed()
}

// completed hands on that the clone has all of its history now. git writes the list
// of where it ends through our link, but removes the link instead of the list.
func (c clone) completed() error {
	_, err := os.Lstat(filepath.Join(c.private, "shallow"))
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Remove(filepath.Join(c.common, "shallow")); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// credentials are variables for a fetch alone, so that no other process has them.
func (c clone) credentials(ctx context.Context) []string {
	if c.token != nil {
		return c.token
	}
	return c.persistedCredentials(ctx)
}

// available makes sure that a commit is here.
func (c clone) available(ctx context.Context, commit string) error {
	if !isHash(commit) {
		return fmt.Errorf("%q is not a commit", commit)
	}
	if c.commit(ctx, commit) != "" {
		return nil
	}
	if err := c.fetch(ctx, 1, commit); err != nil {
		return fmt.Errorf("fetching the base commit %s: %w; %s", shortHash(commit), err, deeperDepth)
	}
	return nil
}

// isHash tells complete SHA-1 and SHA-256 hashes.
func isHash(s string) bool {
	hex := strings.Trim(s, "0123456789abcdef") == ""
	return hex && (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0") != ""
}

// errSilent is about an origin that does not answer, or not us.
var errSilent = errors.New("origin could not be asked")

// noSuchRef is how git begins to say that origin has no such branch or tag.
const noSuchRef = "couldn't find remote ref"

// fetchRef gets the newest commit of a branch or tag of origin, by its full name;
// "" when there is none, errSilent when nobody can tell.
func (c clone) fetchRef(ctx context.Context, ref string) (string, error) {
	if checkRef(ref) != nil || strings.ContainsAny(ref, ":*?[^~\\") {
		return "", nil
	}
	local := ref
	if branch, ok := strings.CutPrefix(ref, localBranch); ok {
		local = originBranch + branch
	}
	if err := c.fetch(ctx, 1, "+"+ref+":"+local); err != nil {
		if strings.Contains(err.Error(), noSuchRef) {
			return "", nil
		}
		return "", fmt.Errorf("%w: %w", errSilent, err)
	}
	return c.commit(ctx, local), nil
}

// mergeBase returns the commit where HEAD left the history of tip, fetching
// more of a shallow history as needed; "" when the two share none.
func (c clone) mergeBase(ctx context.Context, tip string) (string, error) {
	for _, depth := range fetchDepths {
		commit, err := c.knownMergeBase(ctx, tip)
		if commit != "" || err != nil || !c.shallow(ctx) {
			return commit, err
		}
		if err := c.fetch(ctx, depth, tip, c.head); err != nil {
			return "", fmt.Errorf("looking for the merge base of HEAD in a shallow clone: %w; %s", err, deeperDepth)
		}
	}
	commit, err := c.knownMergeBase(ctx, tip)
	if commit == "" && err == nil && c.shallow(ctx) {
		err = fmt.Errorf("no common commit of HEAD and %s among the last %d; %s", shortHash(tip), fetchDepths[len(fetchDepths)-1], deeperDepth)
	}
	return commit, err
}

func (c clone) knownMergeBase(ctx context.Context, tip string) (string, error) {
	out, err := c.git(ctx, "merge-base", tip, c.head)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		return "", nil
	}
	return strings.TrimSpace(string(out)), err
}

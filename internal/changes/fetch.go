package changes

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// fetchTime bounds one call to the remote.
const fetchTime = 2 * time.Minute

// deeper is the way out of a clone that is too shallow.
const deeper = "give actions/checkout `with: {fetch-depth: 0}`, or run git fetch --unshallow"

// depths is how much history is fetched, step by step, to find a merge base.
var depths = []int{50, 200, 1000}

// A clone is a repository that git has here.
type clone struct {
	repository
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
	_, err := c.git(ctx, append(append(args, "origin"), refs...)...)
	return err
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
		return fmt.Errorf("fetching the base commit %s: %w; %s", short(commit), err, deeper)
	}
	return nil
}

// isHash tells complete SHA-1 and SHA-256 hashes.
func isHash(s string) bool {
	hex := strings.Trim(s, "0123456789abcdef") == ""
	return hex && (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0") != ""
}

// fetchBranch gets the newest commit of a branch of origin; "" when it cannot,
// since git does not tell a branch that is not there from an origin that is not.
func (c clone) fetchBranch(ctx context.Context, branch string) (string, error) {
	if checkRef(branch) != nil || strings.ContainsAny(branch, ":*?[^~\\") {
		return "", nil
	}
	if err := c.fetch(ctx, 1, "+refs/heads/"+branch+":refs/remotes/origin/"+branch); err != nil {
		return "", nil
	}
	return c.commit(ctx, "refs/remotes/origin/"+branch), nil
}

// mergeBase returns the commit where HEAD left the history of tip, fetching
// more of a shallow history as needed; "" when the two share none.
func (c clone) mergeBase(ctx context.Context, tip string) (string, error) {
	for _, depth := range depths {
		commit, err := c.knownMergeBase(ctx, tip)
		if commit != "" || err != nil || !c.shallow(ctx) {
			return commit, err
		}
		if err := c.fetch(ctx, depth, tip, c.head); err != nil {
			return "", fmt.Errorf("looking for the merge base of HEAD in a shallow clone: %w; %s", err, deeper)
		}
	}
	commit, err := c.knownMergeBase(ctx, tip)
	if commit == "" && err == nil && c.shallow(ctx) {
		err = fmt.Errorf("no common commit of HEAD and %s among the last %d; %s", short(tip), depths[len(depths)-1], deeper)
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

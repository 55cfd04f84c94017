package changes

import (
	"context"
	"fmt"
	"strings"
)

const (
	localBranch  = "refs/heads/"
	originBranch = "refs/remotes/origin/"
	otherRemote  = "refs/remotes/"
	tagPrefix    = "refs/tags/"
)

// named is the base of --base: where the branch left REF, so that what REF has
// gained since does not count as deleted.
func (f finder) named(ctx context.Context, ref string) (*Base, error) {
	if err := checkRef(ref); err != nil {
		return nil, fmt.Errorf("--base: %w", err)
	}
	tip, err := f.resolve(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("--base %s: %w", ref, err)
	}
	if tip == "" {
		return nil, fmt.Errorf("--base: there is no commit %q here, and origin has no such branch; fetch it first", ref)
	}
	commit, err := f.mergeBase(ctx, tip)
	if err != nil {
		return nil, fmt.Errorf("--base %s: %w", ref, err)
	}
	if commit == "" {
		return f.base(tip, ref, ref+", which shares no history with HEAD"), nil
	}
	return f.base(commit, ref, "where the branch left "+ref), nil
}

// resolve finds a revision here, or as a branch of origin. git itself would take a
// tag "main", or a tag or branch "origin/main", for the branch: whoever may push
// tags could choose the base.
func (f finder) resolve(ctx context.Context, ref string) (string, error) {
	name, steps := cutSteps(ref)
	branch, err := f.branch(ctx, name)
	if err != nil {
		return "", err
	}
	for _, full := range []string{branch, hashOnly(name), tagPrefix + name} {
		if full == "" {
			continue
		}
		if commit := f.commit(ctx, full+steps); commit != "" {
			return commit, nil
		}
	}
	if steps != "" || !f.shallow(ctx) {
		return "", nil
	}
	return f.fetchNamed(ctx, name)
}

// fetchNamed asks origin for what a shallow clone lacks: a branch before a tag.
func (f finder) fetchNamed(ctx context.Context, name string) (string, error) {
	if isHash(name) {
		return name, f.available(ctx, name)
	}
	tip, err := f.fetchRef(ctx, localBranch+strings.TrimPrefix(name, "origin/"))
	if tip != "" {
		return tip, nil
	}
	if tagged, tagErr := f.fetchRef(ctx, tagPrefix+name); tagErr == nil && tagged != "" {
		return tagged, nil
	}
	return "", err
}

// branch returns the full name of a branch, "" when there is none. In CI, where
// nobody looks at what was taken, a tag of that name elsewhere is an error.
func (f finder) branch(ctx context.Context, name string) (string, error) {
	for _, full := range f.branchNames(name) {
		commit := f.commit(ctx, full)
		if commit == "" {
			continue
		}
		if name == full {
			return full, nil
		}
		if other := f.commit(ctx, tagPrefix+name); f.ci && other != "" && other != commit {
			return "", fmt.Errorf("%s is a branch (%s) and a tag (%s); write %s for the branch, or %s%s for the tag", name, shortHash(commit), shortHash(other), full, tagPrefix, name)
		}
		return full, nil
	}
	return "", nil
}

// branchNames are the full names that a short one may stand for, the likeliest
// first: on a developer's machine "main" is the local branch, in CI, which keeps
// clones, origin's.
func (f finder) branchNames(name string) []string {
	switch short, ofOrigin := strings.CutPrefix(name, "origin/"); {
	case name == "HEAD" || strings.HasPrefix(name, "refs/"):
		return []string{name}
	case ofOrigin:
		return []string{originBranch + short}
	case f.ci:
		return []string{originBranch + name, localBranch + name, otherRemote + name}
	default:
		return []string{localBranch + name, originBranch + name, otherRemote + name}
	}
}

// cutSteps parts a name from the steps that lead from it to another commit:
// "main~2" is main and "~2".
func cutSteps(ref string) (name, steps string) {
	at := strings.IndexAny(ref, "~^@:")
	if at < 0 {
		return ref, ""
	}
	return ref[:at], ref[at:]
}

// hashOnly returns what may be a hash or the beginning of one, as git
// abbreviates them to no less than four digits.
func hashOnly(name string) string {
	if len(name) < 4 || strings.Trim(name, "0123456789abcdef") != "" {
		return ""
	}
	return name
}

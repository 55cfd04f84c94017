package changes

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// ErrNoBase says that nothing tells what to compare with.
var ErrNoBase = errors.New("nothing tells what this branch is compared with; pass --base REF, --since VERSION or --all")

// Options says where to look for the base. Nothing is read from the process
// itself.
type Options struct {
	Dir      string                       // the repository's root
	Ref      string                       // --base; "" looks for itself
	Getenv   func(string) string          // GITHUB_EVENT_NAME, GITHUB_EVENT_PATH …
	ReadFile func(string) ([]byte, error) // reads the event

	// Token is what origin is asked for commits with, when it is on Server, as in
	// "https://github.com"; "" for what git knows itself.
	Token, Server string

	// Kept is the directory that Keep wrote; "" where git finds the base.
	Kept string
}

// credentials are settings of git that send the token to its server, and to no
// other. In the environment they are in no list of processes.
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
func (o Options) credentials() []string {
	if o.Token == "" || o.Server == "" {
		return nil
	}
	basic := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + o.Token))
	return []string{
		"GIT_CONFIG_COUNT=1",
		"GIT_CONFIG_KEY_0=http." + strings.TrimSuffix(o.Server, "/") + "/.extraheader",
		"GIT_CONFIG_VALUE_0=AUTHORIZATION: basic " + basic,
	}
}

// A Base is the commit that the working tree is compared with.
type Base struct {
	Commit string // full hash
	Branch string // how people call it: "main"; a hash when nobody does
	Reason string // why this commit, in words

	repository *repository // that has the commit; nil when it was kept
	kept       *kept
}

// String names the base in one phrase: "main (1a2b3c4)".
func (b *Base) String() string {
	if strings.HasPrefix(b.Commit, b.Branch) {
		return short(b.Commit)
	}
	return fmt.Sprintf("%s (%s)", b.Branch, short(b.Commit))
}

func short(commit string) string { return commit[:min(len(commit), 7)] }

// Find returns the base: of --base, else of the GitHub event, else the merge
// base of HEAD and the default branch. The error is ErrNoBase when none of
// them says anything. Commits that a shallow clone lacks are fetched from
// origin. A base that an earlier process kept is the base.
func Find(ctx context.Context, o Options) (*Base, error) {
	if o.Kept != "" {
		return openKept(o.Kept, o.Dir)
	}
	c := clone{repository: repository{dir: o.Dir, ci: o.Getenv("CI") != "", credentials: o.credentials()}}
	c.head = c.commit(ctx, "HEAD")
	if c.head == "" {
		return nil, c.noCommit(ctx)
	}
	base, err := finder{history: c, head: c.head, ci: c.ci}.find(ctx, o)
	if base != nil {
		base.repository = &c.repository
	}
	return base, err
}

// noCommit says why there is no HEAD.
func (c clone) noCommit(ctx context.Context) error {
	_, err := c.root(ctx)
	switch {
	case errors.Is(err, ErrNoRepository):
		return fmt.Errorf("%w, so nothing tells what is new; pass --since VERSION or --all", err)
	case err != nil:
		return err
	default:
		return fmt.Errorf("the repository has no commit yet: %w", ErrNoBase)
	}
}

// A history knows commits: a clone, or what a Remote tells.
type history interface {
	commit(ctx context.Context, revision string) string // its hash; "" when it is not here
	parents(ctx context.Context, commit string) ([]string, error)
	available(ctx context.Context, commit string) error             // makes sure that it is here
	shallow(ctx context.Context) bool                               // tells whether origin has more
	originHead(ctx context.Context) string                          // its default branch; "" when unknown
	fetchBranch(ctx context.Context, branch string) (string, error) // its newest commit on origin; "" when there is no such branch
	mergeBase(ctx context.Context, tip string) (string, error)      // of HEAD; "" when there is none
}

type finder struct {
	history
	head string // the commit that is checked out
	ci   bool
}

func (f finder) find(ctx context.Context, o Options) (*Base, error) {
	if o.Ref != "" {
		return f.named(ctx, o.Ref)
	}
	e, err := readEvent(o)
	if err != nil {
		return nil, err
	}
	if base, err := f.ofEvent(ctx, e); base != nil || err != nil {
		return base, err
	}
	return f.ofDefaultBranch(ctx, e)
}

func (f finder) base(commit, branch, reason string) *Base {
	return &Base{Commit: commit, Branch: branch, Reason: reason}
}

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

// resolve finds a revision here, or as a branch of origin.
func (f finder) resolve(ctx context.Context, ref string) (string, error) {
	for _, name := range []string{ref, "refs/remotes/origin/" + ref} {
		if commit := f.commit(ctx, name); commit != "" {
			return commit, nil
		}
	}
	if !f.shallow(ctx) {
		return "", nil
	}
	return f.fetchBranch(ctx, strings.TrimPrefix(ref, "origin/"))
}

// ofDefaultBranch is the merge base of HEAD and the remote's default branch,
// or the local one where there is no remote.
func (f finder) ofDefaultBranch(ctx context.Context, e *event) (*Base, error) {
	branch, tip, err := f.defaultBranch(ctx, e)
	if err != nil {
		return nil, err
	}
	if tip == "" {
		return nil, ErrNoBase
	}
	commit, err := f.mergeBase(ctx, tip)
	if err != nil {
		return nil, err
	}
	if commit == "" || e.name != "" && commit == f.head {
		return nil, ErrNoBase
	}
	return f.base(commit, branch, "where the branch left "+branch), nil
}

func (f finder) defaultBranch(ctx context.Context, e *event) (branch, tip string, err error) {
	const remote = "refs/remotes/origin/"
	branches := []string{e.Repository.DefaultBranch}
	if head := f.originHead(ctx); head != "" {
		branches = append(branches, head)
	}
	branches = append(branches, "main", "master")
	for _, b := range branches {
		if checkRef(b) != nil {
			continue
		}
		if tip := f.commit(ctx, remote+b); tip != "" {
			return b, tip, nil
		}
	}
	if b := branches[0]; checkRef(b) == nil && f.shallow(ctx) {
		tip, err := f.fetchBranch(ctx, b)
		return b, tip, err
	}
	for _, b := range []string{"main", "master"} {
		// On the local branch itself, what is not committed is new. Nothing is
		// uncommitted in CI, where that would be green without a look.
		if tip := f.commit(ctx, "refs/heads/"+b); tip != "" && (tip != f.head || !f.ci) {
			return b, tip, nil
		}
	}
	return "", "", nil
}

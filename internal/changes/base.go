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

// credentials are variables of git's environment for the token.
func (o Options) credentials() []string {
	if o.Token == "" || o.Server == "" {
		return nil
	}
	return headerFor(o.Server, "AUTHORIZATION: basic "+base64.StdEncoding.EncodeToString([]byte("x-access-token:"+o.Token)))
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
		return shortHash(b.Commit)
	}
	return fmt.Sprintf("%s (%s)", b.Branch, shortHash(b.Commit))
}

func shortHash(commit string) string { return commit[:min(len(commit), 7)] }

// Find returns the base: of --base, else of the GitHub event, else the merge
// base of HEAD and the default branch. The error is ErrNoBase when none of
// them says anything, or in CI when what they say is HEAD itself. Commits that a
// shallow clone lacks are fetched from origin. A base that an earlier process kept
// is the base. Whoever is done with it closes it.
func Find(ctx context.Context, o Options) (*Base, error) {
	if o.Kept != "" {
		return openKept(o.Kept, o.Dir)
	}
	r, err := openRepository(ctx, o.Dir, o.Getenv)
	if errors.Is(err, ErrNoRepository) {
		return nil, fmt.Errorf("%w, so nothing tells what is new; pass --since VERSION or --all", err)
	}
	if err != nil {
		return nil, err
	}
	r.token = o.credentials()
	base, err := findWithGit(ctx, r, o)
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	base.repository = r
	return base, nil
}

func findWithGit(ctx context.Context, r *repository, o Options) (*Base, error) {
	c, err := newClone(ctx, r)
	if err != nil {
		return nil, err
	}
	return finder{history: c, head: c.head, ci: c.ci}.find(ctx, o)
}

func newClone(ctx context.Context, r *repository) (clone, error) {
	c := clone{repository: r, head: r.commit(ctx, "HEAD")}
	if c.head == "" {
		return c, fmt.Errorf("the repository has no commit yet: %w", ErrNoBase)
	}
	return c, nil
}

// Close closes the kept base, or removes our git directory. Neither the base nor its
// tree can be asked afterwards.
func (b *Base) Close() error {
	switch {
	case b.kept != nil:
		return b.kept.Close()
	case b.repository != nil:
		return b.repository.Close()
	default:
		return nil
	}
}

// A history knows commits: a clone, or what a Remote tells.
type history interface {
	commit(ctx context.Context, revision string) string // its hash; "" when it is not here
	parents(ctx context.Context, commit string) ([]string, error)
	available(ctx context.Context, commit string) error        // makes sure that it is here
	shallow(ctx context.Context) bool                          // tells whether origin has more
	originHead(ctx context.Context) string                     // its default branch; "" when unknown
	fetchRef(ctx context.Context, ref string) (string, error)  // the newest commit of a branch or tag of origin; "" when there is none
	mergeBase(ctx context.Context, tip string) (string, error) // of HEAD; "" when there is none
}

type finder struct {
	history
	head string // the commit that is checked out
	ci   bool
}

// find returns a base. In CI it refuses HEAD itself: nothing would be new, and every
// pull request would pass.
func (f finder) find(ctx context.Context, o Options) (*Base, error) {
	base, err := f.search(ctx, o)
	if err == nil && f.ci && base.Commit == f.head {
		return nil, fmt.Errorf("%s is HEAD, the commit that is checked out, so nothing would be new: %w", base, ErrNoBase)
	}
	return base, err
}

func (f finder) search(ctx context.Context, o Options) (*Base, error) {
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
	if commit == "" {
		return nil, ErrNoBase
	}
	return f.base(commit, branch, "where the branch left "+branch), nil
}

func (f finder) defaultBranch(ctx context.Context, e *event) (branch, tip string, err error) {
	branches := []string{e.Repository.DefaultBranch}
	if head := f.originHead(ctx); head != "" {
		branches = append(branches, head)
	}
	branches = append(branches, "main", "master")
	for _, b := range branches {
		if checkRef(b) != nil {
			continue
		}
		if tip := f.commit(ctx, originBranch+b); tip != "" {
			return b, tip, nil
		}
	}
	if b := branches[0]; checkRef(b) == nil && f.shallow(ctx) {
		tip, err := f.fetchRef(ctx, localBranch+b)
		if errors.Is(err, errSilent) {
			err = nil // nothing tells the base then, and the way out is to name one
		}
		return b, tip, err
	}
	for _, b := range []string{"main", "master"} {
		// On the local branch itself, what is not committed is new. Nothing is
		// uncommitted in CI, where that would be green without a look.
		if tip := f.commit(ctx, localBranch+b); tip != "" && (tip != f.head || !f.ci) {
			return b, tip, nil
		}
	}
	return "", "", nil
}

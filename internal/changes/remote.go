package changes

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// A Remote tells of the commits of a repository that git cannot fetch: the REST
// API of its host.
type Remote interface {
	// Commit is the hash of the commit that a reference means: "refs/heads/main".
	Commit(ctx context.Context, ref string) (string, error)
	// Parents returns the parents of a commit.
	Parents(ctx context.Context, commit string) ([]string, error)
	// MergeBase is the newest commit that is in the history of both; "" for none.
	MergeBase(ctx context.Context, a, b string) (string, error)
	// Files are all files of a commit.
	Files(ctx context.Context, commit string) ([]File, error)
	// Blob is the content that has a hash.
	Blob(ctx context.Context, hash string) ([]byte, error)
}

// A File is a file of a commit.
type File struct {
	Path string
	Hash string // of its content, as git counts it
	Size int    // bytes
	Link bool   // a symbolic link, whose content is where it leads
}

// told is the history that a Remote tells.
type told struct {
	remote Remote
	head   string
	local  *clone // that knows the parents of HEAD; nil without git
}

// commit finds nothing: there is no git that has it. shallow says where to ask.
func (told) commit(context.Context, string) string { return "" }
func (told) shallow(context.Context) bool          { return true }
func (told) originHead(context.Context) string     { return "" }
func (told) available(_ context.Context, c string) error {
	if !isHash(c) {
		return fmt.Errorf("%q is not a commit", c)
	}
	return nil
}

func (t told) parents(ctx context.Context, commit string) ([]string, error) {
	if t.local != nil {
		return t.local.parents(ctx, commit)
	}
	return t.remote.Parents(ctx, commit)
}

func (t told) fetchRef(ctx context.Context, ref string) (string, error) {
	return t.remote.Commit(ctx, ref)
}

func (t told) mergeBase(ctx context.Context, tip string) (string, error) {
	return t.remote.MergeBase(ctx, tip, t.head)
}

// findTold decides by what a Remote tells. Without git, the working tree must be
// the commit that the workflow runs on, which is what actions/checkout takes
// from the API where there is no git.
func findTold(ctx context.Context, o Options, remote Remote, tree *os.Root) (*Base, error) {
	t := told{remote: remote}
	r, err := openRepository(ctx, o.Dir, o.Getenv)
	if err == nil {
		defer r.Close()
		t.local = &clone{repository: r}
		t.head = r.commit(ctx, "HEAD")
	} else if !errors.Is(err, ErrNoRepository) {
		return nil, err
	}
	if t.head == "" {
		t.local, t.head = nil, o.Getenv("GITHUB_SHA")
		if err := checkedOut(ctx, remote, t.head, tree); err != nil {
			return nil, err
		}
	}
	base, err := finder{history: t, head: t.head, ci: true}.find(ctx, o)
	if err != nil {
		return nil, err
	}
	if !isHash(base.Commit) {
		return nil, fmt.Errorf("%q is not a commit", base.Commit)
	}
	return base, nil
}

// checkedOut makes sure that a commit is what lies in the working tree.
func checkedOut(ctx context.Context, remote Remote, commit string, tree *os.Root) error {
	if !isHash(commit) {
		return fmt.Errorf("there is no git, and GITHUB_SHA is %q: %w", commit, ErrNoBase)
	}
	files, err := remote.Files(ctx, commit)
	if err != nil {
		return err
	}
	for _, f := range files {
		if hashOf(tree, f) != f.Hash && f.Size <= maxBlob {
			return fmt.Errorf("%s is missing, or not as in %s, which the workflow runs on, and no git repository tells what is checked out; install git before actions/checkout, or give its path as working-directory", f.Path, shortHash(commit))
		}
	}
	return nil
}

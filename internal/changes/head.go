package changes

import "context"

// Head returns the hash of the commit that is checked out where dir is. The error
// is ErrNoRepository where no repository tells, ErrNoBase where it has no commit.
func Head(ctx context.Context, dir string, getenv func(string) string) (string, error) {
	r, err := openRepository(ctx, dir, getenv)
	if err != nil {
		return "", err
	}
	defer r.Close()
	c, err := newClone(ctx, r)
	return c.head, err
}

package changes

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// Committed returns the files that HEAD has and the base has not, or otherwise, as
// git knows them; nil for a base that was kept, whose process has no git.
func (b *Base) Committed(ctx context.Context) ([]string, error) {
	if b.kept != nil {
		return nil, nil
	}
	out, err := b.repository.git(ctx, "diff-tree", "-r", "-z", "--no-renames", "--diff-filter=d", "--name-only", b.Commit, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("comparing HEAD with %s: %w", b, err)
	}
	var names []string
	for name := range bytes.SplitSeq(out, []byte{0}) {
		if len(name) > 0 {
			names = append(names, string(name))
		}
	}
	return names, nil
}

// Ignored tells which of some files, none of which git tracks, .gitignore leaves out.
// What git cannot tell is not left out.
func (b *Base) Ignored(ctx context.Context, names []string) map[string]bool {
	if b.kept != nil || len(names) == 0 {
		return nil
	}
	cmd := b.repository.command(ctx, "--work-tree="+b.repository.top, "check-ignore", "-z", "--stdin")
	cmd.Stdin = strings.NewReader(strings.Join(names, "\x00") + "\x00")
	out, _ := runGit(cmd, "check-ignore") // it fails when none is ignored
	ignored := map[string]bool{}
	for name := range bytes.SplitSeq(out, []byte{0}) {
		ignored[string(name)] = true
	}
	return ignored
}

// HasContent tells whether the tree has a file with that very content.
func (t *Tree) HasContent(name, content string) bool {
	n, err := t.find("stat", name)
	return err == nil && !n.dir && gitHash(n.hash, content) == n.hash
}

// Tracks tells whether HEAD has files below a directory, or where that cannot be known
// whether the base has.
func (b *Base) Tracks(ctx context.Context, dir string) bool {
	if b.kept != nil {
		for name := range b.kept.Files {
			if strings.HasPrefix(name, dir+"/") {
				return true
			}
		}
		return false
	}
	out, err := b.repository.git(ctx, "ls-tree", "-r", "-z", "--name-only", "HEAD", "--", dir+"/")
	return err != nil || len(out) > 0
}

// TracksBelow is Tracks where there is no base: true where there is no repository that
// could tell.
func TracksBelow(ctx context.Context, top, dir string, getenv func(string) string) bool {
	r, err := openRepository(ctx, top, getenv)
	if err != nil {
		return true
	}
	defer r.Close()
	return (&Base{repository: r}).Tracks(ctx, dir)
}

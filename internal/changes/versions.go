package changes

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Versions returns the texts that a file had on the first parents of the base,
// the oldest first, at most the last max of them. complete is false where the
// clone does not have them all.
func (b *Base) Versions(ctx context.Context, path string, max int) (texts []string, complete bool, err error) {
	cannotAsk := strings.Contains(path, "\n") // git cat-file takes a line for a question
	if b.repository == nil || cannotAsk || b.repository.shallow(ctx) {
		return nil, false, nil
	}
	log, err := b.repository.git(ctx, "log", "--first-parent", "--reverse", "--format=%H", "-n", strconv.Itoa(max), b.Commit, "--", ":(top,literal)"+path)
	if err != nil {
		return nil, false, fmt.Errorf("versions of %s: %w", path, err)
	}
	commits := strings.Fields(string(log))
	texts, all, err := b.textsIn(ctx, commits, path)
	if err != nil {
		return nil, false, fmt.Errorf("versions of %s: %w", path, err)
	}
	return texts, all && len(commits) < max, nil
}

// maxTexts is how much the versions of a file may have in all, in bytes.
const maxTexts = maxBlob

// textsIn returns the texts of a file in the commits that have it; all is false where
// they are more than memory should hold, of which it returns the last.
func (b *Base) textsIn(ctx context.Context, commits []string, path string) (texts []string, all bool, err error) {
	blobs, err := b.openBlobs(ctx)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, blobs.Close()) }()
	held := 0
	all = true
	for _, commit := range commits {
		text, err := blobs.ask(commit + ":" + path)
		if errors.Is(err, errNoBlob) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		texts = append(texts, text)
		for held += len(text); held > maxTexts; all = false {
			held -= len(texts[0])
			texts = slices.Delete(texts, 0, 1)
		}
	}
	return texts, all, nil
}

package changes

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// Bounds of one search.
const (
	mentionTime = 10 * time.Second
	maxMentions = 1000
)

// lockFiles hold names of packages and hashes, not of tables.
var lockFiles = []string{
	"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
	"go.sum", "Cargo.lock", "composer.lock", "Gemfile.lock", "poetry.lock", "uv.lock", "Pipfile.lock", "mix.lock",
}

// Mentions returns the files of the base commit that contain a word, outside
// some directories, lock files and binary files: at most 1,000, sorted; nil
// when nobody can tell.
func (b *Base) Mentions(ctx context.Context, word string, exclude []string) []string {
	if strings.TrimSpace(word) == "" || strings.ContainsAny(word, "\n\x00") {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, mentionTime)
	defer cancel()
	args := []string{"grep", "-z", "-l", "-w", "-F", "-I", "--no-textconv", "--full-name", "-e", word, b.Commit, "--", ":(top)"}
	for _, dir := range exclude {
		args = append(args, ":(top,exclude,literal)"+dir)
	}
	for _, name := range lockFiles {
		args = append(args, ":(top,exclude,glob)**/"+name)
	}
	out, err := b.repository.git(ctx, args...)
	if err != nil {
		return nil
	}
	var files []string
	for entry := range bytes.SplitSeq(out, []byte{0}) {
		name, ok := strings.CutPrefix(string(entry), b.Commit+":")
		if ok && len(files) < maxMentions {
			files = append(files, name)
		}
	}
	return files
}

package changes

import (
	"bytes"
	"context"
	"maps"
	"path"
	"slices"
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
	if b.kept != nil {
		return b.kept.mentions(ctx, word, exclude)
	}
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

// mentions does what git grep does, where there is none; nil when it takes too
// long.
func (k *kept) mentions(ctx context.Context, word string, exclude []string) (files []string) {
	for _, name := range slices.Sorted(maps.Keys(k.Files)) {
		if ctx.Err() != nil {
			return nil
		}
		within := func(dir string) bool { return dir == "." || name == dir || strings.HasPrefix(name, dir+"/") }
		if len(files) == maxMentions || slices.Contains(lockFiles, path.Base(name)) || slices.ContainsFunc(exclude, within) {
			continue
		}
		if f := k.Files[name]; f.Link {
			continue
		}
		if text, err := k.read(&node{path: name, hash: k.Files[name].Hash}); err == nil && hasWord(text, word) {
			files = append(files, name)
		}
	}
	return files
}

// binaryStart is how much of a file git looks at for a NUL, in bytes.
const binaryStart = 8000

// hasWord finds a word in a text, as git grep -w -F -I does.
func hasWord(text []byte, word string) bool {
	if bytes.IndexByte(text[:min(len(text), binaryStart)], 0) >= 0 {
		return false
	}
	for from := 0; ; {
		next := bytes.Index(text[from:], []byte(word))
		if next < 0 {
			return false
		}
		at, end := from+next, from+next+len(word)
		if (at == 0 || !inWord(text[at-1])) && (end == len(text) || !inWord(text[end])) {
			return true
		}
		from = at + 1
	}
}

func inWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

package changes

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Bounds of a search.
const (
	mentionTime = 10 * time.Second // for all words
	maxMentions = 1000             // files for a word
	maxGreps    = 4                // words that git looks for before all are looked for at once
)

// lockFiles hold names of packages and hashes, not of tables.
var lockFiles = []string{
	"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
	"go.sum", "Cargo.lock", "composer.lock", "Gemfile.lock", "poetry.lock", "uv.lock", "Pipfile.lock", "mix.lock",
}

// A Search tells which files of the base commit contain a word, outside some
// directories, lock files and binary files. git grep is the quickest for one
// word and starts a process for each, so that from the fifth on the files are read
// once for all words that are likely to be asked for. It is for one goroutine.
type Search struct {
	base    *Base
	exclude []string // directories
	likely  func() []string
	files   []*node // that are looked at, sorted by path

	left         time.Duration
	leftToReread time.Duration
	asked        int // words that were looked for one by one
	answers      map[string][]string
	index        map[string][]int32 // of likely words, where they are in files; nil until it is made
}

// Search looks for words in the tree of the base, but for some directories.
// likely names words that will be asked for; nil when nobody knows any.
func (b *Base) Search(t *Tree, exclude []string, likely func() []string) *Search {
	s := &Search{base: b, exclude: exclude, likely: likely, left: mentionTime, leftToReread: mentionTime, answers: map[string][]string{}}
	for _, n := range t.nodes {
		if !n.dir && !n.link && !slices.Contains(lockFiles, n.name) && !isBelowAny(n.path, exclude) {
			s.files = append(s.files, n)
		}
	}
	slices.SortFunc(s.files, func(a, b *node) int { return strings.Compare(a.path, b.path) })
	return s
}

func isBelowAny(name string, dirs []string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool {
		dir = path.Clean(dir)
		return dir == "." || name == dir || strings.HasPrefix(name, dir+"/")
	})
}

// Mentions returns the files that contain a word: at most 1,000, sorted; nil when
// nobody can tell. All calls together take no more than 10 s.
func (s *Search) Mentions(ctx context.Context, word string) []string {
	if !isSearchable(word) || len(s.files) == 0 {
		return nil
	}
	files, known := s.answers[word]
	if !known {
		files = s.find(ctx, word)
		s.answers[word] = files
	}
	return files
}

func isSearchable(word string) bool {
	return strings.TrimSpace(word) != "" && !strings.ContainsAny(word, "\n\x00")
}

// indexableWords returns words that can be looked for together, each once. To look for
// those without a letter, digit or underscore of ASCII takes a pass for each.
func indexableWords(words []string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		start, end := firstRun(w)
		return start == end || !isSearchable(w)
	})
	slices.Sort(words)
	return slices.Compact(words)
}

func (s *Search) find(ctx context.Context, word string) []string {
	ctx, cancel := context.WithTimeout(ctx, s.left)
	defer cancel()
	start := time.Now()
	defer func() { s.left -= time.Since(start) }()
	if s.asked == maxGreps && s.index == nil && s.likely != nil {
		s.index = s.read(ctx, indexableWords(s.likely()))
	}
	if places, indexed := s.index[word]; indexed {
		return s.paths(places)
	}
	s.asked++
	if s.base.kept != nil {
		return s.paths(s.read(ctx, []string{word})[word])
	}
	return s.grep(ctx, word)
}

// paths names files.
func (s *Search) paths(places []int32) (files []string) {
	for _, i := range places {
		files = append(files, s.files[i].path)
	}
	return files
}

// grep has git look for one word.
func (s *Search) grep(ctx context.Context, word string) []string {
	commit := s.base.Commit
	args := []string{"grep", "-z", "-l", "-w", "-F", "-I", "--no-textconv", "--full-name", "-e", word, commit, "--", ":(top)"}
	for _, dir := range s.exclude {
		args = append(args, ":(top,exclude,literal)"+dir)
	}
	for _, name := range lockFiles {
		args = append(args, ":(top,exclude,glob)**/"+name)
	}
	out, err := s.base.repository.git(ctx, args...)
	if err != nil {
		return nil
	}
	var files []string
	for entry := range bytes.SplitSeq(out, []byte{0}) {
		name, ok := strings.CutPrefix(string(entry), commit+":")
		if ok && len(files) < maxMentions {
			files = append(files, name)
		}
	}
	return files
}

// maxReread is the size of the largest file in which StillIn looks, in bytes.
const maxReread = 4 << 20

// StillIn reports whether a file of another version, such as the one under review, has
// a word that Mentions found in it; a file that is gone has none. It is not known of
// files that cannot be read, of those above 4 MiB, and when 10 s are over.
func (s *Search) StillIn(ctx context.Context, version fs.FS, file, word string) (still, known bool) {
	ctx, cancel := context.WithTimeout(ctx, s.leftToReread)
	defer cancel()
	start := time.Now()
	defer func() { s.leftToReread -= time.Since(start) }()
	f, err := version.Open(file)
	if err != nil {
		return false, errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() > maxReread {
		return false, false
	}
	scanning := newScanner(newWordSet([]string{word}))
	err = scanning.scan(timely{ctx, f}, func(int) { still = true })
	return still, still || err == nil
}

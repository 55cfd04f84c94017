package changes

import (
	"bytes"
	"context"
	"errors"
	"io"
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
	maxGreps    = 4                // times that git looks for words before all are looked for at once
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
	asked        int // times that git looked for words
	answers      map[string][]string
	texts        map[string][2]string // of files, as they are on the base branch and under review
	kept         int                  // bytes of texts
	index        map[string][]int32   // of likely words, where they are in files; nil until it is made
}

// Search looks for words in the tree of the base, but for some directories.
// likely names words that will be asked for; nil when nobody knows any.
func (b *Base) Search(t *Tree, exclude []string, likely func() []string) *Search {
	s := &Search{base: b, exclude: exclude, likely: likely, left: mentionTime, leftToReread: mentionTime, answers: map[string][]string{}, texts: map[string][2]string{}}
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

// Mentions returns the files that contain one of the words: at most 1,000, sorted; nil when
// nobody can tell. All calls together take no more than 10 s.
func (s *Search) Mentions(ctx context.Context, words ...string) []string {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !isSearchable(w) })
	if len(words) == 0 || len(s.files) == 0 {
		return nil
	}
	key := strings.Join(words, "\n")
	files, known := s.answers[key]
	if !known {
		files = s.find(ctx, words)
		s.answers[key] = files
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

func (s *Search) find(ctx context.Context, words []string) []string {
	ctx, cancel := context.WithTimeout(ctx, s.left)
	defer cancel()
	start := time.Now()
	defer func() { s.left -= time.Since(start) }()
	if s.asked == maxGreps && s.index == nil && s.likely != nil {
		s.index = s.read(ctx, indexableWords(s.likely()))
	}
	if places, indexed := placesIn(s.index, words); indexed {
		return s.paths(places)
	}
	s.asked++
	if s.base.kept != nil {
		places, _ := placesIn(s.read(ctx, words), words)
		return s.paths(places)
	}
	return s.grep(ctx, words)
}

// placesIn joins where the words are, and tells whether that is known of all.
func placesIn(index map[string][]int32, words []string) (places []int32, indexed bool) {
	for _, word := range words {
		own, known := index[word]
		if !known {
			return nil, false
		}
		places = append(places, own...)
	}
	slices.Sort(places)
	places = slices.Compact(places)
	return places[:min(len(places), maxMentions)], true
}

// paths names files.
func (s *Search) paths(places []int32) (files []string) {
	for _, i := range places {
		files = append(files, s.files[i].path)
	}
	return files
}

// grep has git look for some words at once.
func (s *Search) grep(ctx context.Context, words []string) []string {
	commit := s.base.Commit
	args := []string{"grep", "-z", "-l", "-w", "-F", "-I", "--no-textconv", "--full-name"}
	for _, word := range words {
		args = append(args, "-e", word)
	}
	args = append(args, commit, "--", ":(top)")
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

// Bounds of reading files in which words were found.
const (
	maxReread    = 1 << 20  // bytes of a file
	maxTextBytes = 16 << 20 // bytes of files that are kept for the next word
)

// Text returns a file of a version, such as the one under review: nothing of one that is
// gone or binary. It is not known of files that cannot be read, of those above 1 MiB, and
// when 10 s are over.
func (s *Search) Text(ctx context.Context, version fs.FS, file string) (text string, known bool) {
	ctx, cancel := context.WithTimeout(ctx, s.leftToReread)
	defer cancel()
	start := time.Now()
	defer func() { s.leftToReread -= time.Since(start) }()
	f, err := version.Open(file)
	if err != nil {
		return "", errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(timely{ctx, f}, maxReread+1))
	if err != nil || len(content) > maxReread {
		return "", false
	}
	if bytes.IndexByte(content[:min(len(content), binaryStart)], 0) >= 0 {
		return "", true
	}
	return string(content), true
}

// Texts returns a file that Mentions found as it is on the base branch and in another
// version, and whether both are known.
func (s *Search) Texts(ctx context.Context, base, head fs.FS, file string) (before, after string, known bool) {
	if pair, kept := s.texts[file]; kept {
		return pair[0], pair[1], true
	}
	before, known = s.Text(ctx, base, file)
	if !known {
		return "", "", false
	}
	if after, known = s.Text(ctx, head, file); !known {
		return "", "", false
	}
	if s.kept += len(before) + len(after); s.kept <= maxTextBytes {
		s.texts[file] = [2]string{before, after}
	}
	return before, after, true
}

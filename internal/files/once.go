package files

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// What is kept in memory of files that are read once: of each, and of all, in bytes.
// What is larger is read each time.
const (
	maxText  = 1 << 20
	maxTexts = 16 << 20
)

// texts are the files of a tree that are read once, whoever asks: a migration of
// the base branch is most often the same file as that of the branch.
type texts struct {
	byName map[string]func() (text, error)
	size   atomic.Int64 // of what was read, in bytes
	closed atomic.Bool
	reader sync.WaitGroup
}

// A text is a file in memory; info is nil where it is not kept there.
type text struct {
	content string
	info    fs.FileInfo
}

// ReadOnce has the files below some directories whose names end in a suffix read once
// each, and returns their names, sorted. Only directories that were listed are known.
func (t *Tree) ReadOnce(dirs []string, suffix string) (names []string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.texts.byName = map[string]func() (text, error){}
	for dir, entries := range t.listed {
		isBelow := func(d string) bool { return d == "." || dir == d || strings.HasPrefix(dir, d+"/") }
		if !slices.ContainsFunc(dirs, isBelow) {
			continue
		}
		for _, e := range entries {
			if e.Type().IsRegular() && strings.HasSuffix(e.Name(), suffix) {
				name := path.Join(dir, e.Name())
				names = append(names, name)
				t.texts.byName[name] = sync.OnceValues(func() (text, error) { return t.readText(name) })
			}
		}
	}
	slices.Sort(names)
	return names
}

// Listed returns the names of the files in all directories that were listed so far,
// sorted.
func (t *Tree) Listed() (names []string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for dir, entries := range t.listed {
		for _, e := range entries {
			if e.Type().IsRegular() {
				names = append(names, path.Join(dir, e.Name()))
			}
		}
	}
	slices.Sort(names)
	return names
}

// ReadAhead begins to read files that are read once, from the last on: the caller, who
// does something else, will read from the first on.
func (t *Tree) ReadAhead(names []string) {
	t.texts.reader.Go(func() {
		for _, name := range slices.Backward(names) {
			if t.texts.closed.Load() {
				return
			}
			t.text(name) // an error is told to whoever opens the file
		}
	})
}

// EndReadOnce waits until nothing is read ahead any more, and has files read as they are
// from now on: who repairs one wants to know whether somebody else has written it.
func (t *Tree) EndReadOnce() {
	t.texts.closed.Store(true)
	t.texts.reader.Wait()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.texts.byName = nil
}

func (t *Tree) readText(name string) (text, error) {
	file, err := t.open(name)
	if err != nil {
		return text{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxText || t.texts.size.Add(info.Size()) > maxTexts {
		return text{}, err
	}
	content, err := readSized(file, info.Size(), maxText)
	if err != nil || len(content) > maxText {
		return text{}, err
	}
	return text{content, info}, nil
}

// Text returns a file of those that are read once.
func (t *Tree) Text(name string) (content string, ok bool) {
	kept, ok := t.text(name)
	return kept.content, ok
}

func (t *Tree) text(name string) (kept text, ok bool) {
	t.mutex.Lock()
	read := t.texts.byName[name]
	t.mutex.Unlock()
	if read == nil {
		return text{}, false
	}
	kept, err := read()
	return kept, err == nil && kept.info != nil
}

// A textFile is an open file whose content is in memory.
type textFile struct {
	strings.Reader
	text text
}

func newTextFile(t text) *textFile { return &textFile{*strings.NewReader(t.content), t} }

func (f *textFile) Stat() (fs.FileInfo, error) { return f.text.info, nil }
func (f *textFile) Close() error               { return nil }

// Text returns the whole content.
func (f *textFile) Text() string { return f.text.content }

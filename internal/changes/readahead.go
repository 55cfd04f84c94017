package changes

import (
	"slices"
	"sync"
	"sync/atomic"
)

// ReadAhead begins to compare files of the work tree with those of the commit, from
// the last on, while the caller does something else, such as reading those of the
// branch from the first on. text returns what the work tree has, which is read once
// for both; nothing is asked of git. It is called before the tree is read by others.
func (t *Tree) ReadAhead(names []string, text func(name string) (content string, ok bool)) {
	c, ofGit := t.blobs.(*catFile)
	if !ofGit {
		return
	}
	var reads []func() (string, bool)
	for _, name := range names {
		if n := t.nodes[name]; n != nil && !n.dir && !n.link {
			reads = append(reads, c.ahead.add(n, text))
		}
	}
	c.ahead.begin(reads)
}

// A readAhead has files that are compared once, by whoever comes first.
type readAhead struct {
	files  map[*node]func() (content string, same bool)
	closed atomic.Bool
	reader sync.WaitGroup
}

func (a *readAhead) add(n *node, text func(string) (string, bool)) func() (string, bool) {
	if a.files == nil {
		a.files = map[*node]func() (string, bool){}
	}
	a.files[n] = sync.OnceValues(func() (string, bool) {
		content, ok := text(n.path)
		return content, ok && gitHash(n.hash, content) == n.hash
	})
	return a.files[n]
}

func (a *readAhead) begin(reads []func() (string, bool)) {
	a.reader.Go(func() {
		for _, read := range slices.Backward(reads) {
			if a.closed.Load() {
				return
			}
			read()
		}
	})
}

// take returns a file that is as in the commit; ok is false for what is not known.
func (a *readAhead) take(n *node) (content string, ok bool) {
	if read := a.files[n]; read != nil {
		return read()
	}
	return "", false
}

// end waits until nothing is read any more.
func (a *readAhead) end() {
	a.closed.Store(true)
	a.reader.Wait()
}

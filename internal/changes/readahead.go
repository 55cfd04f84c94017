package changes

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// maxAhead is how much is read ahead in all, in bytes: it is held until somebody asks.
const maxAhead = 16 << 20

// ReadAhead begins to read the migrations of some directories while the caller does
// something else, such as reading those of the branch. Only what the work tree has
// as the commit does is read ahead; nothing is asked of git.
func (t *Tree) ReadAhead(dirs []string) {
	c, ofGit := t.blobs.(*catFile)
	if !ofGit {
		return
	}
	var nodes []*node
	for name, n := range t.nodes {
		isBelow := func(dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") }
		if !n.dir && !n.link && strings.HasSuffix(name, ".sql") && slices.ContainsFunc(dirs, isBelow) {
			nodes = append(nodes, n)
		}
	}
	slices.SortFunc(nodes, func(a, b *node) int { return strings.Compare(a.path, b.path) })
	c.ahead.begin(c, nodes)
}

// A readAhead holds files that nobody has asked for yet.
type readAhead struct {
	mutex  sync.Mutex
	files  map[*node]func() ([]byte, bool) // each read once, by whoever comes first
	size   atomic.Int64                    // of what was read, in bytes
	closed atomic.Bool
	reader sync.WaitGroup
}

func (a *readAhead) begin(c *catFile, nodes []*node) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.files == nil {
		a.files = map[*node]func() ([]byte, bool){}
	}
	reads := make([]func() ([]byte, bool), len(nodes))
	for i, n := range nodes {
		reads[i] = sync.OnceValues(func() ([]byte, bool) { return unchangedOnDisk(c.work, n) })
		a.files[n] = reads[i]
	}
	a.reader.Go(func() {
		for _, read := range reads {
			if a.closed.Load() || a.size.Load() > maxAhead {
				return
			}
			data, _ := read()
			a.size.Add(int64(len(data)))
		}
	})
}

// take returns what reads a file, and forgets it; nil where it is not read ahead.
func (a *readAhead) take(n *node) func() ([]byte, bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	read := a.files[n]
	delete(a.files, n)
	return read
}

// end waits until nothing is read any more.
func (a *readAhead) end() {
	a.closed.Store(true)
	a.reader.Wait()
}

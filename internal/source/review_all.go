package source

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
)

// ReviewAll pairs the folders of two branches and reviews each pair. A folder
// that moved is paired with what it became; one that is gone is reviewed
// against nothing, so that its migrations are told as deleted.
func ReviewAll(base, head []*Folder, o ReviewOptions) []*Source {
	var sources []*Source
	o.former, o.folders = base, head
	left := map[*Folder]bool{}
	for _, b := range base {
		left[b] = true
	}
	partners := make([]*Folder, len(head))
	for _, alike := range []func(b, h *Folder) bool{sameDir, sharesMigrations} {
		for i, h := range head {
			for _, b := range base {
				if partners[i] == nil && left[b] && alike(b, h) {
					partners[i], left[b] = b, false
				}
			}
		}
	}
	for i, h := range head {
		sources = append(sources, reviewSafely(partners[i], h, o))
	}
	for _, b := range base {
		if left[b] && !slices.ContainsFunc(head, func(h *Folder) bool { return slices.Contains(h.further, b.Dir) }) {
			sources = append(sources, reviewSafely(b, goneFolder(b), o))
		}
	}
	return sources
}

// goneFolder is what is left of a folder that only the base has: nothing.
func goneFolder(base *Folder) *Folder {
	return &Folder{Found: base.Found, fsys: emptyTree{}, files: map[string]string{}, parse: base.parse}
}

// emptyTree holds no file.
type emptyTree struct{}

// Open implements fs.FS.
func (emptyTree) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// reviewSafely is Review; of a folder whose review panics nothing is checked, and
// the source says so.
func reviewSafely(base, head *Folder, o ReviewOptions) (s *Source) {
	p := rescue.Do(func() { s = Review(base, head, o) })
	if p == nil {
		return s
	}
	return &Source{
		Dir: head.Dir, Tool: head.Tool, History: &lint.History{Dir: head.Dir, Tool: head.Tool},
		Unchecked: []Unchecked{{Path: head.Dir, Reason: fmt.Sprintf("reviewing it as a folder of %s %v", head.Tool, p), Panic: p}},
	}
}

func sameDir(b, h *Folder) bool { return b.Dir == h.Dir }

// sharesMigrations tells whether most of b stands in h under the same names.
func sharesMigrations(b, h *Folder) bool {
	texts := map[string]string{}
	for _, s := range h.steps {
		texts[s.identity()] = s.ownText()
	}
	shared := 0
	for _, s := range b.steps {
		if text, ok := texts[s.identity()]; ok && sameText(s.ownText(), text) {
			shared++
		}
	}
	return shared > 0 && 2*shared >= len(b.steps)
}

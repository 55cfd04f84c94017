package source

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A leftOut is a file of SQL among the migrations that is none by its name, so that it
// is not checked.
type leftOut struct {
	path string
	text string // a change counts
	why  string // behind the file's name: "is a callback, which …"
	runs bool   // the tool runs it all the same, for all that is known
	note bool   // it is worth no more than a note
}

// backwardNames are how files are called that lie beside a migration and take it back.
var backwardNames = []string{"down.sql", "undo.sql", "rollback.sql", "revert.sql"}

// isWayBack tells whether a file is called like one: down.sql, 0001_a.down.sql.
func isWayBack(name string) bool {
	return slices.Contains(backwardNames, strings.ToLower(name)) || backwardFile.MatchString(name)
}

// leavesAllBut is for tools that keep a directory for each migration: they run one file of it.
func leavesAllBut(tool, runs string) func(*directory, string) *leftOut {
	return func(_ *directory, file string) *leftOut {
		if isWayBack(path.Base(file)) {
			return nil
		}
		return &leftOut{why: "is never run: " + tool + " runs " + runs + " alone; put its SQL there, or move it out of the folder"}
	}
}

// findLeftOut looks among the migrations for SQL that the tool does not take.
func (f *Folder) findLeftOut(d *directory, t tool) {
	if t.leaves == nil {
		return
	}
	told := f.mentioned()
	for _, sub := range append(f.readDirectories(d, t), subdirectory{d, ""}) {
		for _, name := range sub.sql() {
			file := path.Join(sub.dir, name)
			if told[file] || !strings.HasSuffix(name, ".sql") || f.leavesToOthers(file) {
				continue
			}
			told[file] = true
			if left := t.leaves(d, file); left != nil {
				left.path, left.text = file, sub.text(name)
				f.leftOut = append(f.leftOut, *left)
			}
		}
	}
}

// leftOut tells of SQL among the migrations that is none to the tool, where it is new or
// was changed, of many alike once. In a folder that is new as a whole, what never runs is
// worth a note.
func (r *review) leftOut() (all []Unchecked) {
	known := map[leftOut]bool{}
	if r.from != nil {
		for _, l := range r.from.leftOut {
			known[l] = true
		}
	}
	same := map[string][]leftOut{}
	for _, l := range r.to.leftOut {
		if !known[l] {
			same[l.why] = append(same[l.why], l)
		}
	}
	for _, l := range r.to.leftOut {
		alike := same[l.why]
		switch {
		case known[l]:
		case len(alike) <= fewFiles:
			all = append(all, r.uncheckedOf(l, path.Base(l.path)+" "+l.why))
		case l.path == alike[0].path:
			last := alike[len(alike)-1].path
			all = append(all, r.uncheckedOf(l, fmt.Sprintf("each of %d files, from %s to %s, %s", len(alike), path.Base(l.path), path.Base(last), l.why)))
		}
	}
	return all
}

func (r *review) uncheckedOf(l leftOut, reason string) Unchecked {
	return Unchecked{Path: l.path, Reason: reason, Known: l.note || r.from == nil && !l.runs}
}

// leavesOut tells whether a file is among the migrations and taken for none.
func (f *Folder) leavesOut(file string) bool { return slices.Contains(f.leftOutFiles(), file) }

// leftOutFiles are the files of SQL among the migrations that are taken for none.
func (f *Folder) leftOutFiles() (files []string) {
	for _, l := range f.leftOut {
		files = append(files, l.path)
	}
	for _, o := range f.others {
		files = append(files, o.path)
	}
	return files
}

package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
)

// leaveBeside notes what a directory of plain files holds beside those that are taken for
// migrations: files without a number where the others have one, such as XXXX-drafts.sql, and
// dumps. Of ways back it notes those in a directory of a version that has nothing else.
func (f *Folder) leaveBeside(d *directory, taken []string) {
	isTaken := map[string]bool{}
	for _, name := range taken {
		isTaken[name] = true
	}
	for _, name := range d.sql() {
		switch {
		case isTaken[name]:
		case isWayBack(name):
			if f.versioned && len(taken) == 0 {
				f.leave(d, name, "is called like the way back of a migration, and none is beside it, so it was taken for no migration; call it otherwise if it is one")
			}
		case slices.Contains(dumpFiles, strings.ToLower(name)) || strings.EqualFold(name, latestSchema) && d.dir == f.Dir:
			f.leaveDump(d, name)
		default:
			f.leave(d, name, fmt.Sprintf("has no number, and the files of %s have one, so it was taken for no migration; give it a number if it is one", d.dir))
		}
	}
}

// leave notes a file that may run all the same. A change to it counts.
func (f *Folder) leave(d *directory, name, why string) {
	file := path.Join(d.dir, name)
	exclude := yamltext.Pattern(strings.TrimPrefix(file, f.Dir+"/"))
	f.leftOut = append(f.leftOut, leftOut{
		path: file, text: d.text(name), runs: true,
		why: why + ", else say so " + f.Place.Under(f.Dir, "exclude: ["+exclude+"]"),
	})
}

// leaveDump notes a file that is called like a dump. One that prints what migrations make
// changes with each of them, and nobody need hear of it.
func (f *Folder) leaveDump(d *directory, name string) {
	switch ReadStray(d.text(name)) {
	case Harmless:
	case Creates:
		f.leftOut = append(f.leftOut, leftOut{
			path: path.Join(d.dir, name), note: true, why: "is called like a dump of the schema, so it was taken for no migration; give it a number if it is one",
		})
	case Alters:
		f.leave(d, name, "is called like a dump of the schema, so it was taken for no migration, and it changes what it does not make; give it a number if it is one")
	}
}

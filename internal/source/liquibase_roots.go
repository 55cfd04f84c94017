package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
)

// An otherListed is a file of SQL that a second changelog of a folder lists, and the one that
// was read does not.
type otherListed struct{ file, text, changelog, read string }

// findOtherRoots looks for changelogs beside the one that was read that it does not include:
// those of another database, or of another program.
func (f *Folder) findOtherRoots(d, root *directory, changelog string, c liquibaseChangelogs) {
	listed := map[string]bool{}
	for _, item := range c.items {
		listed[item.file] = true
	}
	for _, name := range d.files {
		if file := path.Join(d.dir, name); name == changelog || slices.Contains(c.seen, file) {
			continue
		}
		other, _ := d.liquibaseItems(name)
		f.lists = append(f.lists, other.seen...)
		for _, item := range other.items {
			if !listed[item.file] && item.opaque == "" {
				listed[item.file] = true
				f.otherRoots = append(f.otherRoots, otherListed{item.file, root.text(item.file), path.Join(d.dir, name), changelog})
			}
		}
	}
}

// ofOtherRoots names what is new in changelogs that were not read.
func (r *review) ofOtherRoots() (all []Unchecked) {
	for _, o := range r.to.otherRoots {
		if r.from != nil && slices.Contains(r.from.otherRoots, o) {
			continue
		}
		all = append(all, Unchecked{Path: o.file, Reason: fmt.Sprintf(
			"is listed by %s, a changelog beside %s, which is the one that was read, so it was not checked; to have that one read in its place, write %s; to have both, give it a directory of its own",
			o.changelog, o.read, r.to.Place.Line(r.to.Dir, "tool: liquibase, exclude: ["+yamltext.Pattern(strings.TrimPrefix(o.read, r.to.Dir+"/"))+"]"))})
	}
	return all
}

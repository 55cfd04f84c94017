package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
)

// An otherFile is a file of SQL that a folder leaves out, since its name or its directory
// says that it is for another database.
type otherFile struct {
	path string
	mark string // what tells it, which others may have, too
	is   string // "is for MySQL by its name"
	glob string // matches it and its like, below the folder; "" for a file that gives way
}

// findOthers looks for the files that are left out for PostgreSQL's beside them.
func (f *Folder) findOthers(d *directory, t tool) {
	if t.takesAll {
		return
	}
	told := f.mentioned()
	add := func(o otherFile) {
		if !told[o.path] {
			told[o.path] = true
			f.others = append(f.others, o)
		}
	}
	for _, sub := range append(f.readDirectories(d, t), subdirectory{d, ""}) {
		sub.ours()
		for _, name := range sub.files {
			if mark := sub.others[name]; mark != "" {
				add(otherOf(path.Join(sub.dir, name), mark, f.Dir))
			}
		}
	}
	if t.anyDepth {
		for _, dir := range slices.Concat([]string{d.dir}, f.further) {
			for _, o := range othersBelow(d, dir) {
				add(o)
			}
		}
	}
}

func otherOf(file, mark, folder string) otherFile {
	v := variantOf(path.Base(file))
	if !v.isForeign() {
		return otherFile{path: file, mark: mark, is: "gives way to the one of the same name that is for PostgreSQL"}
	}
	return otherFile{
		path: file, mark: mark, is: "is for " + cmp.Or(dialectNames[v.dialect], v.dialect) + " by its name",
		glob: path.Join(path.Dir(strings.TrimPrefix(file, folder+"/")), "*"+v.separator+v.word+"*"),
	}
}

// othersBelow are the files in directories of other databases beside PostgreSQL's.
func othersBelow(d *directory, dir string) (all []otherFile) {
	top, err := openDirectory(d.fsys, dir)
	if err != nil {
		return nil
	}
	for _, foreign := range top.foreignBelow() {
		below, err := openDirectory(d.fsys, path.Join(dir, foreign))
		if err != nil {
			continue
		}
		for _, file := range below.sqlBelow(path.Join(dir, foreign)) {
			all = append(all, otherFile{path: file, mark: "/", is: "is in " + path.Join(dir, foreign) + ", beside a directory for PostgreSQL", glob: foreign + "/**"})
		}
	}
	return all
}

// leavesToOthers tells whether a file is left out for another one.
func (f *Folder) leavesToOthers(file string) bool {
	return slices.ContainsFunc(f.others, func(o otherFile) bool { return o.path == file })
}

// forOthers names the new files that are left out for PostgreSQL's. What branches add must
// not hide a migration: it counts unless the base leaves out files by the same mark. Where
// all is new, that is told once.
func (r *review) forOthers() []Unchecked {
	known, marks := map[string]bool{}, map[string]bool{}
	if r.from != nil {
		for _, o := range r.from.others {
			known[o.path], marks[o.mark] = true, true
		}
	}
	gone := map[string]bool{}
	for _, s := range r.gone {
		gone[s.path] = true
	}
	var expected, doubtful [][]otherFile
	for _, o := range r.to.others {
		switch {
		case known[o.path]:
		case !r.compares, marks[o.mark] && !gone[o.path]:
			expected = groupOthers(expected, o)
		default:
			doubtful = groupOthers(doubtful, o)
		}
	}
	var all []Unchecked
	for _, group := range doubtful {
		all = append(all, Unchecked{Path: group[0].path, Reason: fmt.Sprintf(
			"%s%s and was left out; nothing on %s shows that what runs the folder leaves it out, too; call it otherwise if it is to run, else say so %s",
			group[0].is, likeMore(group), r.base, r.to.Place.Under(r.to.Dir, "exclude: ["+excluding(group, r.to.Dir)+"]"))})
	}
	for _, group := range expected {
		all = append(all, Unchecked{Path: group[0].path, Reason: group[0].is + likeMore(group) + " and was left out", Known: true})
	}
	return all
}

// groupOthers puts a file to those of which the same is said.
func groupOthers(groups [][]otherFile, o otherFile) [][]otherFile {
	for i, group := range groups {
		if group[0].is == o.is {
			groups[i] = append(group, o)
			return groups
		}
	}
	return append(groups, []otherFile{o})
}

func likeMore(group []otherFile) string {
	if len(group) == 1 {
		return ","
	}
	return fmt.Sprintf(", like %d more,", len(group)-1)
}

// excluding lists patterns of exclude that match the files: their names, or what many of them
// have in common.
func excluding(group []otherFile, folder string) string {
	var patterns []string
	for _, o := range group {
		pattern := yamltext.Pattern(strings.TrimPrefix(o.path, folder+"/"))
		if len(group) > fewFiles && o.glob != "" {
			pattern = yamltext.Scalar(o.glob)
		}
		if !slices.Contains(patterns, pattern) {
			patterns = append(patterns, pattern)
		}
	}
	return strings.Join(patterns, ", ")
}

package source

import (
	"path"
	"regexp"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// aboveContain tells whether a file of one of these names, in the directory or one
// that it is in, has a word in it: a manifest that names a library.
func (d *directory) aboveContain(word string, names ...string) bool {
	return d.aboveMatches(lazyregexp.New(regexp.QuoteMeta(word)), names...)
}

func (d *directory) aboveMatches(pattern *lazyregexp.Regexp, names ...string) bool {
	found := false
	d.climb(func(up *directory) bool {
		for _, name := range names {
			found = found || pattern.MatchString(up.beginning(name))
		}
		return found
	})
	return found
}

// aboveFinds returns what a pattern's group has in the nearest of such files,
// "" when it matches nowhere, or says different things in one file: then, and for
// variables, nobody can be sure.
func (d *directory) aboveFinds(pattern *lazyregexp.Regexp, names ...string) (value string) {
	d.climb(func(up *directory) bool {
		for _, name := range names {
			for _, m := range pattern.FindAllStringSubmatch(up.beginning(name), -1) {
				if value != "" && value != m[1] {
					value, d.unsure = "", true
					return true
				}
				value, d.answeredBy = d.literalValue(m[1]), path.Join(up.dir, name)
			}
		}
		return value != ""
	})
	return value
}

// climb visits the directory and those that it is in, until visit has what it
// wants.
func (d *directory) climb(visit func(up *directory) bool) {
	for dir := d.dir; ; dir = path.Dir(dir) {
		up := d.listed[dir]
		if up == nil {
			var err error
			if up, err = openDirectory(d.fsys, dir); err != nil {
				return
			}
		}
		if visit(up) || dir == "." {
			return
		}
	}
}

// aboveHas tells whether the directory or one that it is in has a file.
func (d *directory) aboveHas(name string) bool {
	found := false
	d.climb(func(up *directory) bool {
		found = up.has(name)
		return found
	})
	return found
}

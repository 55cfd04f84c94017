package source

import (
	"regexp"
	"slices"
	"strings"
)

// mostContain tells whether at least half of the files of SQL have a line that
// matches.
func (d *directory) mostContain(pattern string) bool {
	line := regexp.MustCompile("(?m)" + pattern)
	return isMost(sampleFiles(d.sql()), func(f string) bool { return line.MatchString(d.beginning(f)) })
}

// mostNamed tells whether at least half of the files of SQL have such a name.
func (d *directory) mostNamed(pattern string) bool {
	return isMost(d.sql(), regexp.MustCompile(pattern).MatchString)
}

// mostUpsNamed is mostNamed without the files that go back: in a folder of pairs they are
// half of all, and one stray file beside them would outvote the other half.
func (d *directory) mostUpsNamed(pattern string) bool {
	ups := slices.DeleteFunc(slices.Clone(d.sql()), func(f string) bool { return strings.HasSuffix(f, ".down.sql") })
	return isMost(ups, regexp.MustCompile(pattern).MatchString)
}

// isMost tells whether at least half of the files are of a kind, and looks at no
// more of them than that takes.
func isMost(files []string, is func(string) bool) bool {
	yes, no := 0, 0
	for _, f := range files {
		if is(f) {
			yes++
		} else {
			no++
		}
		if 2*yes >= len(files) || 2*no > len(files) {
			break
		}
	}
	return yes > 0 && 2*yes >= len(files)
}

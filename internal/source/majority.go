package source

import "regexp"

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

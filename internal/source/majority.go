package source

import "regexp"

// mostContain tells whether at least half of the files of SQL have a line that
// matches.
func (d *directory) mostContain(pattern string) bool {
	files := sampleFiles(d.sql())
	if len(files) == 0 {
		return false
	}
	line := regexp.MustCompile("(?m)" + pattern)
	n := 0
	for _, f := range files {
		if line.MatchString(d.beginning(f)) {
			n++
		}
	}
	return 2*n >= len(files)
}

// mostNamed tells whether at least half of the files of SQL have such a name.
func (d *directory) mostNamed(pattern string) bool {
	files := d.sql()
	if len(files) == 0 {
		return false
	}
	name := regexp.MustCompile(pattern)
	n := 0
	for _, f := range files {
		if name.MatchString(f) {
			n++
		}
	}
	return 2*n >= len(files)
}

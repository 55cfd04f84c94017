package source

import (
	"regexp"
	"strings"
)

// A sign is how the folder of a tool looks that migvet does not read yet.
type sign struct {
	tool string
	seen func(d *directory) bool
}

// signs are ordered from certain to likely.
func signs() []sign {
	return []sign{
		{tool: "Liquibase", seen: func(d *directory) bool { return d.contain(`(?i)^\s*--\s*liquibase\s*formatted`) }},
	}
}

// foreign says what a folder looks like that migvet cannot read as its tool
// does. Nothing is guessed in silence.
func (d *directory) foreign() (Found, bool) {
	for _, s := range signs() {
		if !s.seen(d) {
			continue
		}
		return Found{Dir: d.dir, Tool: s.tool, Dialect: postgresql,
			Skip: "it looks like " + s.tool + ", which migvet does not read yet"}, true
	}
	return Found{}, false
}

func (d *directory) isSupabase() bool {
	return d.dir == "supabase/migrations" || strings.HasSuffix(d.dir, "/supabase/migrations")
}

// contain tells whether at least half of the files of SQL have a line that
// matches.
func (d *directory) contain(pattern string) bool {
	files := sample(d.sql())
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

// named tells whether at least half of the files of SQL have such a name.
func (d *directory) named(pattern string) bool {
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

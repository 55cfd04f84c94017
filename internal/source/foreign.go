package source

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// A sign is how the folder of a tool looks that migvet does not read yet.
type sign struct {
	tool string
	seen func(d *directory) bool

	// plain: its files run as they are, in the order of their names, so that
	// reading them as plain SQL is nearly right.
	plain bool
}

// signs are ordered from certain to likely.
func signs() []sign {
	return []sign{
		{tool: "Prisma", seen: func(d *directory) bool {
			return slices.Contains(d.files, "migration_lock.toml") || len(d.with("migration.sql")) > 0
		}},
		{tool: "Sqitch", seen: func(d *directory) bool { return slices.Contains(d.files, "sqitch.plan") }},
		{tool: "graphile-migrate", seen: func(d *directory) bool {
			return path.Base(d.dir) == "committed" && d.contain(`^--! Previous:`)
		}},
		{tool: "Diesel or Hasura", seen: func(d *directory) bool { return len(d.with("up.sql")) > 0 }},
		{tool: "goose", seen: func(d *directory) bool { return d.contain(`(?i)^--\s*\+goose\s+Up`) }},
		{tool: "dbmate", seen: func(d *directory) bool { return d.contain(`(?i)^--\s*migrate:up`) }},
		{tool: "sql-migrate", seen: func(d *directory) bool { return d.contain(`^-- \+migrate\s+Up`) }},
		{tool: "Liquibase", seen: func(d *directory) bool { return d.contain(`(?i)^\s*--\s*liquibase\s*formatted`) }},
		{tool: "tern", seen: func(d *directory) bool { return d.contain(`^---- create above / drop below ----`) }},
		{tool: "node-pg-migrate", seen: func(d *directory) bool { return d.contain(`(?i)^\s*--[\s-]*up\s+migration`) }},
		{tool: "Flyway or refinery", seen: func(d *directory) bool { return d.named(`^[VUR]\d*([._]\d+)*__.+\.sql$`) }},
		{tool: "postgrator", seen: func(d *directory) bool { return d.named(`^\d+\.(do|undo)(\..+)?\.sql$`) }},
		{tool: "Atlas", plain: true, seen: func(d *directory) bool { return slices.Contains(d.files, "atlas.sum") }},
		{tool: "Supabase", plain: true, seen: (*directory).isSupabase},
		{tool: "golang-migrate", plain: true, seen: func(d *directory) bool { return d.named(`^\d+_.*\.(up|down)\.sql$`) }},
	}
}

// foreign says what a folder looks like that migvet cannot read as its tool
// does. Nothing is guessed in silence.
func (d *directory) foreign() (Found, bool) {
	for _, s := range signs() {
		if !s.seen(d) {
			continue
		}
		if !s.plain {
			return Found{Dir: d.dir, Tool: s.tool, Dialect: postgresql,
				Skip: "it looks like " + s.tool + ", which migvet does not read yet"}, true
		}
		if len(d.forward()) == 0 {
			continue
		}
		found := d.plain()
		found.Assumed = "it looks like " + s.tool + ", which migvet does not read yet; taken as plain SQL: files in the order of their names, each in a transaction (tool: plain in .migvet.yml confirms that)"
		return found, true
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

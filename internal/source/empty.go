package source

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
)

// reads are the files that a tool takes for migrations, and sign is what its folder is
// known by.
type toolSigns struct{ reads, sign string }

var signs = map[string]toolSigns{
	Atlas:              {"1_name.sql beside atlas.sum", "atlas.sum"},
	Dbmate:             {"1_name.sql", "-- migrate:up in its files"},
	Diesel:             {"name/up.sql", "up.sql in its directories"},
	Drizzle:            {"what meta/_journal.json lists", "meta/_journal.json"},
	Drizzle1:           {"name/migration.sql", "snapshot.json in its directories"},
	Encore:             {"1_name.up.sql", "encore.app"},
	Flyway:             {"V1__name.sql", "names such as V1__name.sql"},
	GolangMigrate:      {"1_name.up.sql", "names such as 1_name.up.sql"},
	Goose:              {"1_name.sql", "-- +goose Up in its files"},
	GraphileMigrate:    {"committed/000001.sql", "committed/ and --! Previous: in its files"},
	Hasura:             {"1700000000000_name/up.sql", "directories such as 1700000000000_name"},
	Liquibase:          {"what a changelog names", "a changelog of Liquibase"},
	NodePgMigrate:      {"1_name.sql", "-- Up Migration in its files, or package.json"},
	Plain:              {"files that end in .sql, in the folder or its directories of versions", "numbers in front of the names of its files"},
	Postgrator:         {"1.do.name.sql", "names such as 1.do.name.sql"},
	PostgresMigrations: {"1_name.sql", "package.json and numbered files"},
	Prisma:             {"name/migration.sql", "migration.sql in its directories"},
	Refinery:           {"V1__name.sql", "Cargo.toml and names such as V1__name.sql"},
	Sqitch:             {"what sqitch.plan lists", "sqitch.plan"},
	SQLMigrate:         {"files that end in .sql", "-- +migrate Up in its files"},
	Sqlx:               {"1_name.sql", "Cargo.toml and names such as 1_name.sql"},
	Supabase:           {"20260101000000_name.sql", "the path supabase/migrations"},
	Tern:               {"1_name.sql", "tern.conf, or ---- create above / drop below ----"},
}

// Sign says what the folder is known by: "atlas.sum".
func (f Found) Sign() string {
	switch {
	case f.chosen:
		return ".migvet.yml"
	case f.Config != "":
		return f.Config
	case f.Tool == Plain && namesMigrations(f.Dir):
		return "its name"
	default:
		return signs[f.Tool].sign
	}
}

// IsEmpty tells whether the tool reads nothing in the folder.
func (f *Folder) IsEmpty() bool { return len(f.steps) == 0 }

// WhyEmpty says for an empty folder what its tool looks for, what is there, and which
// other tool or directory would do.
func (f *Folder) WhyEmpty() string {
	why := f.Tool + " reads " + signs[f.Tool].reads + ", and there is none"
	d, err := openDirectory(f.fsys, f.Dir)
	if err != nil {
		return why
	}
	if names := d.contents(); len(names) == 0 {
		why += "; the folder is empty"
	} else {
		why += "; there is " + strings.Join(names, ", ")
	}
	if way := d.nearest(f.Tool); way != "" {
		why += "; " + way
	}
	return why
}

// contents names a few of the files and directories, those of SQL first.
func (d *directory) contents() []string {
	names := slices.Clone(d.sql())
	for _, dir := range d.dirs {
		names = append(names, dir+"/")
	}
	for _, file := range d.files {
		if !slices.Contains(names, file) && !strings.HasPrefix(file, ".") {
			names = append(names, file)
		}
	}
	const some = 3
	if more := len(names) - some; more > 0 {
		return append(names[:some], noun.Count(more, "other file"))
	}
	return names
}

// nearest says what would read the SQL that is there: another tool, or the tool in
// another directory.
func (d *directory) nearest(name string) string {
	t, _ := toolNamed(name)
	if up := path.Dir(d.dir); d.dir != "." && readsBelow(d.fsys, up, t, d.dir) {
		return "dir: " + up + " is the folder of " + name + " that it belongs to"
	}
	if found, ok := d.recognise(); ok && found.Skip == "" && found.Tool != name {
		if other, _ := toolNamed(found.Tool); readsBelow(d.fsys, d.dir, other, d.dir) {
			return "tool: " + other.key + " reads them"
		}
	}
	if len(d.sql()) > 0 && name != Plain {
		return "tool: plain reads them"
	}
	var below []string
	for _, sub := range d.withSubdirectories() {
		if len(sub.sql()) > 0 && sub.path != "" {
			below = append(below, path.Join(d.dir, sub.path))
		}
	}
	if found, err := Detect(d.fsys, d.dir); err == nil && len(found) > 0 {
		below = nil
		for _, f := range found {
			below = append(below, f.Dir)
		}
	}
	switch n := len(below); {
	case n == 0:
		return ""
	case n > 3:
		return fmt.Sprintf("SQL is in %s and %d more directories below", below[0], n-1)
	default:
		return "SQL is in " + strings.Join(below, ", ")
	}
}

// readsBelow tells whether a tool reads a migration in a directory of a folder.
func readsBelow(fsys fs.FS, dir string, t tool, below string) bool {
	found, err := At(fsys, dir, t.key)
	if err != nil || t.name == Plain && dir != below {
		return false
	}
	f, err := Load(fsys, found)
	return err == nil && slices.ContainsFunc(f.steps, func(s step) bool { return strings.HasPrefix(s.path, below+"/") })
}

// holder is the folder that a directory is the inner one of: migrations of
// migrations/committed; nil when it is none.
func (d *directory) holder(key string) *directory {
	for _, t := range tools() {
		if t.inner == "" || t.inner != path.Base(d.dir) || key != "" && key != t.key {
			continue
		}
		up, err := openDirectory(d.fsys, path.Dir(d.dir))
		if err != nil {
			continue
		}
		if _, ok := up.ask(t); ok {
			return up
		}
	}
	return nil
}

package cli

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// maxStrays is how many files of a kind are named one by one.
const maxStrays = 5

// tell puts them into the report. What alters what is there, as migrations do, counts
// where nobody has said where migrations are: then it may be one. What only creates is
// more often the schema of a generator or a function.
func (s *strays) tell() {
	p := s.project
	for _, f := range s.altering {
		p.blind = p.blind || s.counts(f)
	}
	p.blind = p.blind || s.none && len(s.creating) > 0
	s.list(s.code, "migrations in code and templates", func(f changedFile) string { return s.reasons[f.path] })
	sql := func(does string) func(f changedFile) string {
		return func(f changedFile) string { return s.whyStray(f.path, does) }
	}
	s.list(s.altering, "files of SQL in no folder of migrations", sql("alters"))
	if len(s.excluded) > 0 {
		p.notes = append(p.notes, "exclude in "+config.Name+" says of what was changed that it is no migration, and nothing has looked at it: "+namesOf(s.excluded))
	}
	s.tellPassed()
	s.tellDeclaring()
	if s.none {
		s.list(s.creating, "files of SQL in no folder of migrations", sql("creates"))
		return
	}
	if len(s.creating) > 0 {
		p.notes = append(p.notes, "SQL that creates objects was changed in no folder of migrations, and nothing has looked at it: "+namesOf(s.creating))
	}
}

// whyStray says why nothing has looked at a file of SQL, and the ways out.
func (s *strays) whyStray(name, does string) string {
	dir := path.Dir(name)
	if source.IsOtherSQL(name) {
		return fmt.Sprintf("ends in %s, and migvet reads files that end in .sql, so nothing has looked at what it %s; to have it read, save it under a name that ends in .sql; ignore-paths: [%s] leaves it out", path.Ext(name), does, s.project.place().Pattern(name))
	}
	if tool, beside := s.places[dir]; beside {
		return fmt.Sprintf("is beside migrations of %s and none that it runs, for all that is known, so nothing has looked at what it %s; make a migration of it, or leave it out: ignore-paths: [%s]", tool, does, s.project.place().Pattern(name))
	}
	return fmt.Sprintf("is in no folder of migrations, so nothing has looked at what it %s; %s, or leave it out: ignore-paths: [%s]",
		does, s.project.wayToName(dir), s.project.pathsToIgnore(name))
}

// pathsToIgnore is what leaves out a file and what is in its directory; the file alone
// where that is the root or holds migrations, whose findings must not go with it.
func (p *project) pathsToIgnore(name string) string {
	dir := path.Dir(name)
	if dir == "." || slices.ContainsFunc(p.dirs, func(d string) bool { return pathWithin(d, dir) }) {
		return p.place().Pattern(name)
	}
	return p.place().PatternBelow(dir)
}

// tellPassed names what was changed in folders that look like those of migrations and count
// for none: tests, what somebody runs by hand.
func (s *strays) tellPassed() {
	byFolder := map[*source.PassedOver][]changedFile{}
	for _, f := range s.passed {
		folder := s.passedFolder(f.path)
		byFolder[folder] = append(byFolder[folder], f)
	}
	for i := range s.project.passed {
		folder := &s.project.passed[i]
		if files := byFolder[folder]; len(files) > 0 {
			s.project.notes = append(s.project.notes, fmt.Sprintf("nothing has looked at what was changed in %s, which %s: %s; %s", folder.Dir, folder.Why, namesOf(files), s.project.wayToName(folder.Dir)))
		}
	}
}

// tellDeclaring names schema files of Supabase that were changed where no migration is new,
// so that the database stays as it is.
func (s *strays) tellDeclaring() {
	isMigrated := slices.ContainsFunc(s.sources, func(src *source.Source) bool { return len(src.History.New) > 0 })
	if len(s.declaring) == 0 || isMigrated {
		return
	}
	s.project.notes = append(s.project.notes, "supabase/schemas declares the schema, and no migration is new, so the database stays as it is; supabase db diff -f NAME makes one of what was changed: "+namesOf(s.declaring))
}

func (s *strays) list(files []changedFile, kind string, reason func(changedFile) string) {
	p := s.project
	shown := files
	if len(files) > maxStrays {
		shown = files[:maxStrays-1]
	}
	for _, f := range shown {
		p.skipped = append(p.skipped, report.Unchecked{Path: f.path, Start: lint.NoPos, Reason: reason(f), Warn: true})
	}
	if rest := files[len(shown):]; len(rest) > 0 {
		p.skipped = append(p.skipped, report.Unchecked{Path: rest[0].path, Start: lint.NoPos, Warn: true, Reason: fmt.Sprintf("one of %d more %s that were changed and not looked at: %s", len(rest), kind, namesOf(rest))})
	}
}

// namesOf names a few files.
func namesOf(files []changedFile) string {
	var names []string
	for _, f := range files[:min(len(files), maxStrays)] {
		names = append(names, f.path)
	}
	if more := len(files) - len(names); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, ", ")
}

// wayToName is what makes a folder of migrations of a directory. The list replaces
// detection, so that it holds the folders that there are.
func (p *project) wayToName(dir string) string {
	if dir == "." {
		return p.wayOutOfRoot()
	}
	tool := ""
	if at := slices.IndexFunc(p.passed, func(o source.PassedOver) bool { return o.Dir == dir }); at >= 0 {
		tool = p.passed[at].Tool
	}
	return "if it holds migrations, " + p.place().Add(dir, "tool: "+cmp.Or(tool, p.toolIn(dir)))
}

// wayOutOfRoot is for a file in the root, which is no folder of migrations.
func (p *project) wayOutOfRoot() string {
	switch {
	case len(p.config.Migrations) > 0, len(p.dirs) > 0:
		return "if it is a migration, move it into the folder of migrations"
	default:
		return "if it is a migration, move it into a folder of its own and name that in " + config.Name + ": " + p.exampleLine()
	}
}

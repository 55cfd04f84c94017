package cli

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
)

// tellStrays names what the branch changes and nothing has looked at: SQL in no folder
// of migrations, and migrations in code. found are the folders, those that are passed
// over among them.
func (p *project) tellStrays(ctx context.Context, found []source.Found, sources []*source.Source) error {
	s := p.newStrays(found, sources, p.base != nil)
	changed, err := p.changedFiles(ctx, s.wants)
	if err != nil {
		return uncheckedError(err)
	}
	s.take(changed)
	s.tell()
	if p.noFolders = s.none && len(found) == 0; p.noFolders && len(s.altering)+len(s.creating)+len(s.code) == 0 {
		p.skipped = append(p.skipped, report.Unchecked{Start: lint.NoPos, Warn: true, Reason: "no folder of migrations was found, so nothing was looked at; name it in " + config.Name + ": " + p.exampleLine() + ", with the folder and the tool of your own; migvet doctor lists what there is"})
	}
	return nil
}

// strays are files that nothing has looked at, by what they would do.
type strays struct {
	project  *project
	found    []source.Found
	sources  []*source.Source
	compares bool // a base tells which files are new

	none    bool              // there is no folder of migrations that is checked
	unknown bool              // nor one that was recognised
	looked  map[string]bool   // files that something has looked at
	places  map[string]string // directories of migrations, with their tools
	newest  []string          // on the base, one of each folder

	altering, creating, code []changedFile
	declaring                []changedFile     // say what a tool makes migrations of
	excluded                 []changedFile     // by the configuration
	passed                   []changedFile     // in folders that count for none of migrations
	kinds, reasons           map[string]string // by path, of code and templates: what they are, in the plural, and why they are not read
}

func (p *project) newStrays(found []source.Found, sources []*source.Source, compares bool) *strays {
	s := &strays{
		project: p, found: found, sources: sources, compares: compares,
		none: len(sources) == 0, looked: lookedAt(sources), places: map[string]string{}, kinds: map[string]string{}, reasons: map[string]string{},
	}
	s.unknown = s.none && !slices.ContainsFunc(found, func(f source.Found) bool { return !f.Overlooked })
	for _, name := range p.config.NamedFiles() {
		s.looked[name] = true
	}
	for _, src := range sources {
		s.places[src.Dir] = src.Tool
		for _, m := range src.Head {
			s.places[path.Dir(m.Path)] = src.Tool
		}
		s.newest = append(s.newest, newestOnBase(src)...)
	}
	return s
}

// take sorts files that are wanted.
func (s *strays) take(files []changedFile) {
	for _, f := range s.withoutPassedOver(files) {
		s.sort(f)
	}
	s.leaveOutCopies()
}

// newestOnBase is the file of the folder's last migration on the base.
func newestOnBase(s *source.Source) []string {
	if n := len(s.History.Base); n > 0 {
		return []string{s.History.Base[n-1].Path}
	}
	return nil
}

// wants tells whether a file counts by its name. Without a base nothing tells which
// files outside of the folders are new; they count where nothing else was found.
func (s *strays) wants(name string) bool {
	_, beside := s.places[path.Dir(name)]
	switch {
	case s.looked[name]:
		return false
	case s.passedFolder(name) != nil:
		return s.compares && path.Ext(name) == ".sql" && !s.project.isExcluded(name)
	case s.project.isExcluded(name): // with its directory: legacy/**; then only a base tells that it is new
		return beside && s.isBehindBase(name) || s.compares
	case source.CodeLanguage(name) != "":
		return beside && s.isBehindBase(name) || source.CodePlace(name) && (s.compares || s.unknown)
	case source.StrayEnding(name, beside):
		return beside && s.isBehindBase(name) || s.none || s.project.flags.Since == ""
	default:
		return (s.compares || s.unknown) && source.StrayFile(name)
	}
}

// isBehindBase tells whether a file beside migrations is new: where --since tells what
// is, by its name.
func (s *strays) isBehindBase(name string) bool {
	return s.project.flags.Since == "" || !slices.ContainsFunc(s.newest, func(last string) bool {
		return path.Dir(last) == path.Dir(name) && path.Base(name) <= path.Base(last)
	})
}

// withoutPassedOver leaves out the files of folders of which it is known that they hold no
// migrations to check, and the variants for other databases. A list of folders in the
// configuration keeps others from being looked for, so that this is done here.
func (s *strays) withoutPassedOver(changed []changedFile) []changedFile {
	p, found := s.project, s.found
	if len(changed) == 0 {
		return nil
	}
	if len(p.config.Migrations) > 0 {
		if around, _, err := source.Survey(p.trusted()); err == nil { // else they are told, which is no harm
			found = slices.Concat(found, around)
		}
	}
	isSkipped := source.SkippedFiles(p.head, found)
	forOthers := map[string]func(name string) bool{}
	return slices.DeleteFunc(changed, func(f changedFile) bool {
		dir := path.Dir(f.path)
		if forOthers[dir] == nil {
			forOthers[dir] = source.IsForOthers(namesIn(p.head, dir), namesIn(p.baseOrHead(), dir))
		}
		return isSkipped(f.path) || forOthers[dir](path.Base(f.path))
	})
}

// baseOrHead is the base, and the branch itself where there is none.
func (p *project) baseOrHead() fs.FS {
	if p.tree == nil {
		return p.head
	}
	return p.tree
}

// namesIn are the names of what is in a directory.
func namesIn(tree fs.FS, dir string) (names []string) {
	entries, err := fs.ReadDir(tree, dir)
	if err != nil {
		return nil // the file is told
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// leaveOutCopies leaves out files that only say again what the migrations say.
func (s *strays) leaveOutCopies() {
	if len(s.sources) == 0 || len(s.altering)+len(s.creating) == 0 {
		return
	}
	migrated := source.Migrated(s.sources)
	isCopy := func(f changedFile) bool { return migrated.Repeat(f.text) }
	s.altering, s.creating = slices.DeleteFunc(s.altering, isCopy), slices.DeleteFunc(s.creating, isCopy)
}

func (s *strays) sort(f changedFile) {
	tool, beside := s.places[path.Dir(f.path)]
	if s.project.isExcluded(f.path) {
		s.excluded = append(s.excluded, f)
		return
	}
	if source.DeclaresSchema(f.path) {
		s.declaring = append(s.declaring, f)
		return
	}
	if folder := s.passedFolder(f.path); folder != nil {
		s.sortPassed(f, folder)
		return
	}
	if source.CodeLanguage(f.path) != "" {
		what, prints := source.CodeMigration(f.path, f.text, beside)
		if what != "" && (beside || !source.ForOtherDatabase(s.project.baseOrHead(), path.Dir(f.path))) {
			s.addCode(f, what, prints, tool)
		}
		return
	}
	if source.IsTemplateOfSQL(f.path) {
		s.addTemplate(f, tool)
		return
	}
	switch source.ReadStray(f.text) {
	case source.Alters:
		s.altering = append(s.altering, f)
	case source.Creates:
		if !s.none && source.OperationsFile(f.path) {
			return
		}
		s.creating = append(s.creating, f)
	case source.Harmless:
	}
}

// sortPassed takes a file in a folder that counts for none of migrations. Where there is no
// other, what is not called after tests may be the one.
func (s *strays) sortPassed(f changedFile, folder *source.PassedOver) {
	switch does := source.ReadStray(f.text); {
	case does == source.Harmless:
	case does == source.Alters && s.none && source.PassesOver(folder.Dir) == "":
		s.altering = append(s.altering, f)
	default:
		s.passed = append(s.passed, f)
	}
}

func (s *strays) addCode(f changedFile, what, prints, tool string) {
	reason := "is " + what + ", which migvet does not read, so it was not checked"
	if tool != "" {
		reason = "is " + what + " among migrations of " + tool + ", which migvet neither reads nor runs, so it was not checked"
	}
	way := "write what it does in SQL"
	if prints != "" {
		way = "save the SQL that " + prints + " prints"
	}
	s.kinds[f.path], s.reasons[f.path] = strings.NewReplacer("a migration", "migrations", "a changelog", "changelogs").Replace(what), reason+s.wayToRead(f, way)
	s.code = append(s.code, f)
	s.project.blind = s.project.blind || s.none || tool != ""
}

// addTemplate adds what a program fills in before it is SQL.
func (s *strays) addTemplate(f changedFile, tool string) {
	reason := "is a template of SQL, which something has to fill in and migvet does not read, so it was not checked"
	if tool != "" {
		reason = "is a template of SQL among migrations of " + tool + ", which something has to fill in and migvet does not read, so it was not checked"
	}
	s.kinds[f.path], s.reasons[f.path] = "templates of SQL", reason+s.wayToRead(f, "save the SQL that comes of it")
	s.code = append(s.code, f)
	s.project.blind = s.project.blind || s.counts(f) || tool != ""
}

// wayToRead says how migvet gets to read what a file does that is no SQL.
func (s *strays) wayToRead(f changedFile, way string) string {
	return "; to have it read, " + way + " to a file of a folder of its own, and run migvet lint --all on that folder; ignore-paths: [" + s.project.place().Pattern(f.path) + "] leaves it out"
}

// counts tells whether a file that may be a migration keeps the run from being one that
// has looked at everything: where nobody has said where migrations are.
func (s *strays) counts(f changedFile) bool {
	return s.none || len(s.project.config.Migrations) == 0 && f.added && !s.isPassedOver(f.path)
}

// isPassedOver tells whether a file is in a folder that counts for none of migrations: a
// copy, or what somebody runs by hand.
func (s *strays) isPassedOver(name string) bool {
	return slices.ContainsFunc(s.project.passed, func(o source.PassedOver) bool { return pathWithin(name, o.Dir) })
}

// passedFolder is the folder that holds a file and no migrations, whatever there is beside
// it: tests, what makes a database once; nil where there is none.
func (s *strays) passedFolder(name string) *source.PassedOver {
	for i, o := range s.project.passed {
		if !o.Beside && pathWithin(name, o.Dir) {
			return &s.project.passed[i]
		}
	}
	return nil
}

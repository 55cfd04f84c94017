package source

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// blockers reports what drizzle-kit up to 1.0 refuses a 0.x folder for. What
// the snapshots' own rules tell is told again: this one is asked for.
// Written after what drizzle-kit 1.0.0-rc.5 does.
func (r *review) blockers() {
	f := r.to
	report := func(at lint.Span, format string, args ...any) {
		r.report(rules.DrizzleUpBlocked.At(f.journalPath(), at.Start, at.End, "drizzle-kit up to 1.0 refuses the folder: "+fmt.Sprintf(format, args...)))
	}
	byPrefix, byID := map[string]snapshotFile{}, map[string]*step{}
	for _, s := range f.snapshots() {
		byPrefix[s.prefix] = s
	}
	for i := range f.steps {
		s := &f.steps[i]
		if snapshot := byPrefix[prefixOf(s.name)]; snapshot.ID != "" {
			byID[snapshot.ID] = s
		}
	}
	var first *step
	for i := range f.steps {
		s := &f.steps[i]
		snapshot, has := byPrefix[prefixOf(s.name)]
		parent := snapshot.parent()
		switch {
		case s.missing:
			report(s.listed, "%s does not exist", s.file())
		case !has:
			report(s.listed, "%s has no snapshot", s.name)
		case snapshot.err != nil:
			report(s.listed, "%s cannot be read", path.Base(snapshot.path))
		case parent == "" && first != nil:
			report(s.listed, "%s is a first migration, as %s is; a folder has one", s.name, first.name)
		case parent == "":
			first = s
		case byID[parent] == nil:
			report(s.listed, "%s follows a snapshot that no migration has (%s)", s.name, parent)
		case folderOf1(s) <= folderOf1(byID[parent]):
			report(s.listed, "%s would become %s, which sorts before %s, the one it follows; set its when to a later second", s.name, folderOf1(s), folderOf1(byID[parent]))
		}
	}
}

// folderOf1 is what drizzle-kit up calls the folder of a migration.
func folderOf1(s *step) string {
	name := s.name
	if _, rest, ok := strings.Cut(s.name, "_"); ok {
		name = rest
	}
	return time.UnixMilli(drizzleWhen(s)).UTC().Format("20060102150405") + "_" + name
}

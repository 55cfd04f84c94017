package source

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// A StandIn is SQL that does what a migration does which migvet cannot run.
type StandIn struct {
	File string
	Text string
}

// CheckStandIns looks for stand-ins of migrations that are in none of the folders, which
// are one folder on several branches, and of those that migvet runs itself. The error
// says what to write.
func CheckStandIns(folders ...*Folder) error {
	if len(folders) == 0 {
		return nil
	}
	for _, version := range slices.Sorted(maps.Keys(folders[0].StandIns)) {
		if err := checkStandIn(version, folders); err != nil {
			return fmt.Errorf("migrations folder %s: stand-in: %w", folders[0].Dir, err)
		}
	}
	return nil
}

func checkStandIn(version string, folders []*Folder) error {
	var names []string
	for _, f := range folders {
		i, err := f.find(version)
		if errors.Is(err, ErrNoMigration) {
			names = append(names, f.versions()...)
			continue
		}
		if err != nil {
			return err
		}
		if s := f.steps[i]; s.standIn == "" {
			return fmt.Errorf("%s is SQL, which migvet runs as it is; remove the entry", s.name)
		}
		return nil
	}
	slices.Sort(names)
	if near := lint.DidYouMean(version, names); near != "" {
		return fmt.Errorf("there is no migration %q%s", version, near)
	}
	return fmt.Errorf("there is no migration %q; those that are not SQL: %s", version, strings.Join(listOrNone(folders), ", "))
}

// versions are the names and the numbers of the steps.
func (f *Folder) versions() []string {
	var all []string
	for _, s := range f.steps {
		all = append(all, s.name)
		if s.number != "" {
			all = append(all, s.number)
		}
	}
	return all
}

// listOrNone names what a stand-in can stand for.
func listOrNone(folders []*Folder) []string {
	var names []string
	for _, f := range folders {
		for _, s := range f.steps {
			if s.opaque != "" || s.standIn != "" {
				names = append(names, s.name)
			}
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return []string{"none"}
	}
	return names
}

// putStandIns gives the steps that migvet cannot run the SQL that stands in for them.
func (f *Folder) putStandIns() error {
	for _, version := range slices.Sorted(maps.Keys(f.StandIns)) {
		i, err := f.find(version)
		if err != nil || f.steps[i].opaque == "" {
			continue // CheckStandIns tells
		}
		if err := f.putStandIn(&f.steps[i], f.StandIns[version]); err != nil {
			return err
		}
	}
	return nil
}

func (f *Folder) putStandIn(s *step, in StandIn) error {
	if why, bad := whyUnreadable(in.File, in.Text); bad {
		return fmt.Errorf("stand-in %s: %s", in.File, why.Message)
	}
	f.files[in.File] = in.Text
	s.standIn, s.opaque, s.unreadable, s.missing, s.down = in.File, "", false, false, nil
	s.text, s.replaced, s.copyRows = in.Text, nil, nil
	p := scanPsql(s.text)
	s.text = blankSpans(s.text, p.commands)
	s.sendRows(p.rows)
	s.chunks = []lint.Span{{Start: 0, End: len(s.text)}}
	s.sendStatements()
	return nil
}

// StoodIn tells which migrations have SQL that stands in for them, by the file of that
// SQL.
func (f *Folder) StoodIn() map[string]string {
	of := map[string]string{}
	for _, s := range f.steps {
		if s.standIn != "" {
			of[s.standIn] = s.path
		}
	}
	return of
}

// writtenIn makes a step opaque that is code.
func (s *step) writtenIn(language string) {
	s.code = language
	s.opaque = "it is written in " + language + ", which migvet does not run"
}

// nameStandIns says of migrations in code how SQL can stand in for them.
func (f *Folder) nameStandIns() {
	var lines []string
	for _, version := range f.codeVersions() {
		if len(lines) == fewFiles {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, yamltext.Scalar(version)+": FILE.sql")
	}
	for i := range f.steps {
		if s := &f.steps[i]; s.code != "" && s.opaque != "" {
			s.opaque += fmt.Sprintf("; SQL that does the same to the schema can stand in for it: write the file, and this %s",
				f.Place.Under(f.Dir, "stand-in: {"+strings.Join(lines, ", ")+"}"))
		}
	}
}

// codeVersions are how a configuration may name the steps in code: by their numbers where
// these are enough.
func (f *Folder) codeVersions() (versions []string) {
	numbered := map[string]int{}
	for _, s := range f.steps {
		numbered[s.number]++
	}
	for _, s := range f.steps {
		switch {
		case s.code == "" || s.opaque == "":
		case s.number != "" && numbered[s.number] == 1:
			versions = append(versions, s.number)
		default:
			versions = append(versions, s.name)
		}
	}
	return versions
}

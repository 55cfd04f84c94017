package source

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

const (
	toldTogether    = 5 // from that many on, what is said of each is said once
	namedMigrations = 3 // how many of them it names
)

// Together makes one finding of many that say the same of migrations of one folder: a squash
// deletes 200 of them, a licence header edits 75, and each is one thing to decide on. So is
// IF NOT EXISTS in 35 statements of a file.
// It comes behind all that silences findings, which does so file by file. folderOf
// tells the folder of a file.
func Together(findings []lint.Finding, folderOf func(file string) string) []lint.Finding {
	alike := map[saidOfMigration][]string{}
	keyOf := func(f lint.Finding) (said saidOfMigration, name string) {
		said, name = ofMigration(f)
		said.folder = folderOf(f.Path)
		return said, name
	}
	for _, f := range findings {
		if said, name := keyOf(f); name != "" {
			alike[said] = append(alike[said], name)
		}
	}
	kept := make([]lint.Finding, 0, len(findings))
	told := map[saidOfMigration]bool{}
	for _, f := range findings {
		said, name := keyOf(f)
		if names := alike[said]; name != "" && len(names) >= toldTogether {
			if told[said] {
				continue
			}
			told[said] = true
			f.Message = said.of(names)
		}
		kept = append(kept, f)
	}
	return kept
}

// A saidOfMigration is what a finding says, but for the name of the migration, or of the
// object in one file.
type saidOfMigration struct {
	folder, rule, rest string
	file               string // "" where it is about the migrations of a folder
	severity           lint.Severity
}

// of says of many what is said of each.
func (said saidOfMigration) of(names []string) string {
	list := fmt.Sprintf("%s and %d more", strings.Join(names[:namedMigrations], ", "), len(names)-namedMigrations)
	if said.file != "" {
		return fmt.Sprintf("nothing happens here nor in %d more places of this file: %s%s", len(names)-1, list, existAlready)
	}
	return fmt.Sprintf("each of %d migrations (%s)%s", len(names), list, said.rest)
}

// ofMigration parts the name of a migration that was deleted or edited as a whole from
// what is said of it. The name is "" for other findings.
func ofMigration(f lint.Finding) (said saidOfMigration, name string) {
	if f.Rule == rules.NoEffect.ID {
		return ofExisting(f)
	}
	if f.Start != lint.NoPos || f.Rule != rules.MigrationDeleted.ID && f.Rule != rules.MigrationEdited.ID {
		return saidOfMigration{}, ""
	}
	at := strings.Index(f.Message, isOnBase)
	if at <= 0 {
		return saidOfMigration{}, ""
	}
	return saidOfMigration{rule: f.Rule, severity: f.Severity, rest: f.Message[at:]}, f.Message[:at]
}

// ofExisting parts the name of what exists already from what no-effect says of it: a script
// that may run again says IF NOT EXISTS everywhere, which is one habit.
func ofExisting(f lint.Finding) (said saidOfMigration, name string) {
	message, found := strings.CutPrefix(f.Message, rules.NothingHappens)
	if !found {
		return saidOfMigration{}, ""
	}
	name, rest, _ := strings.Cut(message, rules.ExistsAlready)
	return saidOfMigration{rule: f.Rule, severity: f.Severity, file: f.Path, rest: rest}, name
}

// existAlready is what is said of several that do.
const existAlready = " exist already and stay as they are; drop IF NOT EXISTS or alter what exists"

// isOnBase stands behind the name of a migration in what is said of one.
const isOnBase = " is on "

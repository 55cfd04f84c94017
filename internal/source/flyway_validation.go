package source

import (
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/quote"
)

// A flywayValidation is what a project has Flyway overlook, which before it runs anything
// holds its files against its table.
// https://documentation.red-gate.com/fd/flyway-validate-on-migrate-setting-277579042.html
// https://documentation.red-gate.com/fd/flyway-ignore-migration-patterns-setting-277579002.html
type flywayValidation struct {
	off        bool // validateOnMigrate=false
	outOfOrder bool

	late, versions, repeatables bool // ignored: latecomers, versions whose file is gone, repeatable migrations of which it is
}

// flywayValidation reads each setting from the nearest file that has one of them.
func (d *directory) flywayValidation() (v flywayValidation) {
	d.settings(flywayFiles(), func(settings map[string]string) bool {
		said := func(key string) string { return d.literalValue(settings["flyway."+key]) }
		is := func(key string) bool { return strings.EqualFold(said(key), "true") }
		v.off, v.outOfOrder = strings.EqualFold(said("validateonmigrate"), "false"), is("outoforder")
		missing := is("ignoremissingmigrations") // of Flyway before 9
		v.late, v.versions, v.repeatables = is("ignoreignoredmigrations"), missing, missing
		for _, pattern := range splitNames(said("ignoremigrationpatterns")) {
			v.ignore(strings.ToLower(pattern))
		}
		return v != flywayValidation{}
	})
	return v
}

// ignore takes in a pattern such as repeatable:missing, *:ignored or *:*.
func (v *flywayValidation) ignore(pattern string) {
	kind, state, _ := strings.Cut(pattern, ":")
	is := func(text string, of ...string) bool { return slices.Contains(append(of, "*"), text) }
	v.late = v.late || is(kind, "versioned") && is(state, "ignored")
	v.versions = v.versions || is(kind, "versioned") && is(state, "missing")
	v.repeatables = v.repeatables || is(kind, "repeatable") && is(state, "missing")
}

// lateness is what becomes of a version that is older than one that has run.
func (v flywayValidation) lateness() (lateness, string) {
	switch {
	case v.outOfOrder:
		return lateApplies, "give it a newer version"
	case v.off || v.late:
		return lateSkipped, "give it a newer version"
	}
	return lateRefused, "Flyway then runs nothing (“Detected resolved migration not applied to database”) unless outOfOrder is set; give it a newer version"
}

// onLoss is what Flyway makes of a version that has run and is gone.
func (v flywayValidation) onLoss() string {
	if v.off || v.versions {
		return ""
	}
	return "Flyway refuses to run anything where it has run (“Detected applied migration not resolved locally”)"
}

// onRepeatableLoss is the same for a repeatable migration. What is set in Java nobody reads
// here, and without validation it is usual to give such a file another description, so
// that it runs again.
func (v flywayValidation) onRepeatableLoss() string {
	if v.off || v.repeatables {
		return ""
	}
	return "Flyway refuses to run anything where it has run (“Detected applied migration not resolved locally”) until flyway repair, unless validateOnMigrate is off or ignoreMigrationPatterns has repeatable:missing"
}

// onEdit is what it makes of other text.
func (v flywayValidation) onEdit() string {
	if v.off {
		return "Flyway is told not to validate, so databases that have run it stay at the old text"
	}
	return "Flyway compares checksums and refuses to run anything where it has run (“Migration checksum mismatch”)"
}

func (v flywayValidation) onRename() string {
	if v.off {
		return ""
	}
	return "Flyway refuses to run anything where it has run (“Migration description mismatch”)"
}

// ledger is that of Flyway as far as it validates. Of a repeatable migration that is gone it
// says nothing: see onRepeatableLoss.
func (v flywayValidation) ledger(of versions, table quote.SQL, name string) ledger {
	l := flywayLedger(of, table, name)
	l.anySum = v.off
	l.spared = func(key string) bool { return v.off || v.versions || strings.HasPrefix(key, repeatable) }
	return l
}

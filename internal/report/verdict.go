package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

// Count returns how many findings of a severity there are, without the
// accepted ones.
func (r *Report) Count(s lint.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// severitiesWorstFirst are those a finding can have, the worst first.
var severitiesWorstFirst = []lint.Severity{lint.Error, lint.Warning, lint.Notice}

// verdict says the result in one line. It claims nothing beside a refusal, and beside
// what is listed as not checked only that the rest is clean.
func (r *Report) verdict() string {
	switch {
	case r.Result == NotApplied:
		return "the new migrations do not apply: " + r.counts()
	case r.Result == NotChecked && len(r.Findings) == 0 && r.NoFolders:
		return "not everything could be checked: no folder of migrations was found"
	case r.Result == NotChecked && len(r.Findings)+len(r.Migrations) == 0:
		return "not everything could be checked; the rest has no new migrations" + r.since()
	case r.Result == NotChecked:
		return "not everything could be checked: " + r.counts()
	case len(r.Findings) > 0:
		return r.counts()
	case r.NoFolders:
		return "no folder of migrations was found, nothing was checked"
	case r.refusesSome():
		return "the server refused a migration, which is accepted: " + r.counts()
	case len(r.Migrations) == 0:
		return "no new migrations" + r.since() + r.leftOut(", nothing to check")
	case len(r.unchecked()) > 0:
		return "nothing was found in " + noun.Count(len(r.Migrations), "migration") + r.leftOut("")
	default:
		return "no findings in " + noun.Count(len(r.Migrations), "migration")
	}
}

// leftOut says how much is listed as not checked, or what to say where nothing is.
func (r *Report) leftOut(nothing string) string {
	n, changed := len(r.unchecked()), r.overlooked()
	switch {
	case n == 0:
		return nothing
	case n == changed && n == 1:
		return "; 1 changed file was not checked"
	case n == changed:
		return fmt.Sprintf("; %d changed files were not checked", n)
	case n == 1:
		return "; 1 item is under Not checked"
	default:
		return fmt.Sprintf("; %d items are under Not checked", n)
	}
}

// overlooked counts what was changed and not looked at.
func (r *Report) overlooked() int {
	n := 0
	for _, u := range r.Unchecked {
		if u.Warn {
			n++
		}
	}
	return n
}

func (r *Report) since() string {
	if r.Base == "" {
		return ""
	}
	return " since " + r.Base
}

// tried reports whether any migration met the server; it can be there and fail
// before.
func (r *Report) tried() bool {
	return r.Trial != nil && slices.ContainsFunc(r.Migrations, func(m Migration) bool {
		return m.Applied != NotTried && m.Applied != ""
	})
}

// counts says how many findings there are: "2 errors, 1 warning in 2 files".
func (r *Report) counts() string {
	var parts []string
	for _, s := range severitiesWorstFirst {
		if n := r.Count(s); n > 0 {
			parts = append(parts, noun.Count(n, s.String()))
		}
	}
	if len(parts) == 0 && (r.Result == NotApplied || r.refusesSome()) {
		return "nothing else was found"
	}
	if len(parts) == 0 && r.Result == NotChecked {
		return "nothing was found in the rest"
	}
	if len(parts) == 0 {
		return "no findings"
	}
	files := map[string]bool{}
	for _, f := range r.Findings {
		files[f.Path] = true
	}
	return strings.Join(parts, ", ") + " in " + noun.Count(len(files), "file")
}

// repairs says how many findings --fix would repair.
func (r *Report) repairs() string {
	n := 0
	for f := range r.Places() {
		if len(f.Edits) > 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; --fix repairs %d", n)
}

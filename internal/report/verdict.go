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

// verdict says the result in one line.
func (r *Report) verdict() string {
	switch {
	case r.Result == NotApplied:
		return "the new migrations do not apply: " + r.counts()
	case r.Result == NotChecked:
		return "not everything could be checked: " + r.counts()
	case len(r.Findings) > 0:
		return r.counts()
	case r.NoFolders:
		return "no folder of migrations was found, nothing was checked"
	case len(r.Migrations) == 0 && r.overlooked() == 1:
		return "no new migrations" + r.since() + "; 1 changed file was not checked"
	case len(r.Migrations) == 0 && r.overlooked() > 1:
		return fmt.Sprintf("no new migrations%s; %d changed files were not checked", r.since(), r.overlooked())
	case len(r.Migrations) == 0:
		return "no new migrations" + r.since() + ", nothing to check"
	case r.refusesSome():
		return "the server refused a migration, which is accepted: " + r.counts()
	default:
		return "no findings in " + noun.Count(len(r.Migrations), "migration")
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
	if len(parts) == 0 && r.refusesSome() {
		return "nothing else was found"
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
	for _, f := range r.Findings {
		if len(f.Edits) > 0 {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; --fix repairs %d", n)
}

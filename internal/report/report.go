// Package report turns the outcome of one run into the formats people and
// machines read. A format is a file of this package and a function from a
// [Report] to a writer.
package report

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
)

// Result is the verdict in one word.
type Result string

const (
	Passed     Result = "passed"
	Findings   Result = "findings"    // some at or above --fail-on
	NotApplied Result = "not-applied" // the new migrations do not apply
	NotChecked Result = "error"       // something could not be checked
)

// A Report is all there is to tell about a run.
type Report struct {
	Version    string // of migvet
	Base       string // what the branch was compared with, in words; "" when everything is new
	Result     Result
	ExitCode   int
	Findings   []lint.Finding // sorted, without the accepted ones
	Accepted   []lint.Finding // silenced, each with its reason
	Migrations []Migration    // under review, in the order they run
	Trial      *Trial         // nil when nothing was tried
	Unchecked  []Unchecked

	// Schema is what the new migrations make of the schema, for each folder that
	// has any and where it is known. SchemaUnknown is set when it is not known of
	// all.
	Schema        []SchemaChange
	SchemaUnknown bool
	NoFolders     bool          // there is no folder of migrations: nothing was looked at
	Notes         []string      // about the check itself: what it did not take from the branch, what the branch weakens
	Assumed       []string      // how folders were read, where nobody said so; notes that no annotation tells
	FailOn        lint.Severity // findings from it on fail the run; above all severities when none does

	// Sources holds the text of every file a finding or statement points into,
	// by path; positions are computed from it.
	Sources map[string]string

	// Statements are the places of all statements under review, by path. With
	// them a finding keeps its fingerprint when lines move.
	Statements map[string][]lint.Span

	// Rules documents the rules of the findings, by ID; formats with titles
	// and help take them from it. A finding may name a rule that is not there.
	Rules map[string]*lint.Rule
}

// Status says how a migration differs from the base branch.
type Status string

const (
	New      Status = "new"
	Edited   Status = "edited"
	Deleted  Status = "deleted"
	Renamed  Status = "renamed"
	Orphaned Status = "orphaned" // a file that the tool's journal does not name
)

// Outcome says what came of a migration in the trial.
type Outcome string

const (
	Applied  Outcome = "applied"
	Failed   Outcome = "failed"
	Skipped  Outcome = "skipped"   // the tool believes it has run already
	NotRun   Outcome = "not-run"   // an earlier one failed
	NotTried Outcome = "not-tried" // there was no trial
)

// A Migration is one migration under review.
type Migration struct {
	Path, Name, Tool string
	Dir              string // the folder that it is in; "" where nobody says
	Status           Status
	Applied          Outcome
	Duration         time.Duration
	Undo             *Undo // nil when the tool does not go back, or it was not tried
}

// labels are how the migrations are listed: by their files, and by their names
// where a file has several.
func (r *Report) labels() []string {
	names := map[string]map[string]bool{}
	for _, m := range r.Migrations {
		if names[m.Path] == nil {
			names[m.Path] = map[string]bool{}
		}
		names[m.Path][m.Name] = true
	}
	return convertAll(r.Migrations, func(m Migration) string {
		if m.Status == New && len(names[m.Path]) > 1 {
			return m.Path + " " + m.Name
		}
		return m.Path
	})
}

// An Undo is what came of taking a migration back as its tool does.
type Undo struct {
	Outcome UndoOutcome
	Loses   []string // in words: "drops table audit"
}

// UndoOutcome says how far the way back went.
type UndoOutcome string

const (
	UndoWorks    UndoOutcome = "works"   // the schema is the one before, and the migration runs again
	UndoDiffers  UndoOutcome = "differs" // it is another one, or the migration does not run again
	UndoRefused  UndoOutcome = "refused"
	UndoMissing  UndoOutcome = "missing" // there is no down, or an empty one
	UndoNotTried UndoOutcome = "not-tried"
)

// A Trial says on what, and with what effects, the migrations were tried.
type Trial struct {
	Postgres   string // "16.14"
	Sandbox    string // what held the server, in words
	Statements []Statement
	Duration   time.Duration
}

// A Statement is one statement that ran, and what it did.
type Statement struct {
	Path       string
	Migration  string // its name; "" when the file holds one migration
	Start, End int    // bytes in the file
	SQL        string
	Effect     *lint.Effect
}

// Unchecked is something that could not be checked, and why.
type Unchecked struct {
	Path   string
	Start  int // bytes in the file, or lint.NoPos
	Reason string
	Warn   bool // it was changed and not looked at: an annotation tells it, too
}

// joinLines puts what several errors say into one line.
func joinLines(text string) string {
	var joined strings.Builder
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		switch before := joined.String(); {
		case before == "":
		case strings.HasSuffix(before, ":") || strings.HasSuffix(before, ";"):
			joined.WriteString(" ")
		default:
			joined.WriteString("; ")
		}
		joined.WriteString(line)
	}
	return joined.String()
}

// Places yields each finding and those that are told with it.
func (r *Report) Places() iter.Seq[lint.Finding] {
	return func(yield func(lint.Finding) bool) {
		for _, f := range r.Findings {
			for _, place := range slices.Insert(slices.Clone(f.Others), 0, f) {
				if !yield(place) {
					return
				}
			}
		}
	}
}

// allEdits are the edits of a finding and of those that are told with it, which are about
// the same file.
func allEdits(f lint.Finding) []lint.Edit {
	edits := slices.Clone(f.Edits)
	for _, other := range f.Others {
		edits = append(edits, other.Edits...)
	}
	return edits
}

// allNotes are those about the check and those about folders.
func (r *Report) allNotes() []string { return slices.Concat(r.Assumed, r.Notes) }

// unchecked joins what the caller says was not checked with what the
// statements say could not be observed.
func (r *Report) unchecked() []Unchecked {
	all := append([]Unchecked(nil), r.Unchecked...)
	for i := range all {
		all[i].Reason = joinLines(all[i].Reason)
	}
	if r.Trial == nil {
		return all
	}
	seen := map[Unchecked]bool{}
	for _, u := range all {
		seen[u] = true
	}
	for _, s := range r.Trial.Statements {
		if s.Effect == nil || s.Effect.Incomplete == "" {
			continue
		}
		if u := (Unchecked{Path: s.Path, Start: s.Start, Reason: s.Effect.Incomplete}); !seen[u] {
			seen[u] = true
			all = append(all, u)
		}
	}
	return all
}

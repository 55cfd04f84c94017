package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// report lints the sources with what the trial saw and judges the run.
func (v *verdict) report(ctx context.Context) (*report.Report, error) {
	p := v.project
	v.addUnread()
	all := p.env.rules()
	var histories []*lint.History
	found := v.findings
	for _, s := range v.sources {
		histories = append(histories, s.History)
		found = append(found, s.Findings...)
		v.addUnchecked(s)
		if p.config.Severity()[rules.DownMissing.ID] != lint.Off {
			found = append(found, v.missingDowns(s)...)
		}
	}
	o := lint.Options{
		Rules: all, Severity: p.config.Severity(), Sizes: p.sizes, Observed: v.observed, Edits: true, Apart: true,
		Panicked: p.debugStack, Postgres: cmp.Or(v.major, p.config.Postgres), MaxLockTimeout: p.config.MaxLockTimeout,
	}
	v.findMentions(ctx, &o)
	start := time.Now()
	findings := v.takePanics(lint.Run(histories, found, o))
	p.timed("rules", time.Since(start))
	v.survive(".", "--debug", func() { v.debugRules(histories, o) })
	kept, accepted := p.config.Accept(slices.DeleteFunc(findings, func(f lint.Finding) bool { return !f.Stops && !p.reported(f.Path) }))
	r := &report.Report{
		Version: p.version, Base: p.baseText, Findings: kept, Accepted: accepted,
		Migrations: v.migrations(), Trial: v.tried, Unchecked: append(p.skipped, v.unchecked...),
		Sources: map[string]string{}, Statements: map[string][]lint.Span{}, Rules: map[string]*lint.Rule{}, FailOn: p.failOn,
		Schema: v.schema, SchemaUnknown: v.schemaUnknown(),
	}
	for _, rule := range all {
		r.Rules[rule.ID] = rule
	}
	for _, s := range v.sources {
		maps.Copy(r.Sources, s.Files)
		addStatements(r.Statements, s, slices.Concat(kept, accepted))
	}
	v.noteUnmatched(r)
	p.approve(r)
	if err := v.baseline(r); err != nil {
		return nil, usageError(err)
	}
	r.Findings = source.Together(lint.Join(r.Findings), v.folderOf())
	r.Notes, r.Assumed, r.NoFolders = p.notes, p.assumed, p.noFolders
	p.nameConfiguration(r)
	v.leaveBehindRefusals(r)
	v.judge(r)
	return r, nil
}

// folderOf returns what tells the folder of a file that a source has findings about.
func (v *verdict) folderOf() func(file string) string {
	folders := map[string]string{}
	for _, s := range v.sources {
		for _, f := range s.Findings {
			folders[f.Path] = s.Dir
		}
	}
	return func(file string) string { return folders[file] }
}

// schemaUnknown tells whether what the new migrations of some folder make of the schema
// is not known: they were not tried, do not apply, or none of those that ran changes it
// and others did not run.
func (v *verdict) schemaUnknown() bool {
	return len(v.schema) < v.withNew() || slices.ContainsFunc(v.schema, func(c report.SchemaChange) bool { return c.NotRun > 0 && len(c.Changes) == 0 })
}

// noteUnmatched tells of entries of accept that accept nothing: the finding is gone, or
// the entry never was about one.
func (v *verdict) noteUnmatched(r *report.Report) {
	var files []string
	for _, m := range r.Migrations {
		if v.project.reported(m.Path) && !slices.Contains(files, m.Path) {
			files = append(files, m.Path)
		}
	}
	v.project.config.Unmatched(r.Accepted, files, func(rule, file string) {
		if v.couldReport(r, rule) {
			v.project.notes = append(v.project.notes, fmt.Sprintf("an entry of accept in %s is about %s in %s, which is not reported there; remove it, or name the file that it is about", config.Name, rule, file))
		}
	})
}

// addUnchecked tells what of a folder could not be read. What the base has as it is
// weighs nothing.
func (v *verdict) addUnchecked(s *source.Source) {
	for _, u := range s.Unchecked {
		if u.Panic != nil {
			u.Reason += reportPanic
			v.project.debugStack(u.Path, u.Panic.Stack)
		}
		v.unchecked = append(v.unchecked, report.Unchecked{Path: u.Path, Start: lint.NoPos, Reason: u.Reason})
		v.blind = v.blind || !u.Known
	}
}

// addUnread says what nobody has looked at: what is too long, nested too deep,
// or not SQL is not linted, and without a trial not run either. A DROP TABLE
// behind 10,000 statements must not pass for checked.
func (v *verdict) addUnread() {
	for _, s := range v.sources {
		if v.tried == nil {
			v.addOpaque(s)
		}
		for _, m := range s.History.New {
			if !v.project.reported(m.Path) {
				continue
			}
			if unread := m.Unread(v.observed); len(unread) > 0 {
				v.notChecked(m.Path, m.Place(unread[0]).Start, whyUnread(unread))
			}
		}
	}
}

// addOpaque tells of new migrations that are not SQL, which a trial does itself.
func (v *verdict) addOpaque(s *source.Source) {
	unwanted := func(m *lint.Migration) bool { return !v.project.reported(m.Path) }
	for _, g := range source.OpaqueTogether(slices.DeleteFunc(slices.Clone(s.History.New), unwanted)) {
		v.notChecked(g.Path, lint.NoPos, fmt.Sprintf("%s was not checked: %s", g.Who, g.Why))
	}
}

func (v *verdict) notChecked(path string, start int, reason string) {
	v.blind = true
	v.unchecked = append(v.unchecked, report.Unchecked{Path: path, Start: start, Reason: reason})
}

func whyUnread(unread []*lint.Statement) string {
	first := unread[0]
	if first.Rest {
		return "what follows from here was neither linted nor run: " + first.ParseError.Message
	}
	reason := "this statement was neither linted nor run: " + first.ParseError.Message
	if more := len(unread) - 1; more > 0 {
		reason += fmt.Sprintf("; nor were %d behind it", more)
	}
	return reason
}

// addStatements notes where statements stand, in every file that a finding is
// about: to parse all others takes time.
func addStatements(places map[string][]lint.Span, s *source.Source, findings []lint.Finding) {
	about := map[string]bool{}
	for _, f := range findings {
		about[f.Path] = true
	}
	for _, m := range s.Head {
		if _, told := s.Files[m.Path]; !told || !about[m.Path] {
			continue
		}
		for _, st := range m.Statements() {
			places[m.Path] = append(places[m.Path], m.Place(st))
		}
	}
}

// judge sets result and exit status. What does not apply weighs most, then
// what could not be checked, then findings.
func (v *verdict) judge(r *report.Report) {
	switch {
	case !v.refusalsAccepted(r):
		r.Result, r.ExitCode = report.NotApplied, exitNotApplied
	case v.blind || v.project.blind:
		r.Result, r.ExitCode = report.NotChecked, exitUnchecked
	case slices.ContainsFunc(r.Findings, func(f lint.Finding) bool { return f.Severity >= v.project.failOn }):
		r.Result, r.ExitCode = report.Findings, exitFindings
	default:
		r.Result, r.ExitCode = report.Passed, exitClean
	}
}

// migrations lists what is under review, and what the branch did to others.
func (v *verdict) migrations() []report.Migration {
	var all []report.Migration
	for _, s := range v.sources {
		for _, m := range s.History.New {
			o := v.outcomes[m]
			row := report.Migration{Path: m.Path, Name: m.Name, Dir: s.Dir, Tool: s.Tool, Status: report.New, Applied: report.NotTried, Duration: o.Duration}
			if o.Applied != "" {
				row.Applied = outcomeNames[o.Applied]
			}
			if o.Undone != nil {
				row.Undo = &report.Undo{Outcome: undoOutcomes[o.Undone.State], Loses: o.Undone.Loses}
			}
			all = append(all, row)
		}
		all = append(all, changedMigrations(s)...)
	}
	return all
}

var outcomeNames = map[trial.Applied]report.Outcome{
	trial.DidApply: report.Applied, trial.Failed: report.Failed, trial.Skipped: report.Skipped, trial.NotRun: report.NotRun,
}

var undoOutcomes = map[trial.UndoState]report.UndoOutcome{
	trial.UndoWorks: report.UndoWorks, trial.UndoDiffers: report.UndoDiffers, trial.UndoRefused: report.UndoRefused,
	trial.UndoMissing: report.UndoMissing, trial.UndoNotTried: report.UndoNotTried,
}

var changedStatuses = map[string]report.Status{
	rules.MigrationEdited.ID:   report.Edited,
	rules.MigrationDeleted.ID:  report.Deleted,
	rules.MigrationRenamed.ID:  report.Renamed,
	rules.MigrationOrphaned.ID: report.Orphaned,
}

// changedMigrations lists migrations that are not new and were touched all the same. A
// repeatable one that was renamed is new under its other name.
func changedMigrations(s *source.Source) []report.Migration {
	var rows []report.Migration
	seen := map[string]bool{}
	for _, m := range s.History.New {
		seen[m.Path] = m.Repeatable
	}
	for _, f := range s.Findings {
		status, ok := changedStatuses[f.Rule]
		if !ok || seen[f.Path] {
			continue
		}
		seen[f.Path] = true
		name := strings.TrimSuffix(f.Path[strings.LastIndexByte(f.Path, '/')+1:], ".sql")
		rows = append(rows, report.Migration{Path: f.Path, Name: name, Tool: s.Tool, Status: status, Applied: report.NotTried})
	}
	return rows
}

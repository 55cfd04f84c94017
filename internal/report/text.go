package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

// TextOptions are the reader's preferences.
type TextOptions struct {
	Color  bool // ANSI colours
	Source bool // the line of SQL below each error
}

// Text writes a report for people: a line for each finding, in the form that
// editors recognise, then what the new migrations did and the verdict.
func Text(w io.Writer, r *Report, o TextOptions) error {
	t := &text{report: r, options: o, places: newPlaces(r)}
	t.out.Grow(len(r.Findings) * 300) // about what a finding takes
	for _, f := range r.Findings {
		t.finding(f)
	}
	t.migrations()
	t.schemaChanges()
	t.unchecked()
	t.accepted()
	t.notes()
	t.verdict()
	_, err := io.WriteString(w, defuseCommands(t.out.String()))
	return err
}

type text struct {
	report  *Report
	options TextOptions
	places  *places
	out     strings.Builder
}

func (t *text) linef(format string, args ...any) {
	fmt.Fprintf(&t.out, format+"\n", args...)
}

// section starts a group of lines, apart from what is above.
func (t *text) section(title string) {
	if t.out.Len() > 0 {
		t.linef("")
	}
	if title != "" {
		t.linef("%s", t.paint(ansiBold, title))
	}
}

func (t *text) finding(f lint.Finding) {
	start, end := t.places.span(f)
	t.linef("%s: %s: %s %s",
		t.paint(ansiBold, formatPlace(f.Path, start)),
		t.paint(severityColor[f.Severity], f.Severity.String()),
		oneLine(f.Message),
		t.paint(ansiDim, "["+oneLine(f.Rule)+"]"))
	if f.Evidence != "" {
		t.linef("    %s", oneLine(f.Evidence))
	}
	if t.options.Source && f.Severity == lint.Error && start.Line > 0 {
		t.source(f.Path, start, end)
	}
}

// formatPlace writes a position as compilers do; a whole file has no line.
func formatPlace(path string, p lint.Position) string {
	if p.Line == 0 {
		return oneLine(path)
	}
	return fmt.Sprintf("%s:%d:%d", oneLine(path), p.Line, p.Column)
}

const maxSourceWidth = 160

// source shows a line with a marker below the place.
func (t *text) source(path string, start, end lint.Position) {
	text, first := t.places.file(path).Around(start, maxSourceWidth, 20)
	line := []rune(text)
	from := max(0, min(start.Column-1-first, len(line)))
	to := len(line)
	if end.Line == start.Line {
		to = max(from, min(end.Column-1-first, len(line)))
	}
	before, marked, after := showCells(line[:from]), showCells(line[from:to]), showCells(line[to:])
	t.linef("    %5d | %s%s%s", start.Line, before, marked, after)
	marker := "^" + strings.Repeat("~", max(0, utf8.RuneCountInString(marked)-1))
	t.linef("          | %s%s", strings.Repeat(" ", utf8.RuneCountInString(before)), t.paint(ansiRed, marker))
}

// showCells shows runes so that each takes the columns that are counted for it.
func showCells(line []rune) string {
	return oneLine(strings.ReplaceAll(string(line), "\t", "    "))
}

func (t *text) migrations() {
	if len(t.report.Migrations) == 0 {
		return
	}
	t.section(t.heading())
	listed, width := t.report.listed(), 0
	for i := range listed {
		listed[i].label = oneLine(listed[i].label)
		width = max(width, utf8.RuneCountInString(listed[i].label))
	}
	for _, m := range listed {
		line := fmt.Sprintf("  %-*s  %s", width, m.label, t.outcome(m.Migration))
		t.linef("%s", strings.TrimRight(line, " "))
	}
	for _, line := range t.report.folders() {
		t.linef("  %s", t.paint(ansiDim, oneLine(line)))
	}
}

func (t *text) heading() string {
	trial := t.report.Trial
	if !t.report.tried() {
		return oneLine("Migrations" + t.report.since() + ", not tried:")
	}
	on := "PostgreSQL " + trial.Postgres
	if trial.Sandbox != "" {
		on += " (" + trial.Sandbox + ")"
	}
	return oneLine("Migrations" + t.report.since() + ", tried on " + on + ":")
}

func (t *text) outcome(m Migration) string {
	var words []string
	if m.Status != New && m.Status != "" {
		words = append(words, string(m.Status))
	}
	if m.Applied != NotTried {
		words = append(words, t.paint(t.outcomeColor(m), t.report.outcome(m)))
	}
	return strings.Join(words, ", ")
}

// outcome says what came of a migration: "applied in 12 ms".
func (r *Report) outcome(m Migration) string {
	words := strings.ReplaceAll(string(m.Applied), "-", " ")
	if m.Applied != Applied {
		return words
	}
	words += " in " + milliseconds(m.Duration)
	if r.refusedWithRows(m) {
		words += ", but not with rows"
	}
	return words + m.Undo.words()
}

var undoWords = map[UndoOutcome]string{
	UndoWorks: "its down works", UndoDiffers: "its down does not restore the schema", UndoRefused: "its down is refused",
	UndoMissing: "it has no down", UndoNotTried: "its down was not tried",
}

// words says what came of going back: "; its down works and drops table
// audit".
func (u *Undo) words() string {
	if u == nil {
		return ""
	}
	words := "; " + undoWords[u.Outcome]
	if len(u.Loses) > 0 {
		words += " and " + joinItems(u.Loses, ", ")
	}
	return words
}

// refusedWithRows reports whether a migration that applied to empty tables was
// refused by those with rows.
func (r *Report) refusedWithRows(m Migration) bool {
	return r.Trial != nil && slices.ContainsFunc(r.Trial.Statements, func(s Statement) bool {
		return s.Path == m.Path && (s.Migration == "" || s.Migration == m.Name) && s.Effect != nil && s.Effect.Err != nil
	})
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
}

func (t *text) unchecked() {
	unchecked := t.report.unchecked()
	if len(unchecked) == 0 {
		return
	}
	t.section("Not checked:")
	for _, u := range unchecked {
		t.linef("  %s%s", uncheckedPlace(u, t.places), oneLine(u.Reason))
	}
}

// uncheckedPlace is "path:line: ", as much of it as there is.
func uncheckedPlace(u Unchecked, p *places) string {
	if u.Path == "" {
		return ""
	}
	if at := p.at(u.Path, u.Start); at.Line > 0 {
		return fmt.Sprintf("%s:%d: ", oneLine(u.Path), at.Line)
	}
	return oneLine(u.Path) + ": "
}

func (t *text) accepted() {
	accepted := t.report.Accepted
	if len(accepted) == 0 {
		return
	}
	t.section(noun.Count(len(accepted), "finding") + " accepted by ignore comments, the configuration, the baseline or labels:")
	for _, f := range t.report.firstAccepted() {
		start, _ := t.places.span(f)
		reason := oneLine(f.Accepted)
		if f.Stops {
			reason += "; " + oneLine(f.Message)
		}
		t.linef("  %s: %s: %s", formatPlace(f.Path, start), oneLine(f.Rule), reason)
	}
	if more := len(accepted) - maxAccepted; more > 0 {
		t.linef("  and %d more, which the format json lists", more)
	}
}

func (t *text) notes() {
	notes := t.report.allNotes()
	if len(notes) == 0 {
		return
	}
	t.section("Notes:")
	for _, n := range notes {
		t.linef("  %s", oneLine(n))
	}
}

func (t *text) verdict() {
	t.section("")
	color := ansiGreen
	if t.report.Result != Passed {
		color = ansiRed
	}
	t.linef("%s", t.paint(color, "migvet: "+oneLine(t.report.verdict())+t.report.repairs()))
}

// https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters
const (
	ansiBold   = "1"
	ansiDim    = "2"
	ansiRed    = "31"
	ansiGreen  = "32"
	ansiYellow = "33"
	ansiBlue   = "34"
)

var severityColor = map[lint.Severity]string{lint.Error: ansiRed, lint.Warning: ansiYellow, lint.Notice: ansiBlue}

func (t *text) outcomeColor(m Migration) string {
	switch {
	case m.Applied == Failed:
		return ansiRed
	case m.Applied == Applied && !t.report.refusedWithRows(m):
		return ansiGreen
	}
	return ansiYellow
}

func (t *text) paint(color, words string) string {
	if !t.options.Color || color == "" {
		return words
	}
	return "\x1b[" + color + "m" + words + "\x1b[0m"
}

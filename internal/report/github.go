package report

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/sethvargo/go-githubactions"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

const (
	// maxAnnotations is how many annotations of one severity GitHub keeps for a
	// step; the steps inside a composite action share them.
	maxAnnotations = 10

	// maxAnnotationLength is in UTF-16 units, a little below the 4,096 at which
	// the runner cuts without regard to what it cuts.
	maxAnnotationLength = 3900
)

// GitHub writes the findings as annotations of a pull request, through
// workflow commands, and behind them the text report, so that the log holds
// what exceeds GitHub's limits.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func GitHub(w io.Writer, r *Report, o TextOptions) error {
	if err := Annotations(w, r); err != nil {
		return err
	}
	return Text(w, r, o)
}

// Annotations writes the workflow commands alone, the worst findings first.
func Annotations(w io.Writer, r *Report) error {
	var out bytes.Buffer // the library panics when it cannot write
	a := annotator{
		action: githubactions.New(githubactions.WithWriter(&out), githubactions.WithGetenv(noEnvironment)),
		report: r,
		places: newPlaces(r),
	}
	for _, s := range severitiesWorstFirst {
		a.severity(s)
	}
	a.acceptedRefusals()
	a.unchecked()
	a.notes()
	_, err := w.Write(out.Bytes())
	return err
}

func noEnvironment(string) string { return "" }

type annotator struct {
	action *githubactions.Action
	report *Report
	places *places
}

// severity annotates the findings of one severity; when there are too many,
// the last annotation says how many more there are.
func (a annotator) severity(s lint.Severity) {
	var found []lint.Finding
	for _, f := range a.report.Findings {
		if f.Severity == s {
			found = append(found, f)
		}
	}
	shown, room := len(found), a.room(s)
	if shown > room {
		shown = room - 1
	}
	slices.SortStableFunc(found, newFirst(a.report))
	for _, f := range found[:shown] {
		a.annotate(s, a.fields(f), shortenUTF16(messageText(f), maxAnnotationLength))
	}
	if more := len(found) - shown; more > 0 {
		a.annotate(s, map[string]string{"title": "migvet: " + noun.Count(more, "more "+s.String())},
			"GitHub shows ten annotations of a kind; the step summary and the log hold all of them.")
	}
}

// room is how many findings of a severity are annotated. One notice is kept for
// the step that comments, one for the notes, and one for refusals that are accepted; one
// warning for what was changed and not looked at.
func (a annotator) room(s lint.Severity) int {
	room := maxAnnotations
	switch {
	case s == lint.Notice:
		room -= 1 + min(1, len(a.report.Notes)) + min(1, len(a.report.acceptedRefusals()))
	case s == lint.Warning && a.overlooked() != "":
		room--
	}
	return room
}

// acceptedRefusals is one notice on the first of them: what the server does not take is
// nothing to pass by without a word.
func (a annotator) acceptedRefusals() {
	all := a.report.acceptedRefusals()
	if len(all) == 0 {
		return
	}
	text := convertAll(all, func(f lint.Finding) string { return Sanitise(f.Path + ": " + acceptedText(f)) })
	a.annotate(lint.Notice, a.fields(all[0]), shortenUTF16(strings.Join(text, "\n"), maxAnnotationLength))
}

// overlooked is what was changed and not looked at, a line for each file; "" for
// nothing.
func (a annotator) overlooked() string {
	var lines []string
	for _, u := range a.report.Unchecked {
		if u.Warn {
			lines = append(lines, strings.TrimPrefix(oneLine(u.Path)+" ", " ")+oneLine(u.Reason))
		}
	}
	return strings.Join(lines, "\n")
}

// unchecked is a warning: nobody reads the list in the log of a run that passes.
func (a annotator) unchecked() {
	if lines := a.overlooked(); lines != "" {
		a.annotate(lint.Warning, map[string]string{"title": "migvet: changed and not checked"}, shortenUTF16(lines, maxAnnotationLength))
	}
}

func (a annotator) notes() {
	if len(a.report.Notes) > 0 {
		a.annotate(lint.Notice, map[string]string{"title": "migvet"}, shortenUTF16(Sanitise(strings.Join(a.report.Notes, "\n")), maxAnnotationLength))
	}
}

// newFirst prefers findings in new migrations: GitHub shows their lines in the
// pull request.
func newFirst(r *Report) func(a, b lint.Finding) int {
	isNew := map[string]int{}
	for _, m := range r.Migrations {
		if m.Status == New {
			isNew[m.Path] = 1
		}
	}
	return func(a, b lint.Finding) int { return cmp.Compare(isNew[b.Path], isNew[a.Path]) }
}

func (a annotator) annotate(s lint.Severity, fields map[string]string, message string) {
	action := a.action.WithFieldsMap(fields)
	switch s {
	case lint.Error:
		action.Errorf("%s", message)
	case lint.Warning:
		action.Warningf("%s", message)
	default:
		action.Noticef("%s", message)
	}
}

// fields are the properties of an annotation. The runner drops columns of
// findings that span lines, and GitHub shows no annotation without a line in
// the diff.
func (a annotator) fields(f lint.Finding) map[string]string {
	start, end := a.places.span(f)
	fields := map[string]string{"file": f.Path, "line": strconv.Itoa(max(1, start.Line)), "title": a.title(f)}
	if start.Line == 0 {
		return fields
	}
	fields["endLine"] = strconv.Itoa(end.Line)
	if start.Line == end.Line {
		fields["col"] = strconv.Itoa(start.Column)
		fields["endColumn"] = strconv.Itoa(end.Column)
	}
	return fields
}

func (a annotator) title(f lint.Finding) string {
	title := f.Rule
	if rule := a.report.Rules[f.Rule]; rule != nil && rule.Title != "" {
		title += ": " + rule.Title
	}
	return oneLine(title)
}

const cutMark = "\n…"

// shortenUTF16 shortens text to a number of UTF-16 units: behind a line when that keeps
// half of it, else behind a character.
func shortenUTF16(text string, limit int) string {
	if utf16Length(text) <= limit {
		return text
	}
	limit -= utf16Length(cutMark)
	units, end := 0, 0
	for i, r := range text {
		units += utf16Width(r)
		if units > limit {
			end = i
			break
		}
	}
	if line := strings.LastIndexByte(text[:end], '\n'); line > end/2 {
		end = line
	}
	return text[:end] + cutMark
}

func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16Width(r)
	}
	return n
}

func utf16Width(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

package lint

import (
	"fmt"
	"strings"
)

// A series is what a finding has in common with others of its rule in one file: one
// decision, such as dropping six columns, is behind all of them.
type series struct {
	kind    string // what is said of each, without its name: consequence and way out
	subject string // what this one is about: "orders.total"
	line    int    // in the file, from 1; 0 until Run has counted
}

// TellInSeries has a finding told as one with those of its rule, file and severity of which
// the same is said: "dropping column orders.a loses its data; …; the same goes for orders.b
// (line 4)". The kind is all that must be the same; what differs and matters, such as code
// that mentions one of two columns, belongs into it and keeps them apart. The others stay in
// [Finding.Others], with their places and edits. Only [Join] does it: what fails for certain,
// and what somebody accepted, stays by itself.
func (p *Pass) TellInSeries(f *Finding, kind, subject string) {
	f.series = series{kind: kind, subject: subject}
}

// maxInSeries is how many of the others are named. All of them are lost, or work, or wait:
// a reader wants to see which.
const maxInSeries = 10

// joinSeries joins the findings of each series. They are in their final order.
func joinSeries(findings []Finding) []Finding {
	type key struct {
		rule, path, kind string
		severity         Severity
	}
	first := map[key]int{}
	kept := make([]Finding, 0, len(findings))
	for _, f := range findings {
		if f.series.kind == "" || f.Accepted != "" || f.Cause != "" || f.Stops {
			kept = append(kept, f)
			continue
		}
		k := key{f.Rule, f.Path, f.series.kind, f.Severity}
		if i, known := first[k]; known {
			kept[i].Others = append(kept[i].Others, f)
			continue
		}
		first[k] = len(kept)
		kept = append(kept, f)
	}
	for i := range kept {
		if f := &kept[i]; len(f.Others) > 0 {
			f.Message += "; the same goes for " + f.nameOthers()
		}
	}
	return kept
}

// nameOthers lists what the others of a series are about, with their lines: "orders.b,
// orders.c (line 4) and 3 more".
func (f *Finding) nameOthers() string {
	var names []string
	for _, other := range f.Others[:min(len(f.Others), maxInSeries)] {
		names = append(names, other.series.placed(f.series.line))
	}
	if more := len(f.Others) - len(names); more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// placed is the subject with its line, unless that is where the finding is.
func (s series) placed(here int) string {
	if s.line == here || s.line == 0 {
		return s.subject
	}
	at := fmt.Sprintf("line %d)", s.line)
	if detailed, is := strings.CutSuffix(s.subject, ")"); is {
		return detailed + ", " + at
	}
	return s.subject + " (" + at
}

// countLines notes the lines of findings that are told in series, while their places are
// still those in the migrations' texts.
func countLines(findings []Finding) {
	lines := map[*Migration]*Lines{}
	for i := range findings {
		f := &findings[i]
		if f.series.kind == "" || f.migration == nil || f.Start < 0 {
			continue
		}
		if lines[f.migration] == nil {
			lines[f.migration] = NewLines(f.migration.Source)
		}
		f.series.line = lines[f.migration].Position(f.Start).Line
	}
}

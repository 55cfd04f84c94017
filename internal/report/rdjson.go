package report

import (
	"io"

	"github.com/migvet/migvet/lint"
)

// RDJSONL writes the findings as Reviewdog Diagnostic Format, one JSON object a
// line. Columns are bytes of UTF-8. Of what is accepted, only refusals of the server are
// there.
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
func RDJSONL(w io.Writer, r *Report) error {
	p := newPlaces(r)
	for _, f := range r.Findings {
		if err := writeJSON(w, newDiagnostic(r, p, f), ""); err != nil {
			return err
		}
	}
	for _, f := range r.acceptedRefusals() {
		d := newDiagnostic(r, p, f)
		d.Message, d.Severity, d.Suggestions = acceptedText(f), rdSeverities[lint.Notice], nil
		if err := writeJSON(w, d, ""); err != nil {
			return err
		}
	}
	return nil
}

type rdDiagnostic struct {
	Message     string         `json:"message"`
	Location    rdLocation     `json:"location"`
	Severity    string         `json:"severity"`
	Source      rdSource       `json:"source"`
	Code        rdCode         `json:"code"`
	Suggestions []rdSuggestion `json:"suggestions,omitempty"`
}

type rdSuggestion struct {
	Range rdRange `json:"range"`
	Text  string  `json:"text"`
}

type rdLocation struct {
	Path  string   `json:"path"`
	Range *rdRange `json:"range,omitempty"` // nil for a whole file
}

type rdRange struct {
	Start rdPosition `json:"start"`
	End   rdPosition `json:"end"`
}

type rdPosition struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

type rdSource struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type rdCode struct {
	Value string `json:"value"`
	URL   string `json:"url,omitempty"`
}

var rdSeverities = map[lint.Severity]string{lint.Error: "ERROR", lint.Warning: "WARNING", lint.Notice: "INFO"}

func newDiagnostic(r *Report, p *places, f lint.Finding) rdDiagnostic {
	d := rdDiagnostic{
		Message:  messageText(f),
		Location: rdLocation{Path: oneLine(f.Path)},
		Severity: rdSeverities[f.Severity],
		Source:   rdSource{"migvet", homepage},
		Code:     rdCode{f.Rule, r.helpURL(f.Rule)},
	}
	if start, end, ok := p.region(f, inBytes); ok {
		d.Location.Range = &rdRange{rdPosition(start), rdPosition(end)}
	}
	for _, e := range allEdits(f) {
		start, end := spanPositions(p.file(f.Path), e.Span, inBytes)
		d.Suggestions = append(d.Suggestions, rdSuggestion{rdRange{rdPosition(start), rdPosition(end)}, e.Text})
	}
	return d
}

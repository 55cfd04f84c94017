package report

import (
	"cmp"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
)

// maxResults is how many results of a run GitHub's code scanning keeps.
// https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
const maxResults = 5000

// SARIF writes the findings as SARIF 2.1.0, the worst first. Accepted ones are
// left out: GitHub opens alerts for suppressed results as for all others.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
func SARIF(w io.Writer, r *Report) error {
	s := &sarif{report: r, places: newPlaces(r), index: map[string]int{}}
	run := sarifRun{
		ColumnKind:  "utf16CodeUnits",
		Results:     s.results(),
		Invocations: []sarifInvocation{s.invocation()},
	}
	run.Tool.Driver = sarifDriver{Name: "migvet", InformationURI: homepage, Version: r.Version, Rules: append([]sarifRule{}, s.rules...)}
	return writeJSON(w, sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}, "  ")
}

type sarif struct {
	report *Report
	places *places
	rules  []sarifRule
	index  map[string]int // of rules
}

func (s *sarif) results() []sarifResult {
	type named struct {
		finding     lint.Finding
		fingerprint string
	}
	var worst []named
	for i, fingerprint := range s.report.Fingerprints(s.report.Findings) {
		worst = append(worst, named{s.report.Findings[i], fingerprint})
	}
	slices.SortStableFunc(worst, func(a, b named) int { return cmp.Compare(b.finding.Severity, a.finding.Severity) })
	return convertAll(worst[:min(len(worst), maxResults)], func(n named) sarifResult { return s.result(n.finding, n.fingerprint) })
}

func (s *sarif) result(f lint.Finding, fingerprint string) sarifResult {
	at := s.location(f)
	return sarifResult{
		RuleID: f.Rule, RuleIndex: s.rule(f), Level: sarifLevels[f.Severity],
		Message: sarifText{plainText(messageText(f))}, Locations: []sarifLocation{at},
		// Our own key: upload-sarif adds GitHub's, which hashes the line.
		Fingerprints: map[string]string{"migvetFinding/v1": fingerprint},
		Related:      convertAll(f.Others, s.location),
		Fixes:        s.fixes(f, at.Physical.Artifact),
	}
}

func (s *sarif) location(f lint.Finding) (at sarifLocation) {
	at.Physical.Artifact = sarifArtifact{URI: sarifURI(f.Path), Base: "%SRCROOT%"}
	at.Physical.Region = s.region(f)
	return at
}

// fixes is what --fix would do, as one fix.
func (s *sarif) fixes(f lint.Finding, file sarifArtifact) []sarifFix {
	edits := allEdits(f)
	if len(edits) == 0 {
		return nil
	}
	change := sarifArtifactChange{Artifact: file}
	for _, e := range edits {
		start, end := spanPositions(s.places.file(f.Path), e.Span, (*lint.Lines).UTF16)
		change.Replacements = append(change.Replacements, sarifReplacement{
			Deleted: sarifRegion{start.Line, start.Column, end.Line, end.Column}, Inserted: sarifText{e.Text},
		})
	}
	return []sarifFix{{Description: sarifText{"what migvet --fix does"}, Changes: []sarifArtifactChange{change}}}
}

var sarifLevels = map[lint.Severity]string{lint.Error: "error", lint.Warning: "warning", lint.Notice: "note"}

// region is the first line for a whole file: GitHub wants a place.
func (s *sarif) region(f lint.Finding) sarifRegion {
	start, end, ok := s.places.region(f, (*lint.Lines).UTF16)
	if ok {
		return sarifRegion{start.Line, start.Column, end.Line, end.Column}
	}
	first := ""
	if lines := s.places.file(f.Path); lines != nil {
		first = lines.Text(1)
	}
	return sarifRegion{1, 1, 1, utf16Length(first) + 1}
}

// rule returns the index of a finding's rule, describing it at first sight.
func (s *sarif) rule(f lint.Finding) int {
	if i, ok := s.index[f.Rule]; ok {
		return i
	}
	s.index[f.Rule] = len(s.rules)
	s.rules = append(s.rules, newSarifRule(f, s.report.Rules[f.Rule], s.report.helpURL(f.Rule)))
	return len(s.rules) - 1
}

// invocation says what could not be checked, and which refusals are accepted, since a
// file without results would pass for a clean run.
func (s *sarif) invocation() sarifInvocation {
	in := sarifInvocation{Successful: s.report.Result != NotChecked}
	for _, u := range s.report.unchecked() {
		in.Notifications = append(in.Notifications, sarifNotification{Level: "warning", Message: sarifText{plainText(Sanitise(uncheckedPlace(u, s.places) + u.Reason))}})
	}
	for _, f := range s.report.acceptedRefusals() {
		start, _ := s.places.span(f)
		in.Notifications = append(in.Notifications, sarifNotification{Level: "note", Message: sarifText{plainText(Sanitise(formatPlace(f.Path, start) + ": " + acceptedText(f)))}})
	}
	return in
}

// sarifURI is a path as a relative reference; a colon in its first segment
// would make that a scheme.
func sarifURI(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
	}
	return strings.Join(segments, "/")
}

// plainText keeps viewers from taking brackets for the links that SARIF allows
// in plain messages.
func plainText(text string) string {
	if text == "" {
		return " " // no message may be empty
	}
	return strings.ReplaceAll(text, "](", "]"+zeroWidth+"(")
}

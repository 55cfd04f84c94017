package report

import (
	"io"

	"github.com/migvet/migvet/lint"
)

// GitLab writes the findings as a Code Quality report. A finding about a whole
// file stands on its first line: GitLab wants one. Of what is accepted, only refusals of
// the server are listed.
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
func GitLab(w io.Writer, r *Report) error {
	p := newPlaces(r)
	issues := make([]gitLabIssue, 0, len(r.Findings))
	for i, fingerprint := range r.Fingerprints(r.Findings) {
		f := r.Findings[i]
		start, _ := p.span(f)
		issues = append(issues, gitLabIssue{
			Description: messageText(f), CheckName: f.Rule, Fingerprint: fingerprint, Severity: gitLabSeverities[f.Severity],
			Location: gitLabLocation{oneLine(f.Path), gitLabLines{max(1, start.Line)}},
		})
	}
	for _, f := range r.acceptedRefusals() {
		start, _ := p.span(f)
		issues = append(issues, gitLabIssue{
			Description: acceptedText(f), CheckName: f.Rule, Fingerprint: r.Fingerprints([]lint.Finding{f})[0], Severity: gitLabSeverities[lint.Notice],
			Location: gitLabLocation{oneLine(f.Path), gitLabLines{max(1, start.Line)}},
		})
	}
	return writeJSON(w, issues, "  ")
}

type gitLabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitLabLocation `json:"location"`
}

type gitLabLocation struct {
	Path  string      `json:"path"`
	Lines gitLabLines `json:"lines"`
}

type gitLabLines struct {
	Begin int `json:"begin"`
}

var gitLabSeverities = map[lint.Severity]string{lint.Error: "critical", lint.Warning: "major", lint.Notice: "info"}

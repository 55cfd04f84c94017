package github

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// Outputs are the outputs of action.yml. They hold words, numbers and paths,
// never SQL or messages: workflows paste outputs into scripts.
type Outputs struct {
	Result          report.Result
	ExitCode        int
	Files           []string // migrations under review
	Findings        int
	Errors          int
	Warnings        int
	Notices         int
	Applied         int // migrations that applied
	FailedFile      string
	FailedLine      int    // 0 when unknown
	SQLState        string // of the first refusal
	ReportJSON      string // path of the JSON report
	PostgresVersion string
}

// maxFiles keeps the list of files far below the 1 MB that a job may output.
const maxFiles = 1000

// NewOutputs says a report in outputs; reportJSON is where its JSON is.
func NewOutputs(r *report.Report, reportJSON string) Outputs {
	o := Outputs{
		Result: r.Result, ExitCode: r.ExitCode, Findings: len(r.Findings), ReportJSON: reportJSON,
		Errors: r.Count(lint.Error), Warnings: r.Count(lint.Warning), Notices: r.Count(lint.Notice),
	}
	for _, m := range r.Migrations {
		o.Files = append(o.Files, m.Path)
		if m.Applied == report.Applied {
			o.Applied++
		}
	}
	if r.Trial != nil {
		o.PostgresVersion = r.Trial.Postgres
	}
	if f := r.Refusal(); f != nil {
		o.FailedFile, o.FailedLine, o.SQLState = f.Path, f.Line, f.SQLState
	}
	return o
}

type output struct{ name, value string }

// list is every output of action.yml but none more.
func (o Outputs) list() ([]output, error) {
	files, err := json.Marshal(append([]string{}, o.Files[:min(len(o.Files), maxFiles)]...))
	if err != nil {
		return nil, fmt.Errorf("write the output files: %w", err)
	}
	line := ""
	if o.FailedLine > 0 {
		line = strconv.Itoa(o.FailedLine)
	}
	return []output{
		{"result", string(o.Result)},
		{"exit-code", strconv.Itoa(o.ExitCode)},
		{"changed", strconv.FormatBool(len(o.Files) > 0)},
		{"files", string(files)},
		{"findings", strconv.Itoa(o.Findings)},
		{"errors", strconv.Itoa(o.Errors)},
		{"warnings", strconv.Itoa(o.Warnings)},
		{"notices", strconv.Itoa(o.Notices)},
		{"applied", strconv.Itoa(o.Applied)},
		{"failed-file", o.FailedFile},
		{"failed-line", line},
		{"sqlstate", o.SQLState},
		{"report-json", o.ReportJSON},
		{"postgres-version", o.PostgresVersion},
	}, nil
}

// Files opens the files in which a step tells GitHub things. Append opens a
// file for appending.
type Files struct {
	Getenv func(string) string
	Append func(path string) (io.WriteCloser, error)
}

// WriteOutputs sets the outputs of the step, all or none. It does nothing
// outside of GitHub Actions. A value that could set other outputs is refused.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#setting-an-output-parameter
func (f Files) WriteOutputs(o Outputs) error {
	list, err := o.list()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, out := range list {
		if strings.ContainsFunc(out.value, unicode.IsControl) {
			return fmt.Errorf("output %s: %q has a line end or another control character; rename the file", out.name, out.value)
		}
		text.WriteString(out.name + "=" + out.value + "\n")
	}
	return f.append("GITHUB_OUTPUT", text.String())
}

// WriteCommentURL sets the one output of the step that comments.
func (f Files) WriteCommentURL(address string) error {
	if strings.ContainsFunc(address, unicode.IsControl) {
		return fmt.Errorf("output comment-url: %q has a control character", address)
	}
	return f.append("GITHUB_OUTPUT", "comment-url="+address+"\n")
}

// WriteFetched tells where the step that fetches has put the base.
func (f Files) WriteFetched(dir string) error {
	if strings.ContainsFunc(dir, unicode.IsControl) {
		return fmt.Errorf("output fetched: %q has a control character", dir)
	}
	return f.append("GITHUB_OUTPUT", "fetched="+dir+"\n")
}

// WriteSummary adds text in Markdown to the summary of the step. It does nothing
// outside of GitHub Actions.
func (f Files) WriteSummary(text string) error { return f.append("GITHUB_STEP_SUMMARY", text) }

func (f Files) append(variable, text string) error {
	path := f.Getenv(variable)
	if path == "" {
		return nil
	}
	file, err := f.Append(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", variable, err)
	}
	if _, err := io.WriteString(file, text); err != nil {
		file.Close()
		return fmt.Errorf("write %s: %w", variable, err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("write %s: %w", variable, err)
	}
	return nil
}

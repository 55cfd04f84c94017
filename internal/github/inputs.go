// Package github is the side of migvet that GitHub sees: the inputs of
// action.yml, its outputs, and the summary of its step.
package github

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/migvet/migvet/lint"
)

// Inputs are the inputs of action.yml that concern the run. They arrive in
// environment variables of that file's choosing, because the runner gives
// composite actions none: "fail-on" is MIGVET_FAIL_ON.
type Inputs struct {
	Paths            []string // report only on these
	Config           string
	WorkingDirectory string // "." by default
	Base             string
	Since            string
	All              bool
	FailOn           string // "" leaves it to the configuration
	Trial            Trial  // Auto by default
	Postgres         int    // major version; 0 leaves the choice to migvet
	PostgresBin      string
	Docker           string // image; "" for none
	DatabaseURL      string
	DrizzleGenerate  bool
	Annotations      bool
	Summary          bool
	ReportFile       string
	SARIFFile        string // "" for none
	Baseline         string
	ApprovalLabel    string // prefix of labels that accept findings; "" for none
	Fetched          string // where the step before has put the base; "" where git has it
}

// DefaultApproval is the prefix of labels that accept findings.
const DefaultApproval = "migrations:allow"

// Trial reports whether migrations are tried on a server.
type Trial string

const (
	Auto     Trial = "auto"  // where SQL from strangers can reach no secret
	Yes      Trial = "true"  // or the run fails
	LintOnly Trial = "false" // only linted
)

// inputVariable is the environment variable that carries an input.
func inputVariable(input string) string {
	return "MIGVET_" + strings.ToUpper(strings.ReplaceAll(input, "-", "_"))
}

// ReadInputs reads and checks the inputs; its errors name the input.
func ReadInputs(getenv func(string) string) (Inputs, error) {
	r := reader{getenv: getenv}
	in := Inputs{
		Paths:            r.lines("paths"),
		Config:           r.text("config", ""),
		WorkingDirectory: r.text("working-directory", "."),
		Base:             r.text("base", ""),
		Since:            r.text("since", ""),
		All:              r.boolean("all", false),
		FailOn:           r.word("fail-on", "", "error", "warning", "notice", "never"),
		Trial:            Trial(r.word("trial", string(Auto), string(Auto), string(Yes), string(LintOnly))),
		Postgres:         r.number("postgres"),
		PostgresBin:      r.text("postgres-bin", ""),
		Docker:           r.text("docker", ""),
		DatabaseURL:      r.text("database-url", ""),
		DrizzleGenerate:  r.boolean("drizzle-generate", false),
		Annotations:      r.boolean("annotations", true),
		Summary:          r.boolean("summary", true),
		ReportFile:       r.text("report-file", ""),
		SARIFFile:        r.text("sarif-file", ""),
		Baseline:         r.text("baseline", ""),
		ApprovalLabel:    r.text("approval-label", DefaultApproval),
		Fetched:          r.text("fetched", ""),
	}
	r.comments()
	if in.ApprovalLabel == "off" {
		in.ApprovalLabel = ""
	}
	if r.err == nil {
		r.err = in.contradiction()
	}
	return in, r.err
}

func (in Inputs) contradiction() error {
	n := 0
	for _, set := range []bool{in.Base != "", in.Since != "", in.All} {
		if set {
			n++
		}
	}
	if n > 1 {
		return fmt.Errorf("inputs base, since and all say different things; give one of them")
	}
	if in.Docker != "" && in.DatabaseURL != "" {
		return fmt.Errorf("inputs docker and database-url say different things; give one of them")
	}
	return nil
}

// Tries reports whether the migrations are tried on a server. An error says why
// they must not be although the workflow asks for it.
func (in Inputs) Tries(o Origin) (bool, error) {
	switch {
	case in.Trial == LintOnly:
		return false, nil
	case o.Exposed != "" && in.Trial == Yes:
		return false, fmt.Errorf("input trial: migrations are not tried on %s; use the event pull_request, or leave trial at auto to have them linted", o.Exposed)
	}
	return o.Exposed == "", nil
}

// ReportPath is where the JSON report goes: the input, else a file of the
// job's temporary folder. It is "" when there is neither.
func (in Inputs) ReportPath(getenv func(string) string) string {
	if in.ReportFile != "" {
		return in.ReportFile
	}
	if temp := getenv("RUNNER_TEMP"); temp != "" {
		return filepath.Join(temp, "migvet", "report.json")
	}
	return ""
}

// A reader reads inputs and keeps the first error.
type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) text(input, otherwise string) string {
	if text := strings.TrimSpace(r.getenv(inputVariable(input))); text != "" {
		return text
	}
	return otherwise
}

func (r *reader) lines(input string) []string {
	var lines []string
	for _, line := range strings.Split(r.text(input, ""), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func (r *reader) word(input, otherwise string, words ...string) string {
	text := r.text(input, otherwise)
	if text != otherwise && !slices.Contains(words, text) {
		r.fail(input, text, "is none of "+strings.Join(words, ", ")+lint.DidYouMean(text, words))
	}
	return text
}

// boolean knows the spellings of YAML's core schema.
// https://yaml.org/spec/1.2.2/#1032-tag-resolution
func (r *reader) boolean(input string, otherwise bool) bool {
	switch text := r.text(input, strconv.FormatBool(otherwise)); text {
	case "true", "True", "TRUE":
		return true
	case "false", "False", "FALSE":
		return false
	default:
		r.fail(input, text, "is neither true nor false")
		return otherwise
	}
}

func (r *reader) number(input string) int {
	text := r.text(input, "")
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		r.fail(input, text, "is not a major version of PostgreSQL, for example 16")
	}
	return n
}

func (r *reader) fail(input, text, problem string) {
	if r.err == nil {
		r.err = fmt.Errorf("input %s: %q %s", input, text, problem)
	}
}

package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// module fetches a Go module that carries an official schema, through the
// ordinary client, and returns its folder.
func module(t *testing.T, version string) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", version)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	var m struct{ Dir, Error string }
	if json.Unmarshal(out, &m) != nil || m.Dir == "" {
		t.Fatalf("go mod download %s: %v %s", version, err, m.Error)
	}
	return m.Dir
}

// sarifSchema is the schema of OASIS, which go-sarif holds as a Go constant.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(module(t, "github.com/owenrumney/go-sarif/v3@v3.3.1"), "pkg/report/v210/sarif/schema.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("`"))
	text, _, ok := bytes.Cut(text, []byte("`"))
	file := filepath.Join(t.TempDir(), "sarif-schema-2.1.0.json")
	if err := os.WriteFile(file, text, 0o644); err != nil || !ok {
		t.Fatal(err)
	}
	return compile(t, file)
}

// samples are reports with everything, with nothing, and with what strangers
// write.
func samples(t *testing.T) map[string]*report.Report {
	t.Helper()
	return map[string]*report.Report{
		"relay":   relay(t),
		"nothing": {Result: report.Passed},
		"hostile": hostile("a:b/ü ?#%.sql", "\xff</script>\u2028]]>##[x](y)", "sel\nect"),
		"many":    many(500),
	}
}

func validate(t *testing.T, s *jsonschema.Schema, name string, text []byte) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestSARIFMatchesTheSchema(t *testing.T) {
	s := sarifSchema(t)
	for name, r := range samples(t) {
		validate(t, s, name, write(t, report.SARIF, r))
	}
	if err := s.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{}}}); err == nil {
		t.Error("the schema takes a run without a tool")
	}
}

func TestRDJSONLMatchesTheSchema(t *testing.T) {
	s := compile(t, filepath.Join(module(t, "github.com/reviewdog/reviewdog@v0.21.3"), "proto/rdf/jsonschema/Diagnostic.json"))
	for name, r := range samples(t) {
		lines := bytes.Split(bytes.TrimSuffix(write(t, report.RDJSONL, r), []byte("\n")), []byte("\n"))
		if len(r.Findings) > 0 && len(lines) != len(r.Findings) {
			t.Errorf("%s: %d lines for %d findings", name, len(lines), len(r.Findings))
		}
		for _, line := range lines[:len(r.Findings)] {
			validate(t, s, name, line)
		}
	}
	if err := s.Validate(map[string]any{"severity": "BAD"}); err == nil {
		t.Error("the schema takes any severity")
	}
}

// sarifOutput is what tests read of a SARIF file.
type sarifOutput struct {
	Runs []struct {
		Tool struct {
			Driver struct {
				Rules []struct {
					ID                                string
					ShortDescription, FullDescription struct{ Text string }
					Help                              struct{ Text, Markdown string }
				}
			}
		}
		Invocations []struct{ ExecutionSuccessful bool }
		Results     []struct {
			RuleID, Level string
			RuleIndex     int
			Message       struct{ Text string }
			Locations     []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           struct{ StartLine, StartColumn, EndLine, EndColumn int }
				}
			}
			PartialFingerprints map[string]string
		}
	}
}

func readSARIF(t *testing.T, r *report.Report) sarifOutput {
	t.Helper()
	var out sarifOutput
	if err := json.Unmarshal(write(t, report.SARIF, r), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// What GitHub asks for beyond the schema: no empty texts, a complete region,
// at most 5,000 results, the worst first.
func TestSARIFKeepsGitHubsLimits(t *testing.T) {
	r := many(2500)
	for i := range r.Findings {
		r.Findings[i].Start %= 7 // equal fingerprints would be one alert
	}
	run := readSARIF(t, r).Runs[0]
	if len(run.Results) != 5000 || run.Results[0].Level != "error" || run.Results[4999].Level != "warning" {
		t.Errorf("%d results, from %s to %s", len(run.Results), run.Results[0].Level, run.Results[4999].Level)
	}
	names := map[string]bool{}
	for _, result := range run.Results {
		at := result.Locations[0].PhysicalLocation.Region
		names[result.PartialFingerprints["migvetFinding/v1"]] = true
		if result.Message.Text == "" || min(at.StartLine, at.StartColumn, at.EndLine, at.EndColumn) < 1 || run.Tool.Driver.Rules[result.RuleIndex].ID != result.RuleID {
			t.Fatalf("%+v", result)
		}
	}
	if len(names) != 5000 {
		t.Errorf("%d fingerprints", len(names))
	}
	for _, rule := range run.Tool.Driver.Rules {
		if slices.Contains([]string{rule.ShortDescription.Text, rule.FullDescription.Text, rule.Help.Text, rule.Help.Markdown}, "") {
			t.Errorf("empty text in %+v", rule)
		}
	}
	if readSARIF(t, &report.Report{Result: report.NotChecked}).Runs[0].Invocations[0].ExecutionSuccessful {
		t.Error("a run that could not check says that it did")
	}
}

// Formats count columns differently: characters, UTF-16 units, bytes. A byte
// order mark is none, a tab is one, and the CR of CRLF belongs to its line.
func TestColumnsOfEachFormat(t *testing.T) {
	source := "\ufeff-- 🐘\r\n\té 🐘 DROP;\r\n"
	start := strings.Index(source, "DROP")
	r := &report.Report{Sources: map[string]string{"a.sql": source}, Findings: []lint.Finding{
		{Rule: "r", Severity: lint.Error, Path: "a.sql", Start: start, End: start + 4, Message: "m"},
	}}
	region := readSARIF(t, r).Runs[0].Results[0].Locations[0].PhysicalLocation.Region
	if got := fmt.Sprint(region); got != "{2 7 2 11}" {
		t.Errorf("SARIF: %s", got)
	}
	if got := string(write(t, report.RDJSONL, r)); !strings.Contains(got, `{"start":{"line":2,"column":10},"end":{"line":2,"column":14}}`) {
		t.Errorf("rdjsonl: %s", got)
	}
	if got := run(string(write(t, report.Annotations, r))).annotations[0]; got.column != 6 || got.line != 2 {
		t.Errorf("github: %s", got)
	}
}

var severitiesOfGitLab = []string{"info", "minor", "major", "critical", "blocker"}

// GitLab publishes no schema; these are the requirements of its documentation:
// https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
func TestGitLabTakesTheReport(t *testing.T) {
	for name, r := range samples(t) {
		var issues []struct {
			Description string
			CheckName   string `json:"check_name"`
			Fingerprint string
			Severity    string
			Location    struct {
				Path  string
				Lines struct{ Begin int }
			}
		}
		d := json.NewDecoder(bytes.NewReader(write(t, report.GitLab, r)))
		d.DisallowUnknownFields()
		if err := d.Decode(&issues); err != nil || issues == nil || len(issues) != len(r.Findings) {
			t.Fatalf("%s: %d issues, %v", name, len(issues), err)
		}
		seen := map[string]bool{}
		for _, i := range issues {
			if i.Description == "" || i.CheckName == "" || len(i.Fingerprint) != 32 || seen[i.Fingerprint] ||
				!slices.Contains(severitiesOfGitLab, i.Severity) || strings.HasPrefix(i.Location.Path, "./") || i.Location.Lines.Begin < 1 {
				t.Errorf("%s: %+v", name, i)
			}
			seen[i.Fingerprint] = true
		}
	}
}

// junitOutput are the elements and attributes that readers of JUnit agree on;
// there is no official schema: https://github.com/testmoapp/junitxml
type junitOutput struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []struct {
		Name string `xml:"name,attr"`
		junitCounts
		Cases []struct {
			Name  string   `xml:"name,attr"`
			Class string   `xml:"classname,attr"`
			Time  *float64 `xml:"time,attr"`
			Inner []struct {
				XMLName xml.Name
				Message string `xml:"message,attr"`
			} `xml:",any"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

func TestJUnitCountsItsCases(t *testing.T) {
	for name, r := range samples(t) {
		out := readJUnit(t, write(t, report.JUnit, r))
		total := map[string]int{}
		for _, suite := range out.Suites {
			counts := map[string]int{}
			for _, c := range suite.Cases {
				counts["tests"]++
				for _, inner := range c.Inner {
					counts[inner.XMLName.Local]++
				}
				if c.Name == "" || c.Class != suite.Name || len(c.Inner) > 1 {
					t.Errorf("%s: %+v", name, c)
				}
			}
			if suite.Name == "" || suite.Tests != counts["tests"] || suite.Failures != counts["failure"] || suite.Errors != counts["error"] || suite.Skipped != counts["skipped"] {
				t.Errorf("%s: %s says %+v, has %v", name, suite.Name, suite.junitCounts, counts)
			}
			for k, n := range counts {
				total[k] += n
			}
		}
		if out.Tests != total["tests"] || out.Failures != total["failure"] || out.Errors != total["error"] || out.Skipped != total["skipped"] {
			t.Errorf("%s: says %+v, has %v", name, out.junitCounts, total)
		}
	}
}

func readJUnit(t *testing.T, text []byte) junitOutput {
	t.Helper()
	var out junitOutput
	d := xml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&out); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return out
}

func TestJUnitFailsWhatTheRunFailsFor(t *testing.T) {
	r := many(1)
	r.FailOn = lint.Warning
	if out := readJUnit(t, write(t, report.JUnit, r)); out.Failures != 2 || out.Tests != 3 {
		t.Errorf("%d failures of %d tests", out.Failures, out.Tests)
	}
	r.FailOn, r.Result, r.Unchecked = lint.Error+1, report.NotChecked, []report.Unchecked{{Reason: "no server"}}
	if out := readJUnit(t, write(t, report.JUnit, r)); out.Failures != 0 || out.Errors != 1 {
		t.Errorf("%d failures, %d errors", out.Failures, out.Errors)
	}
}

// checkMachineFormats wants the formats to stay what they are whatever they
// carry, to issue no commands on the way through a log, and to name the file.
func checkMachineFormats(t *testing.T, r *report.Report, path string) {
	t.Helper()
	for _, format := range []report.Format{report.JSON, report.SARIF, report.GitLab, report.RDJSONL, report.JUnit} {
		if got := run(string(write(t, format, r))); len(got.commands) > 0 {
			t.Errorf("issues the command %+v", got.commands[0])
		}
	}
	sarif := readSARIF(t, r).Runs[0].Results
	if len(sarif) != len(r.Findings) {
		t.Fatalf("%d results", len(sarif))
	}
	uri := sarif[0].Locations[0].PhysicalLocation.ArtifactLocation.URI
	u, err := url.Parse(uri)
	relative := !strings.HasPrefix(path, "/") // as all paths are
	if relative && (err != nil || u.Scheme != "" || u.Host != "" || u.RawQuery != "" || u.Fragment != "" || u.Path != path) {
		t.Errorf("%q became %q: %v", path, uri, err)
	}
	for _, result := range sarif {
		if linkInMessage.MatchString(result.Message.Text) {
			t.Errorf("a link in %q", result.Message.Text)
		}
	}
	if n := bytes.Count(write(t, report.RDJSONL, r), []byte("\n")); n != len(r.Findings) {
		t.Errorf("%d lines of rdjsonl", n)
	}
	readJUnit(t, write(t, report.JUnit, r))
	var issues []any
	if err := json.Unmarshal(write(t, report.GitLab, r), &issues); err != nil || len(issues) != len(r.Findings) {
		t.Errorf("%d issues: %v", len(issues), err)
	}
}

var linkInMessage = regexp.MustCompile(`\[[^\]]*\]\([^)]*\)`)

package report

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"

	"github.com/migvet/migvet/lint"
)

// JUnit writes a test suite for each file. In it, that the migration applies is
// a test, and so is each finding: a failed one from --fail-on on, a skipped one
// when it was accepted. What could not be checked is an error if that fails the run.
// https://github.com/testmoapp/junitxml
func JUnit(w io.Writer, r *Report) error {
	j := &junit{report: r, places: newPlaces(r), index: map[string]int{}}
	for _, m := range r.Migrations {
		j.migration(m)
	}
	for _, f := range r.Findings {
		j.finding(f)
	}
	for _, f := range r.Accepted {
		c := j.testCase(f)
		c.Skipped = &junitReason{Message: "accepted: " + oneLine(f.Accepted)}
		j.add(f.Path, c)
	}
	for _, u := range r.unchecked() {
		j.unchecked(u)
	}
	return j.write(w)
}

type junit struct {
	report *Report
	places *places
	suites []junitSuite
	index  map[string]int // of suites, by path
}

func (j *junit) migration(m Migration) {
	c := junitCase{Name: "applies", Time: seconds(m.Duration.Seconds())}
	switch m.Applied {
	case Applied:
	case Failed:
		c.Failure, c.Skipped = j.refused(m)
	default:
		c.Skipped = &junitReason{Message: j.report.outcome(m)}
	}
	j.add(m.Path, c)
}

// refused is a failure unless the refusal is accepted.
func (j *junit) refused(m Migration) (failure, skipped *junitReason) {
	for _, f := range j.report.acceptedRefusals() {
		if f.Path == m.Path && j.report.Result != NotApplied {
			return nil, &junitReason{Message: "the server refused it: " + oneLine(f.Message) + "; " + acceptedWords(f)}
		}
	}
	return &junitReason{Message: "the server refused it", Type: "does-not-apply"}, nil
}

func (j *junit) finding(f lint.Finding) {
	c := j.testCase(f)
	if f.Severity < j.report.FailOn {
		c.Output = f.Severity.String() + ": " + messageText(f)
	} else {
		c.Failure = &junitReason{Message: oneLine(f.Message), Type: f.Severity.String(), Text: messageText(f)}
	}
	j.add(f.Path, c)
}

func (j *junit) unchecked(u Unchecked) {
	c := junitCase{Name: "checked"}
	reason := uncheckedPlace(u, j.places) + oneLine(u.Reason)
	if j.report.Result == NotChecked {
		c.Error = &junitReason{Message: reason, Type: "not-checked"}
	} else {
		c.Skipped = &junitReason{Message: "not checked: " + reason}
	}
	j.add(u.Path, c)
}

func (j *junit) testCase(f lint.Finding) junitCase {
	start, _ := j.places.span(f)
	return junitCase{Name: oneLine(f.Rule) + " at " + formatPlace(f.Path, start)}
}

// add puts a test into the suite of its file.
func (j *junit) add(path string, c junitCase) {
	i, ok := j.index[path]
	if !ok {
		i = len(j.suites)
		j.index[path] = i
		j.suites = append(j.suites, junitSuite{Name: cmp.Or(oneLine(path), "migvet")})
	}
	s := &j.suites[i]
	c.Class = s.Name
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func (j *junit) write(w io.Writer) error {
	all := junitSuites{Name: "migvet", Suites: j.suites}
	for _, s := range j.suites {
		all.Tests, all.Failures, all.Errors, all.Skipped = all.Tests+s.Tests, all.Failures+s.Failures, all.Errors+s.Errors, all.Skipped+s.Skipped
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	// GitHub's runner obeys "##[name]" anywhere in a line.
	text = bytes.ReplaceAll(text, []byte("##["), []byte("##&#91;"))
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name string `xml:"name,attr"`
	junitCounts
	Cases []junitCase `xml:"testcase"`
}

type junitCounts struct {
	Tests    int `xml:"tests,attr"`
	Failures int `xml:"failures,attr"`
	Errors   int `xml:"errors,attr"`
	Skipped  int `xml:"skipped,attr"`
}

type junitCase struct {
	Name    string       `xml:"name,attr"`
	Class   string       `xml:"classname,attr"`
	Time    seconds      `xml:"time,attr,omitempty"`
	Skipped *junitReason `xml:"skipped"`
	Error   *junitReason `xml:"error"`
	Failure *junitReason `xml:"failure"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitReason struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// seconds writes times without exponents, which readers do not know.
type seconds float64

func (s seconds) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%.6f", float64(s)), nil }

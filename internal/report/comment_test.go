package report_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
)

const blob = "https://github.example/relay/desk/blob/abc"

func document(t *testing.T, r *report.Report) *report.Document {
	t.Helper()
	d, err := report.Read(write(t, report.JSON, r))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestComment(t *testing.T) {
	d := document(t, relay(t))
	golden(t, "relay.comment", []byte(d.Comment(blob)))
	if d.Clean() || !document(t, &report.Report{Result: report.Passed}).Clean() {
		t.Error("clean is not what it was")
	}
	var remarks strings.Builder
	for _, r := range d.Remarks() {
		remarks.WriteString(r.Body + "\n\n")
	}
	golden(t, "relay.remarks", []byte(remarks.String()))
}

// The links that a comment is made of; nothing of strangers may make one.
var ourLinks = regexp.MustCompile(`\[(\d+|<code>[a-z0-9-]+</code>)\]\(https://git[a-z./]*/[^\s()|<>]*\)`)

func checkComment(t *testing.T, r *report.Report) {
	t.Helper()
	d := document(t, r)
	checkMarkdown(t, d.Comment(blob))
	for _, remark := range d.Remarks() {
		checkMarkdown(t, remark.Body)
	}
}

// A report may be forged: what is no text is refused.
func TestForgedReportsAreRefused(t *testing.T) {
	good := string(write(t, report.JSON, relay(t)))
	for name, change := range map[string][2]string{
		"version":     {`"version": 1`, `"version": 2`},
		"result":      {`"result": "not-applied"`, `"result": "great"`},
		"fingerprint": {`"fingerprint": "`, `"fingerprint": "-->`},
		"rule":        {`"rule": "column-dropped"`, `"rule": "](x)"`},
		"severity":    {`"severity": "error"`, `"severity": "off"`},
		"no severity": {`"severity": "error"`, `"severity": "none"`},
		"no JSON":     {`{`, ``},
	} {
		forged := strings.Replace(good, change[0], change[1], 1)
		if forged == good {
			t.Fatalf("%s: nothing is forged", name)
		}
		if _, err := report.Read([]byte(forged)); err == nil {
			t.Errorf("%s: the forged report is read", name)
		}
	}
}

func TestDigest(t *testing.T) {
	a, b := document(t, relay(t)), document(t, relay(t))
	b.Findings[0].Evidence, b.Migrations[0].DurationMS = "measured again", 99
	if a.Digest() != b.Digest() {
		t.Error("times change the digest")
	}
	b.Findings[0].Line++
	if a.Digest() == b.Digest() {
		t.Error("lines do not change the digest")
	}
}

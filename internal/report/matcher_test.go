package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
)

// A matcher is a file that makes GitHub's runner read annotations out of logs.
// https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md
type matcher struct {
	ProblemMatcher []struct {
		Owner   string
		Pattern []struct {
			Regexp                                      string
			File, Line, Column, Severity, Message, Code int
		}
	}
}

// colours are taken out by the runner before it looks.
var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func TestProblemMatcherReadsTheTextFormat(t *testing.T) {
	text, err := os.ReadFile("../../.github/migvet-matcher.json")
	if err != nil {
		t.Fatal(err)
	}
	var m matcher
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	r := relay(t)
	for _, o := range []report.TextOptions{{}, {Color: true, Source: true}} {
		format, err := report.ByName("text", o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range strings.Lines(colours.ReplaceAllString(string(write(t, format, r)), "")) {
			got = append(got, m.match(strings.TrimSuffix(line, "\n"))...)
		}
		var want []string
		for _, f := range document(t, r).Findings {
			place := f.Path
			if f.Line > 0 {
				place = fmt.Sprintf("%s:%d:%d", f.Path, f.Line, f.Column)
			}
			want = append(want, fmt.Sprintf("%s %s %s %s", place, f.Severity, f.Rule, f.Message))
		}
		if !slices.Equal(got, want) {
			t.Errorf("matched %q\nwant %q", got, want)
		}
	}
}

// match returns what the patterns read in a line; at most one may.
func (m matcher) match(line string) (read []string) {
	for _, p := range m.ProblemMatcher {
		pattern := p.Pattern[0]
		groups := regexp.MustCompile(pattern.Regexp).FindStringSubmatch(line)
		if groups == nil {
			continue
		}
		place := groups[pattern.File]
		if pattern.Line > 0 {
			place += ":" + groups[pattern.Line] + ":" + groups[pattern.Column]
		}
		read = append(read, fmt.Sprintf("%s %s %s %s", place, groups[pattern.Severity], groups[pattern.Code], groups[pattern.Message]))
	}
	return read
}

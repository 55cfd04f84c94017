package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

var (
	ourTags   = regexp.MustCompile(`</?(code|details|summary|small|span)>|<br>`)
	entities  = regexp.MustCompile(`&(#[0-9]+|amp|lt|gt|quot);`)
	heading   = regexp.MustCompile(`^#{2,4} `)
	tableRule = regexp.MustCompile(`^(\| --- )+\|$`)
)

// checkMarkdown wants nothing but the markup that a summary is made of: all
// other text must be free of characters that mean something.
func checkMarkdown(t *testing.T, page string) {
	t.Helper()
	if !utf8.ValidString(page) {
		t.Errorf("not UTF-8: %q", page)
	}
	page = ourLinks.ReplaceAllString(page, "link")
	columns, open, drawn := 0, 0, false
	for _, line := range strings.Split(page, "\n") {
		if drawn = line == "```mermaid" || drawn && line != "```"; drawn || line == "```" {
			if strings.ContainsAny(line, "<>&") || line != "```mermaid" && line != "```" && strings.Contains(line, "`") {
				t.Errorf("%q in a diagram", line)
			}
			continue
		}
		open += strings.Count(line, "<details>") - strings.Count(line, "</details>")
		bare := ourTags.ReplaceAllString(heading.ReplaceAllString(line, ""), "")
		bare = entities.ReplaceAllString(bare, "")
		if i := strings.IndexAny(bare, "<>&\\`*_~[](){}#@$!+=^"); i >= 0 && !strings.HasPrefix(line, "**") {
			t.Errorf("%q is markup in %q", bare[i:], line)
		}
		columns = checkRow(t, line, columns)
	}
	if open != 0 {
		t.Errorf("%d details are not closed", open)
	}
}

// checkRow wants every row of a table to be as wide as its header.
func checkRow(t *testing.T, line string, columns int) int {
	t.Helper()
	n := strings.Count(line, "|")
	switch {
	case n == 0:
		return 0
	case columns == 0 || tableRule.MatchString(line) && n == columns:
		return n
	case n != columns || !strings.HasPrefix(line, "| ") || !strings.HasSuffix(line, " |"):
		t.Errorf("%d bars in a table of %d: %q", n, columns, line)
	}
	return columns
}

func TestSummaryIsWellFormed(t *testing.T) {
	checkMarkdown(t, string(write(t, report.Summary, relay(t))))
}

func TestSummaryKeepsItsLimit(t *testing.T) {
	r := &report.Report{Result: report.Findings, Trial: &report.Trial{Postgres: "16.14"}, Sources: map[string]string{}}
	for i := range 3000 {
		path := fmt.Sprintf("db/%d.sql", i%700)
		r.Findings = append(r.Findings, lint.Finding{Rule: "r", Severity: lint.Error, Path: path, Start: lint.NoPos, Message: strings.Repeat("<x> ", 300)})
		r.Trial.Statements = append(r.Trial.Statements, report.Statement{Path: path, SQL: strings.Repeat("select ", 1000)})
	}
	page := string(write(t, report.Summary, r))
	if len(page) > report.MaxSummary || len(page) < report.MaxSummary/2 {
		t.Errorf("%d bytes", len(page))
	}
	checkMarkdown(t, page)
	shown := strings.Count(page, "🔴")
	want := fmt.Sprintf("**%d lines left out**", 3000-shown+3000)
	if !strings.Contains(page, want) {
		t.Errorf("shows %d findings and does not say %q: %s", shown, want, page[len(page)-200:])
	}
}

func TestSummaryOfManyStatementsClosesItsDetails(t *testing.T) {
	r := &report.Report{Result: report.Passed, Trial: &report.Trial{Postgres: "16.14"}}
	for range 50000 {
		r.Trial.Statements = append(r.Trial.Statements, report.Statement{Path: "a.sql", SQL: "select 1", Effect: &lint.Effect{}})
	}
	page := string(write(t, report.Summary, r))
	if len(page) > report.MaxSummary || !strings.Contains(page, "left out") {
		t.Errorf("%d bytes, %s", len(page), page[len(page)-100:])
	}
	checkMarkdown(t, page)
}

func TestSummaryCutsCascades(t *testing.T) {
	effect := &lint.Effect{}
	for i := range 1000 {
		effect.Dropped = append(effect.Dropped, lint.CatalogObject{Kind: "view", Name: fmt.Sprintf("public.v%d", i), Cascade: true})
	}
	r := &report.Report{Trial: &report.Trial{Statements: []report.Statement{{Path: "a.sql", SQL: "DROP", Effect: effect}}}}
	page := string(write(t, report.Summary, r))
	if !strings.Contains(page, "v24</code> through CASCADE<br>and 975 more |") {
		t.Errorf("got %s", page)
	}
}

// Empty tables take what tables with rows refuse.
func TestAppliedIsNotTheWholeStory(t *testing.T) {
	r := relay(t)
	r.Migrations[0].Applied = report.Applied
	for _, format := range []report.Format{report.Summary, textFormat(t)} {
		if page := string(write(t, format, r)); !strings.Contains(page, "applied in 12 ms, but not with rows") {
			t.Errorf("got %s", page)
		}
	}
}

func textFormat(t *testing.T) report.Format {
	t.Helper()
	format, err := report.ByName("text", report.TextOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return format
}

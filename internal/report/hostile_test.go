package report_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// hostile puts text from a stranger wherever such text can come to stand.
func hostile(path, text, sql string) *report.Report {
	object := []lint.CatalogObject{{Kind: text, Name: text, Cascade: true}}
	found := []lint.Finding{
		{Rule: "r", Severity: lint.Error, Path: path, Start: 0, End: len(sql), Message: text, Evidence: text, Accepted: text},
		{Rule: "r", Severity: lint.Warning, Path: path, Start: lint.NoPos, End: lint.NoPos, Message: text},
	}
	return &report.Report{
		Version: "0", Base: text, Result: report.Findings, ExitCode: 1,
		Findings: found, Accepted: found,
		Rules:      map[string]*lint.Rule{"r": {ID: "r", Title: "A title"}},
		Migrations: []report.Migration{{Path: path, Name: text, Tool: text, Status: report.New, Applied: report.Failed}},
		Notes:      []string{text},
		Unchecked:  []report.Unchecked{{Path: path, Start: 0, Reason: text}, {Reason: text}},
		Sources:    map[string]string{path: sql},
		Trial: &report.Trial{Postgres: text, Sandbox: text, Statements: []report.Statement{{Path: path, End: len(sql), SQL: sql, Effect: &lint.Effect{
			Locks:     []lint.Lock{{Object: text, Mode: lint.AccessExclusive}},
			Rewritten: []string{text}, Scanned: []string{text}, Created: object, Altered: object, Dropped: object,
			Incomplete: text, Notices: []string{text},
			Err: &lint.SQLError{SQLState: "P0001", Message: text, Detail: text, Hint: text},
		}}}},
	}
}

var attacks = []string{
	"::error::forged",
	"  ::stop-commands::token",
	"a\n::warning file=x::forged",
	"a\r::add-mask::e",
	"##[add-mask]e",
	"###[error]e",
	"##\u200b[error]e",
	"\u00a0::debug::x",
	"\x1b[31m::notice::red",
	"%0A::error::x",
	"</details></table><script>alert(1)</script>",
	"| a | b |\n| - | - |",
	"```\n# heading\n```",
	"![x](https://example.com/x.png) [y](javascript:z) <https://example.com> www.example.com",
	"@octocat #1 $x$ **b** _i_ ~~s~~ \\",
	"\u202eevil\u2066",
	"\xff\xfe\x00",
	"_GitHubActionsFileCommandDelimeter_",
}

func TestAttacks(t *testing.T) {
	for _, a := range attacks {
		checkHostile(t, "db/a.sql", a, "SELECT 1")
		checkHostile(t, strings.ReplaceAll(a, "\x00", ""), a, a)
	}
	checkHostile(t, ":", "a::error::b", ":: ::error::x")
	checkHostile(t, "a b;$(touch pwn),é:1.sql", "##[add-mask]e::stop-commands::x```</details>", "::error::\n::error::")
}

func FuzzHostile(f *testing.F) {
	for _, a := range attacks {
		f.Add("db/a.sql", a, "SELECT 1")
		f.Add(a, a, a)
	}
	f.Fuzz(func(t *testing.T, path, text, sql string) {
		checkHostile(t, path, text, sql)
	})
}

func checkHostile(t *testing.T, path, text, sql string) {
	t.Helper()
	r := hostile(path, text, sql)
	checkText(t, r)
	checkAnnotations(t, r, path, text)
	checkMarkdown(t, string(write(t, report.Summary, r)))
	checkMachineFormats(t, r, path)
	checkComment(t, r)
}

func checkText(t *testing.T, r *report.Report) {
	t.Helper()
	for _, o := range []report.TextOptions{{}, {Color: true, Source: true}} {
		format, err := report.ByName("text", o)
		if err != nil {
			t.Fatal(err)
		}
		if got := run(string(write(t, format, r))); len(got.commands) > 0 {
			t.Errorf("text issues the command %+v", got.commands[0])
		}
	}
}

// checkAnnotations wants exactly the commands that findings and notes need, and what
// they carry to arrive unharmed.
func checkAnnotations(t *testing.T, r *report.Report, path, text string) {
	t.Helper()
	got := run(string(write(t, gitHub(t, report.TextOptions{Color: true, Source: true}), r)))
	if len(got.commands) != 3 || len(got.annotations) != 3 {
		t.Fatalf("want three annotations, got %+v", got.commands)
	}
	for i, name := range []string{"error", "warning"} {
		c := got.commands[i]
		if c.name != name || c.properties["file"] != path || c.properties["title"] != "r: A title" {
			t.Errorf("got %+v for a %s in %q", c, name, path)
		}
	}
	want := report.Sanitise(text)
	if utf8.RuneCountInString(text) < 500 && got.commands[1].data != want {
		t.Errorf("message %q, want %q", got.commands[1].data, want)
	}
}

func TestSanitise(t *testing.T) {
	for in, want := range map[string]string{
		"plain é 🐘\ttab":     "plain é 🐘\ttab",
		"two\nlines":         "two\nlines",
		"a\r\nb":             "a\\r\nb",
		"##[group]x":         "##\u200b[group]x",
		"a ###[x]":           "a ###\u200b[x]",
		"::error::x":         ":\u200b:error::x",
		"a\n \t::error::x":   "a\n \t:\u200b:error::x",
		"std::vector":        "std::vector",
		"\x1b[31mred":        `\x1b[31mred`,
		"\x00\x7f\u0085":     `\x00\x7f\x85`,
		"\u2028\u202e\u061c": `\u2028\u202e\u061c`,
		"\xff":               `\xff`,
		"\ufffd":             "\ufffd",
	} {
		got := report.Sanitise(in)
		if got != want {
			t.Errorf("Sanitise(%q) = %q, want %q", in, got, want)
		}
		if again := report.Sanitise(got); again != got {
			t.Errorf("Sanitise(%q) = %q is not at rest: %q", in, got, again)
		}
	}
}

package report_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

func gitHub(t testing.TB, o report.TextOptions) report.Format {
	t.Helper()
	format, err := report.ByName("github", o)
	if err != nil {
		t.Fatal(err)
	}
	return format
}

func TestRunnerUnderstandsAnnotations(t *testing.T) {
	got := run(string(write(t, gitHub(t, report.TextOptions{}), relay(t))))
	want := []string{
		`error drizzle/0010_cuddly_hulk.sql:4:2-4:37 not-null-fails: A NOT NULL column without a default fails on rows | ` +
			"adding NOT NULL to tasks.owner_id fails on existing rows; add it nullable, backfill, then SET NOT NULL\nmeasured on PostgreSQL 16.14: 23502, tried on 2 rows",
		`error drizzle/0007_wise_onslaught.sql:1:0-0:0 migration-edited: A migration of the base branch was changed | ` +
			"0007_wise_onslaught is on main and was changed here; write a new migration instead (statement 2 of 4 differs)",
		`warning drizzle/0010_cuddly_hulk.sql:2:69-2:76 default-quoted-expression: A default is a quoted expression | ` +
			"the default of messages.received_at is the time of the migration; write now()",
		`notice drizzle/0010_cuddly_hulk.sql:5:9-5:56 column-dropped: A column is dropped | ` +
			"dropping column conversations.title loses its data\nmeasured on PostgreSQL 16.14: 2 rows had a value, and index conversations_title_idx goes with it",
		`notice :0:0-0:0 migvet | the label migrations:allow tabel-dropped names no rule; did you mean "table-dropped"?`,
	}
	for i, w := range want {
		if i >= len(got.annotations) || got.annotations[i].String() != w {
			t.Errorf("annotation %d: want %s\ngot %v", i, w, got.annotations)
		}
	}
	if len(got.commands) != len(want) {
		t.Errorf("%d commands, want %d", len(got.commands), len(want))
	}
	if log := strings.Join(got.log, "\n"); !strings.Contains(log, "migvet: the new migrations do not apply") {
		t.Errorf("the log lacks the text report:\n%s", log)
	}
}

// many returns a report with n findings of each severity.
func many(n int) *report.Report {
	source := strings.Repeat("SELECT 1;\n", n)
	r := &report.Report{Result: report.Findings, ExitCode: 1, Sources: map[string]string{"a.sql": source}}
	for i := range n {
		for _, s := range []lint.Severity{lint.Notice, lint.Warning, lint.Error} {
			r.Findings = append(r.Findings, lint.Finding{Rule: "r", Severity: s, Path: "a.sql", Start: i * 10, End: i*10 + 8, Message: fmt.Sprintf("%s %d", s, i)})
		}
	}
	return r
}

// rooms is how many findings of a severity are annotated: one notice less than
// GitHub shows is left to the step that comments.
var rooms = []struct {
	severity string
	room     int
}{{"error", 10}, {"warning", 10}, {"notice", 9}}

func TestLastAnnotationSaysHowManyMore(t *testing.T) {
	for _, n := range []int{8, 9, 10, 11, 500} {
		out := string(write(t, report.Annotations, many(n)))
		issued, kept := strings.Count(out, "\n"), run(out).annotations
		if issued != len(kept) {
			t.Errorf("%d findings of a kind: issued %d annotations, the runner keeps %d", n, issued, len(kept))
		}
		for _, r := range rooms {
			if len(kept) < min(n, r.room) {
				t.Fatalf("%d findings of a kind: %d annotations are left for %s", n, len(kept), r.severity)
			}
			last := kept[min(n, r.room)-1]
			kept = kept[min(n, r.room):]
			want := fmt.Sprintf("migvet: %d more %ss", n-r.room+1, r.severity)
			if last.severity != r.severity || (last.title == want) != (n > r.room) {
				t.Errorf("%d findings of a kind: the last %s is %s", n, r.severity, last)
			}
		}
	}
}

func TestNotesAreAnnotated(t *testing.T) {
	r := many(20)
	r.Notes = []string{"one", "::error::two"}
	kept := run(string(write(t, report.Annotations, r))).annotations
	if last := kept[len(kept)-1]; len(kept) != 29 || last.message != "one\n:\u200b:error::two" || last.severity != "notice" {
		t.Errorf("%d annotations, the last is %s", len(kept), last)
	}
}

func TestLongMessagesAreCutByUs(t *testing.T) {
	for name, message := range map[string]string{
		"one line":    strings.Repeat("é", 5000),
		"wide":        strings.Repeat("🐘", 3000),
		"just fits":   strings.Repeat("x", 3900),
		"one too big": strings.Repeat("x", 3901),
	} {
		r := &report.Report{Findings: []lint.Finding{{Rule: "r", Severity: lint.Error, Path: "a.sql", Start: lint.NoPos, Message: message}}}
		c := run(string(write(t, report.Annotations, r))).commands[0]
		if firstUnits(c.data, 3900) != c.data || !utf8.ValidString(c.data) {
			t.Errorf("%s: %d bytes left", name, len(c.data))
		}
		if text, isCut := strings.CutSuffix(c.data, "\n…"); !strings.HasPrefix(message, text) || isCut == (len(message) == 3900) {
			t.Errorf("%s: cut %v, got %.20s", name, isCut, text)
		}
	}
}

func TestLongMessagesAreCutAtLines(t *testing.T) {
	r := &report.Report{Findings: []lint.Finding{{Rule: "r", Severity: lint.Error, Path: "a.sql", Start: lint.NoPos,
		Message: strings.Repeat("m", 3000), Evidence: strings.Repeat("e", 3000)}}}
	if got := run(string(write(t, report.Annotations, r))).commands[0].data; got != strings.Repeat("m", 3000)+"\n…" {
		t.Errorf("got %d characters", len(got))
	}
}

func TestColumnsOnlyOnOneLine(t *testing.T) {
	r := &report.Report{Sources: map[string]string{"a.sql": "é x\nSELECT\n1"}, Findings: []lint.Finding{
		{Rule: "two", Severity: lint.Error, Path: "a.sql", Start: 5, End: 13, Message: "m"},
		{Rule: "one", Severity: lint.Error, Path: "a.sql", Start: 3, End: 4, Message: "m"},
		{Rule: "unknown", Severity: lint.Error, Path: "b.sql", Start: 3, End: 4, Message: "m"},
	}}
	var got []map[string]string
	for _, c := range run(string(write(t, report.Annotations, r))).commands {
		delete(c.properties, "file")
		got = append(got, c.properties)
	}
	want := "[map[endline:3 line:2 title:two] map[col:3 endcolumn:4 endline:1 line:1 title:one] map[line:1 title:unknown]]"
	if fmt.Sprint(got) != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

func TestNewMigrationsAreAnnotatedFirst(t *testing.T) {
	r := many(20)
	r.Findings = append(r.Findings, lint.Finding{Rule: "r", Severity: lint.Error, Path: "z.sql", Start: lint.NoPos, Message: "in the new one"})
	r.Migrations = []report.Migration{{Path: "a.sql", Status: report.Edited}, {Path: "z.sql", Status: report.New}}
	if first := run(string(write(t, report.Annotations, r))).annotations[0]; first.file != "z.sql" {
		t.Errorf("first is %s", first)
	}
}

package pullrequest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

const migration = "db/0002_b.sql"

// document is a report about a file that drops a column on each of some lines.
func document(t *testing.T, lines ...int) *report.Document {
	t.Helper()
	var source strings.Builder
	r := &report.Report{Result: report.Passed, Base: "main (1f2e3d4)", Sources: map[string]string{}, Statements: map[string][]lint.Span{},
		Migrations: []report.Migration{{Path: migration, Name: "0002_b", Tool: "SQL files", Status: report.New, Applied: report.NotTried}}}
	for i := range slices.Max(append(lines, 1)) {
		start := source.Len()
		fmt.Fprintf(&source, "ALTER TABLE a DROP COLUMN c%d;\n", i+1)
		span := lint.Span{Start: start, End: source.Len() - 2}
		r.Statements[migration] = append(r.Statements[migration], span)
		if slices.Contains(lines, i+1) {
			r.Result, r.ExitCode = report.Findings, 1
			r.Findings = append(r.Findings, lint.Finding{Rule: "column-dropped", Severity: lint.Error, Path: migration, Start: span.Start, End: span.End,
				Message: fmt.Sprintf("dropping column a.c%d loses its data", i+1), Evidence: "measured"})
		}
	}
	r.Sources[migration] = source.String()
	return read(t, r)
}

func read(t *testing.T, r *report.Report) *report.Document {
	t.Helper()
	var out bytes.Buffer
	if err := report.JSON(&out, r); err != nil {
		t.Fatal(err)
	}
	d, err := report.Read(out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (f *fakeGitHub) comment(mode Mode, d *report.Document) string {
	f.t.Helper()
	address, err := f.open("").Comment(context.Background(), d, mode)
	if err != nil {
		f.t.Fatal(err)
	}
	return address
}

func (f *fakeGitHub) wrote(want ...string) {
	f.t.Helper()
	if !slices.Equal(f.writes, want) {
		f.t.Errorf("wrote %q, want %q", f.writes, want)
	}
	f.writes = nil
}

// The life of a comment: none for a clean pull request, one from the first
// finding on, the same one ever after, silent when nothing changed.
func TestComment(t *testing.T) {
	f := newFakeGitHub(t)
	f.comment(OnFindings, document(t))
	f.wrote()
	address := f.comment(OnFindings, document(t, 1))
	f.wrote("comment")
	if !strings.HasSuffix(address, "#issuecomment-101") {
		t.Errorf("address %s", address)
	}
	for _, want := range []string{
		"<!-- migvet::v1 ", " -->\n## ❌ migvet: 1 error in 1 file\n", "dropping column a.c1 loses its data<br><small>measured</small>",
		"| [1](https://github.relay.example/relay/desk/blob/abc123/db/0002_b.sql#L1) |",
		"[<code>column-dropped</code>](https://github.com/migvet/migvet/blob/main/lint/rules/README.md#column-dropped) |",
	} {
		if !strings.Contains(f.comments[0].Body, want) {
			t.Errorf("%q is not in\n%s", want, f.comments[0].Body)
		}
	}
	again := document(t, 1)
	again.Findings[0].Evidence = "measured in 3 ms"
	again.Migrations[0].DurationMS = 3
	if f.comment(OnFindings, again) != address {
		t.Error("the address changed")
	}
	f.wrote()
	f.comment(OnFindings, document(t, 1, 2))
	f.wrote("edit 101")
	f.comment(OnFindings, document(t))
	f.wrote("edit 101")
	if body := f.comments[0].Body; !strings.Contains(body, "## ✅ migvet: no findings in 1 migration\n") || strings.Contains(body, "column-dropped") {
		t.Errorf("resolved as\n%s", body)
	}
	f.comment(OnFindings, document(t))
	f.wrote()
}

func TestCommentAlways(t *testing.T) {
	f := newFakeGitHub(t)
	f.comment(Always, document(t))
	f.wrote("comment")
	f.comment(Always, document(t))
	f.wrote()
}

// Anybody can write our marker, and other uses have their own.
func TestOnlyOwnCommentsAreTouched(t *testing.T) {
	f := newFakeGitHub(t)
	for range 150 {
		f.comments = append(f.comments, comment{ID: 1, Body: "<!-- migvet::v1 x -->\nforged", User: person}, comment{ID: 2, Body: "<!-- migvet:other:v1 x -->", User: bot})
	}
	f.comment(OnFindings, document(t, 1))
	f.wrote("comment")
	f.comments = append(f.comments, comment{ID: 3, Body: f.comments[300].Body, User: bot})
	f.comment(OnFindings, document(t, 2))
	f.wrote("edit 101") // the older one, on the fourth page
	if f.comments[0].Body != "<!-- migvet::v1 x -->\nforged" {
		t.Error("somebody else's comment was changed")
	}
}

// Other apps write what strangers tell them, our marker included, and even what
// our comment would begin with.
func TestCommentsOfOtherAppsAreNotTouched(t *testing.T) {
	for name, account := range map[string]map[string]any{
		"workflow": bot, "an account that GitHub does not tell": nil, "an app": {"id": 7, "login": "our-app[bot]", "type": "Bot"}, "a person": {"id": 8, "login": "grace", "type": "User"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeGitHub(t)
			f.account = account
			first := firstLine(f.open("").body(document(t, 1)))
			for _, author := range []map[string]any{other, person, {"id": 9, "login": "github-actions[bot]", "type": "User"}, {"login": "", "type": "Bot"}, nil} {
				f.comments = append(f.comments, comment{ID: 1, Body: first + "\nforged", User: author})
			}
			forged := len(f.comments)
			f.comment(OnFindings, document(t, 1))
			f.wrote("comment")
			f.comment(OnFindings, document(t, 1, 2))
			f.wrote("edit 101")
			for _, c := range f.comments[:forged] {
				if c.Body != first+"\nforged" {
					t.Errorf("the comment of %v was changed", c.User)
				}
			}
		})
	}
}

func TestCommentKeepsItsLimit(t *testing.T) {
	r := &report.Report{Result: report.Findings, Sources: map[string]string{}}
	for i := range 500 {
		r.Findings = append(r.Findings, lint.Finding{Rule: "r", Severity: lint.Error, Path: fmt.Sprintf("db/%d.sql", i/10), Start: lint.NoPos, Message: strings.Repeat("ü<", 300)})
	}
	f := newFakeGitHub(t)
	f.comment(OnFindings, read(t, r))
	body := f.comments[0].Body
	if len(body) > 60_100 || len(body) < 40_000 || !strings.Contains(body, "left out** to keep below GitHub's limit of 65,536 characters") {
		t.Errorf("%d bytes, ends with %s", len(body), body[len(body)-200:])
	}
}

// The event names no pull request where a workflow ran for a fork. The one
// whose newest commit it ran on is it, and no other.
func TestPullRequestOfAWorkflowRun(t *testing.T) {
	f := newFakeGitHub(t)
	pull := func(number int, sha string) map[string]any {
		return map[string]any{"number": number, "head": map[string]any{"sha": sha}}
	}
	f.pulls = []map[string]any{pull(6, "old"), pull(7, "new")}
	run := &github.WorkflowRun{HeadSHA: "new", HeadBranch: "fix"}
	if _, err := Open(context.Background(), f.options(""), &github.Event{WorkflowRun: run}); !errors.Is(err, ErrNone) {
		t.Errorf("a fork that is gone: %v", err)
	}
	event := &github.Event{}
	if err := unmarshal(`{"workflow_run": {"head_sha": "new", "head_branch": "fix", "head_repository": {"owner": {"login": "stranger"}}}}`, event); err != nil {
		t.Fatal(err)
	}
	p, err := Open(context.Background(), f.options(""), event)
	if err != nil || p.number != 7 || p.head != "new" {
		t.Errorf("%+v, %v", p, err)
	}
	event.WorkflowRun.HeadSHA = "pushed since"
	if _, err := Open(context.Background(), f.options(""), event); !errors.Is(err, ErrNone) {
		t.Errorf("another commit: %v", err)
	}
	if _, err := Open(context.Background(), f.options(""), &github.Event{Name: "push"}); !errors.Is(err, ErrNone) {
		t.Errorf("a push: %v", err)
	}
}

func TestRefusalsAreNotices(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		header map[string]string
		want   string
	}{
		"read-only token": {403, nil, "the token may not write into the pull request (status 403); give the job pull-requests: write, and see docs/github.md"},
		"hidden":          {404, nil, "(status 404)"},
		"rate limit":      {403, map[string]string{"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999999"}, "(rate limit)"},
		"too many":        {429, nil, "GitHub takes no more requests for now"},
		"broken":          {502, nil, "GitHub answers with status 502"},
	} {
		f := newFakeGitHub(t)
		f.status = c.status
		for k, v := range c.header {
			f.header.Set(k, v)
		}
		_, err := f.open("").Comment(context.Background(), document(t, 1), OnFindings)
		if reason, ok := Refused(err); !ok || !strings.Contains(reason, c.want) {
			t.Errorf("%s: %q from %v", name, reason, err)
		}
	}
	if _, ok := Refused(http.ErrServerClosed); ok {
		t.Error("an error of ours is GitHub's")
	}
}

package pullrequest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
)

func unmarshal(text string, v any) error { return json.Unmarshal([]byte(text), v) }

// patch is the diff of a file with some new lines, from a line on.
func patch(first, n int) string {
	return fmt.Sprintf("@@ -%d,0 +%d,%d @@ context\n%s", first, first, n, strings.Repeat("+x\n", n))
}

func (f *fakeGitHub) review(d *report.Document) {
	f.t.Helper()
	if err := f.open("").Review(context.Background(), d); err != nil {
		f.t.Fatal(err)
	}
}

// Lines outside of the diff would make GitHub refuse all.
func TestReviewOnlyOnLinesOfTheDiff(t *testing.T) {
	f := newFakeGitHub(t)
	f.files = []file{{migration, patch(2, 2) + patch(7, 1)}, {"large.sql", ""}}
	f.review(document(t, 1, 2, 5, 7, 9))
	f.wrote("review with 2")
	var lines []int
	for _, r := range f.remarks {
		lines = append(lines, r.Line)
	}
	if !slices.Equal(lines, []int{2, 7}) {
		t.Errorf("lines %v", lines)
	}
	if body := f.remarks[0].Body; !strings.Contains(body, "\n🔴\u00a0error: dropping column a.c2 loses its data<br><small>measured</small>\n") {
		t.Errorf("says %s", body)
	}
}

func TestReviewSaysNothingTwice(t *testing.T) {
	f := newFakeGitHub(t)
	f.files = []file{{migration, patch(1, 9)}}
	f.review(document(t, 1, 2))
	f.wrote("review with 2")
	f.review(document(t, 1, 2))
	f.wrote()
	f.review(document(t, 1, 2, 3))
	f.wrote("review with 1")
}

// What is mended is removed, but not from under people's replies.
func TestReviewRemovesWhatIsMended(t *testing.T) {
	f := newFakeGitHub(t)
	f.files = []file{{migration, patch(1, 9)}}
	f.review(document(t, 1, 2))
	forged := comment{ID: 50, Body: f.remarks[0].Body, User: person}
	quoted := comment{ID: 51, Body: f.remarks[0].Body, User: other}
	f.remarks = append(f.remarks, comment{ID: 60, Body: "why?", User: person, InReplyTo: f.remarks[0].ID}, forged, quoted)
	f.writes = nil
	f.review(document(t))
	f.wrote("delete 102")
}

func TestReviewsAreShort(t *testing.T) {
	f := newFakeGitHub(t)
	f.files = []file{{migration, patch(1, 500)}}
	var all []int
	for i := range 500 {
		all = append(all, i+1)
	}
	f.review(document(t, all...))
	f.wrote("review with 30")
}

func TestSuggestions(t *testing.T) {
	f := newFakeGitHub(t)
	f.files = []file{{migration, patch(1, 2) + patch(5, 1)}}
	d := document(t, 1, 2, 5)
	d.Findings[0].Suggestion = "SELECT '```';\n"
	d.Findings[2].EndLine, d.Findings[2].Suggestion = 6, "SELECT 1;" // line 6 is not in the diff
	f.review(d)
	if body := f.remarks[0].Body; !strings.HasSuffix(body, "\n\n````suggestion\nSELECT '```';\n````") {
		t.Errorf("suggests %s", body)
	}
	for _, r := range f.remarks[1:] {
		if strings.Contains(r.Body, "suggestion") {
			t.Errorf("line %d: suggests %s", r.Line, r.Body)
		}
	}
}

func TestReadPatch(t *testing.T) {
	got := readPatch("@@ -1,2 +1,3 @@\n a\n+@@ -9 +9 @@\n@@ -5 +6 @@ x\n-a\n+b\n@@ -9,2 +9,0 @@\n-a\n-b")
	if want := (lines{{1, 3}, {6, 6}}); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if last, ok := got.clip(2, 6); last != 3 || !ok {
		t.Errorf("clip gives %d, %v", last, ok)
	}
	if _, ok := got.clip(4, 4); ok {
		t.Error("line 4 is in no hunk")
	}
}

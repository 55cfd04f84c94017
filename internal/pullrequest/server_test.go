package pullrequest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/github"
)

// A fakeGitHub answers the requests of this package as GitHub documents it, for
// pull request 7 of relay/desk.
type fakeGitHub struct {
	t        *testing.T
	url      string
	status   int            // of all answers, 0 for the real ones
	account  map[string]any // the token's; nil where GitHub does not tell
	header   http.Header
	comments []comment
	remarks  []comment
	files    []file
	pulls    []map[string]any
	writes   []string // what changed something, in order
	next     int64
}

type comment struct {
	ID        int64          `json:"id"`
	Body      string         `json:"body"`
	User      map[string]any `json:"user"`
	HTMLURL   string         `json:"html_url"`
	InReplyTo int64          `json:"in_reply_to_id,omitempty"`

	Path string `json:"path,omitempty"`
	Line int    `json:"line,omitempty"`
}

type file struct {
	Filename string `json:"filename"`
	Patch    string `json:"patch,omitempty"`
}

var (
	bot    = map[string]any{"id": 41898282, "login": "github-actions[bot]", "type": "Bot"}
	other  = map[string]any{"id": 5, "login": "quote-app[bot]", "type": "Bot"}
	person = map[string]any{"id": 6, "login": "ada", "type": "User"}
)

func newFakeGitHub(t *testing.T) *fakeGitHub {
	t.Helper()
	f := &fakeGitHub{t: t, next: 100, header: http.Header{}, account: bot}
	mux := http.NewServeMux()
	const repo = "/api/v3/repos/relay/desk/"
	mux.HandleFunc("GET "+repo+"issues/7/comments", func(w http.ResponseWriter, r *http.Request) { paged(f, w, r, f.comments) })
	mux.HandleFunc("GET "+repo+"pulls/7/comments", func(w http.ResponseWriter, r *http.Request) { paged(f, w, r, f.remarks) })
	mux.HandleFunc("GET "+repo+"pulls/7/files", func(w http.ResponseWriter, r *http.Request) { paged(f, w, r, f.files) })
	mux.HandleFunc("GET "+repo+"pulls", f.listPulls)
	mux.HandleFunc("POST /api/graphql", f.viewer)
	mux.HandleFunc("POST "+repo+"issues/7/comments", f.createComment)
	mux.HandleFunc("PATCH "+repo+"issues/comments/{id}", f.editComment)
	mux.HandleFunc("POST "+repo+"pulls/7/reviews", f.createReview)
	mux.HandleFunc("DELETE "+repo+"pulls/comments/{id}", f.deleteRemark)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("%s %s comes without the token", r.Method, r.URL)
		}
		if f.status != 0 {
			for name := range f.header {
				w.Header().Set(name, f.header.Get(name))
			}
			w.WriteHeader(f.status)
			fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// open opens pull request 7, as the event of a push to it does.
func (f *fakeGitHub) open(id string) *PullRequest {
	f.t.Helper()
	pr := &github.PullRequest{Number: 7}
	pr.Head.SHA = "abc123"
	p, err := Open(context.Background(), f.options(id), &github.Event{PullRequest: pr})
	if err != nil {
		f.t.Fatal(err)
	}
	return p
}

func (f *fakeGitHub) options(id string) Options {
	return Options{
		API:    github.API{Token: "secret", URL: f.url + "/api/v3", Repository: "relay/desk"},
		Server: "https://github.relay.example/", ID: id,
	}
}

// paged answers with one page and the address of the next.
func paged[T any](f *fakeGitHub, w http.ResponseWriter, r *http.Request, all []T) {
	query := r.URL.Query()
	size, _ := strconv.Atoi(query.Get("per_page"))
	page, _ := strconv.Atoi(query.Get("page"))
	page = max(page, 1)
	if size != 100 {
		f.t.Errorf("%s asks for %d a page", r.URL, size)
	}
	from, to := min((page-1)*size, len(all)), min(page*size, len(all))
	if to < len(all) {
		query.Set("page", strconv.Itoa(page+1))
		w.Header().Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, f.url, r.URL.Path, query.Encode()))
	}
	answer(w, append([]T{}, all[from:to]...))
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

// viewer answers a query of GraphQL; errors come with status 200.
func (f *fakeGitHub) viewer(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Query string }
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Query != "query { viewer { databaseId } }" {
		f.t.Errorf("asks %q, %v", asked.Query, err)
	}
	if f.account == nil {
		answer(w, map[string]any{"data": nil, "errors": []any{map[string]any{"message": "Resource not accessible by integration"}}})
		return
	}
	answer(w, map[string]any{"data": map[string]any{"viewer": map[string]any{"databaseId": f.account["id"]}}})
}

func (f *fakeGitHub) listPulls(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("head") != "stranger:fix" || r.URL.Query().Get("state") != "open" {
		answer(w, []any{})
		return
	}
	answer(w, f.pulls)
}

// body reads what is written and refuses what GitHub refuses.
func (f *fakeGitHub) body(w http.ResponseWriter, r *http.Request, v any, text func() string) bool {
	if err := json.NewDecoder(r.Body).Decode(v); err != nil {
		f.t.Error(err)
	}
	if n := utf8.RuneCountInString(text()); n > 65536 {
		f.t.Errorf("%s has %d characters", r.URL, n)
		w.WriteHeader(http.StatusUnprocessableEntity)
		return false
	}
	return true
}

// author is whose token this is, told or not.
func (f *fakeGitHub) author() map[string]any {
	if f.account == nil {
		return bot
	}
	return f.account
}

func (f *fakeGitHub) createComment(w http.ResponseWriter, r *http.Request) {
	var c comment
	if !f.body(w, r, &c, func() string { return c.Body }) {
		return
	}
	f.next++
	c.ID, c.User, c.HTMLURL = f.next, f.author(), fmt.Sprintf("https://github.relay.example/relay/desk/pull/7#issuecomment-%d", f.next)
	f.comments = append(f.comments, c)
	f.writes = append(f.writes, "comment")
	w.WriteHeader(http.StatusCreated)
	answer(w, c)
}

func (f *fakeGitHub) editComment(w http.ResponseWriter, r *http.Request) {
	var edit comment
	if !f.body(w, r, &edit, func() string { return edit.Body }) {
		return
	}
	for i := range f.comments {
		c := &f.comments[i]
		if fmt.Sprint(c.ID) != r.PathValue("id") {
			continue
		}
		if c.User["login"] != f.author()["login"] {
			f.t.Errorf("the comment of %v is changed", c.User)
		}
		c.Body = edit.Body
		f.writes = append(f.writes, "edit "+r.PathValue("id"))
		answer(w, c)
		return
	}
	w.WriteHeader(http.StatusNotFound)
}

// createReview refuses a review whole when one line is not in the diff.
func (f *fakeGitHub) createReview(w http.ResponseWriter, r *http.Request) {
	var review struct {
		CommitID string `json:"commit_id"`
		Event    string `json:"event"`
		Body     string `json:"body"`
		Comments []struct {
			Path, Body, Side string
			Line             int
			StartLine        int `json:"start_line"`
		} `json:"comments"`
	}
	if !f.body(w, r, &review, func() string { return review.Body }) {
		return
	}
	if review.CommitID != "abc123" || review.Event != "COMMENT" || len(review.Comments) == 0 || len(review.Comments) > 30 {
		f.t.Errorf("review of %s, %s, %d comments", review.CommitID, review.Event, len(review.Comments))
	}
	for _, c := range review.Comments {
		first := c.Line
		if c.StartLine != 0 {
			first = c.StartLine
		}
		if c.Side != "RIGHT" || first > c.Line || !f.shows(c.Path, first, c.Line) {
			f.t.Errorf("GitHub refuses lines %d to %d of %s", first, c.Line, c.Path)
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		f.next++
		f.remarks = append(f.remarks, comment{ID: f.next, Body: c.Body, User: f.author(), Path: c.Path, Line: c.Line})
	}
	f.writes = append(f.writes, fmt.Sprintf("review with %d", len(review.Comments)))
	answer(w, map[string]any{"id": f.next})
}

// shows reads the diff line by line, apart from the code under test.
func (f *fakeGitHub) shows(path string, first, last int) bool {
	for _, file := range f.files {
		if file.Filename != path {
			continue
		}
		for _, part := range strings.Split(file.Patch, "@@ -")[1:] {
			header, body, _ := strings.Cut(part, "\n")
			var line int
			if _, err := fmt.Sscanf(header[strings.Index(header, "+")+1:], "%d", &line); err != nil {
				f.t.Fatal(err)
			}
			var shown []int
			for _, l := range strings.Split(strings.TrimSuffix(body, "\n"), "\n") {
				if !strings.HasPrefix(l, "-") {
					shown = append(shown, line)
					line++
				}
			}
			if slices.Contains(shown, first) && slices.Contains(shown, last) {
				return true
			}
		}
	}
	return false
}

func (f *fakeGitHub) deleteRemark(w http.ResponseWriter, r *http.Request) {
	f.remarks = slices.DeleteFunc(f.remarks, func(c comment) bool {
		gone := fmt.Sprint(c.ID) == r.PathValue("id")
		if gone && c.User["login"] != f.author()["login"] {
			f.t.Errorf("the comment of %v is deleted", c.User)
		}
		return gone
	})
	f.writes = append(f.writes, "delete "+r.PathValue("id"))
	w.WriteHeader(http.StatusNoContent)
}

package action_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// comments is the part of GitHub that the step which comments needs.
type comments struct {
	readOnly bool
	list     []map[string]any
	requests []string
}

func (c *comments) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests = append(c.requests, r.Method+" "+r.URL.Path)
	if r.Header.Get("Authorization") != "Bearer secret" || c.readOnly && r.Method != http.MethodGet {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"message": "Resource not accessible by integration"}`)
		return
	}
	if r.URL.Path == "/graphql" {
		fmt.Fprint(w, `{"data": {"viewer": {"databaseId": 1}}}`)
		return
	}
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(c.list)
		return
	}
	var made map[string]any
	_ = json.NewDecoder(r.Body).Decode(&made)
	made["id"], made["html_url"], made["user"] = len(c.list)+1, "https://github.example/c", map[string]any{"id": 1, "type": "Bot"}
	c.list = append(c.list, made)
	_ = json.NewEncoder(w).Encode(made)
}

// postStep runs the step that comments, with the report that the run step left.
func postStep(t *testing.T, j job, env []string, c *comments) result {
	t.Helper()
	server := httptest.NewServer(c)
	defer server.Close()
	env = append(env, "GITHUB_API_URL="+server.URL, "GITHUB_REPOSITORY=relay/desk", "MIGVET_GITHUB_TOKEN=secret",
		"MIGVET_COMMENT=on-findings", "MIGVET_REPORT_JSON="+j.path("migvet/report.json"))
	return run{t.TempDir(), env, []string{migvet, "post"}}.do(t)
}

// The same findings after another push change nothing; a token that may not
// write costs one notice and no verdict.
func TestCommentsOfThePullRequest(t *testing.T) {
	s := newSample(t)
	event := s.event(t, "pull_request")
	dir := s.checkout(t, "refs/pull/1/merge")
	c := &comments{}
	for push := range 2 {
		j := newJob(t)
		env := append(j.env("pull_request", event), "MIGVET_TRIAL=auto")
		if r := (run{dir, env, []string{migvet, "action"}}).do(t); r.code != 0 {
			t.Fatalf("exit status %d: %s", r.code, r.stderr)
		}
		r := postStep(t, j, env, c)
		if r.code != 0 || r.stdout != "" || len(c.list) != 1 || !strings.Contains(j.read(t, "output"), "comment-url=https://github.example/c\n") {
			t.Fatalf("push %d: exit status %d, %d comments\n%s%s", push, r.code, len(c.list), r.stdout, r.stderr)
		}
	}
	if want := []string{"GET /repos/relay/desk/issues/1/comments", "POST /repos/relay/desk/issues/1/comments", "GET /repos/relay/desk/issues/1/comments", "POST /graphql"}; !slices.Equal(c.requests, want) {
		t.Errorf("requests %q", c.requests)
	}
	if body := fmt.Sprint(c.list[0]["body"]); !strings.Contains(body, "not-null-fails") || len(body) > 60_000 {
		t.Errorf("the comment is %s", body)
	}

	j := newJob(t)
	env := j.env("pull_request", s.event(t, "pull_request_fork"))
	if r := (run{dir, env, []string{migvet, "action"}}).do(t); r.code != 0 {
		t.Fatalf("exit status %d: %s", r.code, r.stderr)
	}
	r := postStep(t, j, env, &comments{readOnly: true})
	commands := obeyed(r.stdout)
	if r.code != 0 || len(commands) != 1 || commands[0].name != "notice" || !strings.Contains(commands[0].message, "the token may not write into the pull request") {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

func TestPostRefusesWhatIsNoReport(t *testing.T) {
	j := newJob(t)
	put(t, j.path("migvet/report.json"), []byte(`{"version": 9}`))
	r := postStep(t, j, j.env("pull_request", writeJSON(t, nil)), &comments{})
	if r.code != 3 || !strings.Contains(r.stderr, "version 9 of the report is not known") {
		t.Errorf("exit status %d, %s", r.code, r.stderr)
	}
}

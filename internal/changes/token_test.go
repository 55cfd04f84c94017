package changes

import (
	"encoding/base64"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestToken fetches from a server that gives nothing without the token, as for
// private repositories, and wants the token to stay with it.
func TestToken(t *testing.T) {
	origin, base, head := pullRequest(t)
	payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main", "sha": "` + base + `"}}, "repository": {"default_branch": "main"}}`
	server := gitServer(t, origin.dir, "secret")
	stranger := gitServer(t, origin.dir, "secret")
	for _, c := range []struct {
		name, ref, token, server string
		want                     string // a part of the error; "" for none
	}{
		{"none", "refs/pull/1/merge", "", server, "fetch-depth: 0"},
		{"a wrong one", "refs/pull/1/merge", "other", server, "fetch-depth: 0"},
		{"the right one", "refs/pull/1/merge", "secret", server, ""},
		{"the right one, and the history of a head", head, "secret", server, ""},
		{"one of another server", "refs/pull/1/merge", "secret", stranger, "fetch-depth: 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := checkout(t, origin, c.ref)
			w.git("remote", "set-url", "origin", server+"/.git")
			got, err := find(t, w, Options{Getenv: action(t, "pull_request", payload), Token: c.token, Server: c.server})
			if c.want == "" && err == nil {
				if text := w.git("cat-file", "-t", got.Commit); text != "commit" {
					t.Errorf("the base is a %s", text)
				}
				if left := w.git("config", "--list", "--local"); strings.Contains(left, "AUTHORIZATION") {
					t.Errorf("the token stays in the repository:\n%s", left)
				}
				// What follows has no token, and finds all that it needs.
				again, err := find(t, w, Options{Getenv: action(t, "pull_request", payload)})
				if err != nil || again.Commit != got.Commit {
					t.Errorf("without the token: %v, %v", again, err)
				}
				return
			}
			if err == nil || c.want == "" || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// The token's server may lead to another one, which does not get the token.
func TestTokenFollowsNoRedirect(t *testing.T) {
	origin, base, head := pullRequest(t)
	payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main", "sha": "` + base + `"}}}`
	seen := make(chan string, 100)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("Authorization")
	}))
	t.Cleanup(other.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+r.URL.String(), http.StatusMovedPermanently)
	}))
	t.Cleanup(server.Close)
	w := checkout(t, origin, "refs/pull/1/merge")
	w.git("remote", "set-url", "origin", server.URL+"/.git")
	if got, err := find(t, w, Options{Getenv: action(t, "pull_request", payload), Token: "secret", Server: server.URL}); err == nil {
		t.Errorf("base %v", got)
	}
	if len(seen) > 0 {
		t.Errorf("the other server was asked, with %q", <-seen)
	}
}

// gitServer serves a repository to who has the token.
func gitServer(t *testing.T, dir, token string) (url string) {
	t.Helper()
	libexec, err := exec.Command("git", "--exec-path").Output()
	if err != nil {
		t.Fatal(err)
	}
	git := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(libexec)), "git-http-backend"),
		Env: []string{
			"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1",
			"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*", "GIT_CONFIG_KEY_1=uploadpack.allowAnySHA1InWant", "GIT_CONFIG_VALUE_1=true",
		},
	}
	want := "basic " + base64.StdEncoding.EncodeToString([]byte("x-access-token:"+token))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != want {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		git.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

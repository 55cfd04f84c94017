package github

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// client is one of an API at an address of this machine.
func client(t *testing.T, url string) *Commits {
	t.Helper()
	c, err := NewCommits(API{Token: "secret", URL: url, Repository: "relay/desk"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A host that the API redirects to is not asked at all: the token goes along with
// every request. 127.0.0.1 and localhost are two hosts.
func TestTokenFollowsNoRedirectToAnotherHost(t *testing.T) {
	asked := 0
	elsewhere := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		t.Errorf("the other host is asked with %q", r.Header.Get("Authorization"))
	})
	plain, encrypted := httptest.NewServer(elsewhere), httptest.NewTLSServer(elsewhere)
	defer plain.Close()
	defer encrypted.Close()
	for _, target := range []string{plain.URL, strings.Replace(plain.URL, "127.0.0.1", "localhost", 1), encrypted.URL, "file:///etc/passwd"} {
		for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
			api := httptest.NewServer(http.RedirectHandler(target+"/stolen", status))
			c := client(t, api.URL)
			if hash, err := c.Commit(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), "which is not given the token") {
				t.Errorf("%d to %s: %q, %v", status, target, hash, err)
			}
			if _, err := Account(t.Context(), c.client); err == nil || !strings.Contains(err.Error(), "which is not given the token") {
				t.Errorf("%d to %s: %v", status, target, err)
			}
			api.Close()
		}
	}
}

// A redirect from https to http at the same host shows the token to the network.
func TestTokenStaysEncrypted(t *testing.T) {
	first, err := http.NewRequest(http.MethodGet, "https://api.github.com/repos/a/b", nil)
	if err != nil {
		t.Fatal(err)
	}
	next, err := http.NewRequest(http.MethodGet, "http://api.github.com/repositories/1", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkRedirect(next, []*http.Request{first}); err == nil {
		t.Error("http is followed")
	}
	next.URL.Scheme = "https"
	if err := checkRedirect(next, []*http.Request{first}); err != nil {
		t.Error(err)
	}
}

// GitHub redirects to the number of a repository that was renamed, on its host.
func TestRenamedRepositoryIsFollowed(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("GET /repos/relay/desk/", http.RedirectHandler("/repositories/1", http.StatusMovedPermanently))
	mux.HandleFunc("GET /repositories/1", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Error("the token is missing")
		}
		_, _ = w.Write([]byte("abc"))
	})
	mux.Handle("GET /repos/relay/loop/", http.RedirectHandler("/repos/relay/loop/commits/main", http.StatusFound))
	api := httptest.NewServer(mux)
	defer api.Close()
	c := client(t, api.URL)
	if hash, err := c.Commit(t.Context(), "main"); hash != "abc" || err != nil {
		t.Errorf("%q, %v", hash, err)
	}
	c.repo = "loop"
	if _, err := c.Commit(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), "redirects more than 10 times") {
		t.Errorf("got %v", err)
	}
}

func TestGraphQLIsBesideREST(t *testing.T) {
	for rest, want := range map[string]string{
		"https://api.github.com/":            "https://api.github.com/graphql",
		"https://api.relay.ghe.com/":         "https://api.relay.ghe.com/graphql",
		"https://github.relay.dev/api/v3/":   "https://github.relay.dev/api/graphql",
		"http://localhost:8080/proxy/api/v3": "http://localhost:8080/proxy/api/graphql",
	} {
		if got, err := graphQL(rest); got != want || err != nil {
			t.Errorf("%s: %s, %v; want %s", rest, got, err, want)
		}
	}
}

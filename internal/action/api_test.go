package action_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Where git cannot fetch, or where there is none, the base comes from GitHub's
// REST API, and the findings are the same.
func TestBaseFromTheAPI(t *testing.T) {
	s := newSample(t)
	want := check(t, s.dir, nil)
	api := gitHubAPI(t, s.origin)
	merge := git(t, s.origin, "rev-parse", "refs/pull/1/merge")
	noGit := []string{"PATH=" + without(t, "git")}
	for name, c := range map[string]struct {
		ref, event string
		env        []string
	}{
		"merge commit":         {"refs/pull/1/merge", "pull_request", nil},
		"of a fork":            {"refs/pull/1/merge", "pull_request_fork", nil},
		"its head":             {"refs/pull/1/head", "pull_request", nil},
		"merge queue":          {"refs/pull/1/merge", "merge_group", nil},
		"push":                 {"refs/pull/1/merge", "push", nil},
		"push of a new branch": {"refs/pull/1/head", "push_new_branch", nil},
		"merge commit, no git": {"refs/pull/1/merge", "pull_request", noGit},
		"of a fork, no git":    {"refs/pull/1/merge", "pull_request_fork", noGit},
		"merge queue, no git":  {"refs/pull/1/merge", "merge_group", noGit},
	} {
		t.Run(name, func(t *testing.T) {
			dir := s.checkout(t, c.ref)
			git(t, dir, "remote", "set-url", "origin", "file://"+filepath.Join(t.TempDir(), "none"))
			if c.env != nil {
				if err := os.RemoveAll(filepath.Join(dir, ".git")); err != nil {
					t.Fatal(err)
				}
			}
			got, log := actWithAPI(t, dir, events[c.event], s.event(t, c.event), append(c.env, "GITHUB_API_URL="+api, "GITHUB_SHA="+merge, "MIGVET_GITHUB_TOKEN=secret"))
			same(t, got, want)
			if !strings.Contains(log, "from GitHub's API") {
				t.Errorf("the log does not say where the base is from:\n%s", log)
			}
		})
	}
}

// A token that the API does not take is told, and nothing is taken for new.
func TestBaseFromTheAPIRefused(t *testing.T) {
	s := newSample(t)
	dir := s.checkout(t, "refs/pull/1/merge")
	git(t, dir, "remote", "set-url", "origin", "file://"+filepath.Join(t.TempDir(), "none"))
	j := newJob(t)
	env := append(j.env("pull_request", s.event(t, "pull_request")), "GITHUB_WORKSPACE="+dir, "GITHUB_REPOSITORY=relay/desk",
		"GITHUB_API_URL="+gitHubAPI(t, s.origin), "MIGVET_GITHUB_TOKEN=other")
	r := run{dir, env, []string{migvet, "fetch"}}.do(t)
	if r.code != 0 || !strings.Contains(r.stdout, "GitHub's API does not tell what to compare with") || strings.Contains(r.stdout+r.stderr, "other") {
		t.Errorf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if left, err := filepath.Glob(j.path("base-of-migvet-*")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v are left", left, err)
	}
	if r = (run{dir, env, []string{migvet, "action"}}).do(t); !strings.Contains(r.stdout, "fetch-depth: 0") {
		t.Errorf("the next step says\n%s%s", r.stdout, r.stderr)
	}
	if outputs := j.read(t, "output"); !strings.Contains(outputs, "exit-code=3\n") {
		t.Errorf("outputs:\n%s", outputs)
	}
}

// actWithAPI runs the two steps of the Action that matter. The second has no token.
func actWithAPI(t *testing.T, dir, name, event string, env []string) (v verdict, log string) {
	t.Helper()
	j := newJob(t)
	env = append(env, "GITHUB_WORKSPACE="+dir, "GITHUB_REPOSITORY=relay/desk")
	fetch := run{dir, append(j.env(name, event), env...), []string{migvet, "fetch"}}.do(t)
	fetched, ok := strings.CutPrefix(strings.TrimSpace(j.read(t, "output")), "fetched=")
	if fetch.code != 0 || !ok {
		t.Fatalf("fetch: exit status %d\n%s%s", fetch.code, fetch.stdout, fetch.stderr)
	}
	env = append(env, "MIGVET_GITHUB_TOKEN=", "GITHUB_API_URL=http://127.0.0.1:1", "MIGVET_FETCHED="+fetched)
	r := run{dir, append(j.env(name, event), env...), []string{migvet, "action"}}.do(t)
	if outputs := j.read(t, "output"); !strings.Contains(outputs, "exit-code=1\n") {
		t.Fatalf("exit status %d\n%s%s\noutputs:\n%s", r.code, r.stdout, r.stderr, outputs)
	}
	return readReport(t, j.path("migvet/report.json")), fetch.stdout
}

// without is a directory of all programs but some.
func without(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, path := range filepath.SplitList(os.Getenv("PATH")) {
		programs, _ := os.ReadDir(path) // some are not there
		for _, p := range programs {
			if !slices.Contains(names, p.Name()) {
				_ = os.Symlink(filepath.Join(path, p.Name()), filepath.Join(dir, p.Name())) // the first of a name counts
			}
		}
	}
	return dir
}

// gitHubAPI is the part of GitHub's REST API that tells of commits, for a
// repository relay/desk and a token "secret".
// https://docs.github.com/en/rest/git
func gitHubAPI(t *testing.T, origin string) (url string) {
	t.Helper()
	mux := http.NewServeMux()
	const repo = "GET /repos/relay/desk"
	mux.HandleFunc(repo+"/commits/{ref...}", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(git(t, origin, "rev-parse", r.PathValue("ref"))))
	})
	mux.HandleFunc(repo+"/git/commits/{hash}", func(w http.ResponseWriter, r *http.Request) {
		var parents []map[string]string
		for _, p := range strings.Fields(git(t, origin, "log", "-1", "--format=%P", r.PathValue("hash"))) {
			parents = append(parents, map[string]string{"sha": p})
		}
		answer(t, w, map[string]any{"sha": r.PathValue("hash"), "parents": parents})
	})
	mux.HandleFunc(repo+"/compare/{basehead}", func(w http.ResponseWriter, r *http.Request) {
		a, b, _ := strings.Cut(r.PathValue("basehead"), "...")
		answer(t, w, map[string]any{"merge_base_commit": map[string]string{"sha": git(t, origin, "merge-base", a, b)}})
	})
	mux.HandleFunc(repo+"/git/trees/{hash}", func(w http.ResponseWriter, r *http.Request) {
		var tree []map[string]any
		for line := range strings.SplitSeq(git(t, origin, "-c", "core.quotepath=off", "ls-tree", "-r", "-t", "-l", r.PathValue("hash")), "\n") {
			meta, name, _ := strings.Cut(line, "\t")
			f := strings.Fields(meta)
			entry := map[string]any{"mode": f[0], "type": f[1], "sha": f[2], "path": name}
			if size, err := strconv.Atoi(f[3]); err == nil {
				entry["size"] = size
			}
			tree = append(tree, entry)
		}
		answer(t, w, map[string]any{"tree": tree, "truncated": false})
	})
	mux.HandleFunc(repo+"/git/blobs/{hash}", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "raw") {
			t.Errorf("asks for %s as %s", r.URL, r.Header.Get("Accept"))
		}
		w.Write([]byte(run{dir: origin, command: []string{"git", "cat-file", "blob", r.PathValue("hash")}}.do(t).stdout))
	})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			w.WriteHeader(http.StatusUnauthorized)
			answer(t, w, map[string]string{"message": "Bad credentials"})
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func answer(t *testing.T, w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Error(err)
	}
}

package changes

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// payload prepares a run of GitHub Actions with a payload of testdata/events, in
// whose place commits stand.
func payload(t *testing.T, file string, commits map[string]string) func(string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../testdata/events", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	body := string(text)
	for name, commit := range commits {
		body = strings.ReplaceAll(body, name, commit)
	}
	return action(t, eventName(file), body)
}

// eventName is what GitHub calls the event of a file: "pull_request" for
// "pull_request_fork".
func eventName(file string) string {
	for _, name := range []string{"pull_request_target", "pull_request", "push"} {
		if strings.HasPrefix(file, name) {
			return name
		}
	}
	return file
}

// What each event is compared with, in each kind of checkout.
func TestEveryEvent(t *testing.T) {
	origin, base, head := pullRequest(t)
	fork := origin.git("rev-parse", "main~1")
	merge := origin.git("rev-parse", "refs/pull/1/merge")
	commits := map[string]string{"HEAD_SHA": head, "BASE_SHA": base, "MERGE_SHA": merge, "GONE_SHA": strings.Repeat("1", 40)}
	atMerge := func(t *testing.T) workTree { return checkout(t, origin, "refs/pull/1/merge") }
	atHead := func(t *testing.T) workTree { return checkout(t, origin, head) }
	atMain := func(t *testing.T) workTree { return checkout(t, origin, "refs/heads/main") }
	whole := func(ref string) func(*testing.T) workTree {
		return func(t *testing.T) workTree {
			w := newWorkTree(t)
			w.git("remote", "add", "origin", "file://"+origin.dir)
			w.git("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/pull/*:refs/pull/*")
			w.git("checkout", "--quiet", "--detach", ref)
			return w
		}
	}
	for _, c := range []struct {
		name, event string
		work        func(*testing.T) workTree
		want        string // commit, or a part of the error
	}{
		{"pull request", "pull_request", atMerge, base},
		{"pull request with labels", "pull_request_labels", atMerge, base},
		{"pull request of a fork", "pull_request_fork", atMerge, base},
		{"pull request of Dependabot", "pull_request_dependabot", atMerge, base},
		{"pull request, its head", "pull_request", atHead, fork},
		{"pull request, all history", "pull_request", whole(merge), base},
		{"pull request, its head with all history", "pull_request", whole(head), fork},
		{"pull request, no way to the origin", "pull_request", cutOff(atMerge), "fetch-depth: 0"},
		{"pull request, its head, no way to the origin", "pull_request", cutOff(atHead), "fetch-depth: 0"},
		{"pull request, all history, no way to the origin", "pull_request", cutOff(whole(merge)), base},
		{"pull_request_target, its head", "pull_request_target", atHead, fork},
		{"pull_request_target as it is", "pull_request_target", atMain, "check out its head"},
		{"merge queue", "merge_group", atMerge, base},
		{"merge queue, no way to the origin", "merge_group", cutOff(atMerge), "fetch-depth: 0"},
		{"push to main", "push", atMerge, base},
		{"push of a new branch", "push_new_branch", atHead, fork},
		{"forced push, the commit before is gone", "push_forced", atHead, fork},
		{"schedule", "schedule", atMain, ErrNoBase.Error()},
		{"workflow_dispatch", "workflow_dispatch", atMain, ErrNoBase.Error()},
		{"workflow_dispatch of a branch", "workflow_dispatch", atHead, fork},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := c.work(t)
			got, err := find(t, w, Options{Getenv: payload(t, c.event, commits)})
			if isHash(c.want) {
				if err != nil || got.Commit != c.want {
					t.Errorf("base %v, %v; want %s", got, err, c.want)
				}
			} else if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("base %v, %v; want the error %q", got, err, c.want)
			}
		})
	}
}

// cutOff is a checkout without credentials for a repository that wants them:
// there is nothing more to fetch.
func cutOff(work func(*testing.T) workTree) func(*testing.T) workTree {
	return func(t *testing.T) workTree {
		w := work(t)
		w.git("remote", "set-url", "origin", "file://"+filepath.Join(t.TempDir(), "none"))
		return w
	}
}

// A forced push to the default branch is compared with what was there, which
// GitHub still hands out: what was dropped had been deployed.
func TestForcedPushToTheDefaultBranch(t *testing.T) {
	origin := newWorkTree(t)
	origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
	origin.commit("one", "1")
	before := origin.commit("two", "1")
	origin.git("reset", "--quiet", "--hard", "HEAD~1")
	after := origin.commit("three", "1")
	w := checkout(t, origin, after)
	mustFind(t, w, Options{Getenv: payload(t, "push", map[string]string{"BASE_SHA": before, "MERGE_SHA": after})}, before)
}

func TestEventsWithoutPayloadFileAreErrors(t *testing.T) {
	w := newWorkTree(t)
	w.commit("a", "1")
	getenv := env(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": filepath.Join(t.TempDir(), "none")})
	if _, err := find(t, w, Options{Getenv: getenv}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
}

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

// A checkoutCase is an event in a kind of checkout.
type checkoutCase struct {
	name, event string
	work        func(*testing.T) workTree
	want        string // commit, or a part of the error
	told        string // the same where git cannot fetch and a Remote tells; "" for want
}

// everyEvent is each event in each kind of checkout of one pull request.
func everyEvent(t *testing.T) (origin workTree, commits map[string]string, cases []checkoutCase) {
	t.Helper()
	origin, base, head := pullRequest(t)
	fork := origin.git("rev-parse", "main~1")
	merge := origin.git("rev-parse", "refs/pull/1/merge")
	commits = map[string]string{"HEAD_SHA": head, "BASE_SHA": base, "MERGE_SHA": merge, "GONE_SHA": strings.Repeat("1", 40)}
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
	return origin, commits, []checkoutCase{
		{name: "pull request", event: "pull_request", work: atMerge, want: base},
		{name: "pull request with labels", event: "pull_request_labels", work: atMerge, want: base},
		{name: "pull request of a fork", event: "pull_request_fork", work: atMerge, want: base},
		{name: "pull request of Dependabot", event: "pull_request_dependabot", work: atMerge, want: base},
		{name: "pull request, its head", event: "pull_request", work: atHead, want: fork},
		{name: "pull request, all history", event: "pull_request", work: whole(merge), want: base},
		{name: "pull request, its head with all history", event: "pull_request", work: whole(head), want: fork},
		{name: "pull request, no way to the origin", event: "pull_request", work: cutOff(atMerge), want: "fetch-depth: 0", told: base},
		{name: "pull request, its head, no way to the origin", event: "pull_request", work: cutOff(atHead), want: "fetch-depth: 0", told: fork},
		{name: "pull request, all history, no way to the origin", event: "pull_request", work: cutOff(whole(merge)), want: base},
		{name: "pull_request_target, its head", event: "pull_request_target", work: atHead, want: fork},
		{name: "pull_request_target as it is", event: "pull_request_target", work: atMain, want: "check out its head"},
		{name: "merge queue", event: "merge_group", work: atMerge, want: base},
		{name: "merge queue, no way to the origin", event: "merge_group", work: cutOff(atMerge), want: "fetch-depth: 0", told: base},
		{name: "push to main", event: "push", work: atMerge, want: base},
		{name: "push of a new branch", event: "push_new_branch", work: atHead, want: fork},
		{name: "forced push, the commit before is gone", event: "push_forced", work: atHead, want: fork},
		{name: "schedule", event: "schedule", work: atMain, want: ErrNoBase.Error()},
		{name: "workflow_dispatch", event: "workflow_dispatch", work: atMain, want: ErrNoBase.Error()},
		{name: "workflow_dispatch of a branch", event: "workflow_dispatch", work: atHead, want: fork},
	}
}

// What each event is compared with, in each kind of checkout.
func TestEveryEvent(t *testing.T) {
	_, commits, cases := everyEvent(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := c.work(t)
			got, err := find(t, w, Options{Getenv: payload(t, c.event, commits)})
			wantBase(t, got, err, c.want)
		})
	}
}

// wantBase holds a base to a commit, or an error to a part of its text.
func wantBase(t *testing.T, got *Base, err error, want string) {
	t.Helper()
	if isHash(want) {
		if err != nil || got.Commit != want {
			t.Errorf("base %v, %v; want %s", got, err, want)
		}
	} else if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("base %v, %v; want the error %q", got, err, want)
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

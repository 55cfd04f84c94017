package github

import (
	"os"
	"strings"
	"testing"
)

func readEvent(t *testing.T, env map[string]string, payload string) *Event {
	t.Helper()
	e, err := ReadEvent(func(name string) string { return env[name] }, func(string) ([]byte, error) { return []byte(payload), nil })
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What an event says of the code that is checked out. checked is the commit that
// is: "1" is the workflow's own.
func TestOrigin(t *testing.T) {
	const (
		own        = `{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"ann"}}`
		ownBranch  = own + `}`
		fork       = `{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"x/b"}},"user":{"login":"ann"}}}`
		forkGone   = `{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":null},"user":{"login":"ann"}}}`
		nameless   = `{"pull_request":{"head":{"repo":{}},"user":{"login":"ann"}}}`
		byBot      = `{"repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"dependabot[bot]"}}}`
		botPushed  = own + `,"sender":{"login":"dependabot[bot]"}}`
		push       = `{"ref":"refs/heads/main","sender":{"login":"ann"},"pusher":{"name":"ann"}}`
		pushOfBot  = `{"ref":"refs/heads/main","sender":{"login":"dependabot[bot]"}}`
		pusherBot  = `{"ref":"refs/heads/x","pusher":{"name":"dependabot[bot]"}}`
		botsBranch = `{"ref":"refs/heads/dependabot/npm_and_yarn/x","sender":{"login":"ann"}}`
	)
	for _, c := range []struct {
		event, payload, checked string
		want                    string // own, stranger, exposed
	}{
		{"", `{}`, "2", "own"},
		{"pull_request", ownBranch, "2", "own"},
		{"pull_request", fork, "1", "stranger"},
		{"pull_request", forkGone, "1", "stranger"},
		{"pull_request", nameless, "1", "stranger"},
		{"pull_request", `{}`, "1", "stranger"},
		{"pull_request", byBot, "1", "stranger"},
		{"pull_request", botPushed, "1", "stranger"},
		{"pull_request_review", ownBranch, "1", "own"},
		{"pull_request_review", fork, "1", "stranger"},
		{"pull_request_review_comment", fork, "1", "stranger"},
		{"push", push, "1", "own"},
		{"push", pushOfBot, "1", "stranger"},
		{"push", pusherBot, "1", "stranger"},
		{"push", botsBranch, "1", "stranger"},
		{"merge_group", `{}`, "1", "own"},
		{"schedule", `{}`, "1", "own"},
		{"schedule", `{}`, "2", "exposed"},
		{"workflow_dispatch", `{}`, "1", "own"},
		{"workflow_dispatch", `{}`, "2", "exposed"},
		{"workflow_dispatch", `{}`, "", "exposed"},
		{"pull_request_target", ownBranch, "1", "exposed"},
		{"pull_request_target", fork, "1", "exposed"},
		{"workflow_run", `{}`, "1", "exposed"},
		{"repository_dispatch", `{}`, "1", "exposed"},
		{"issues", `{}`, "1", "exposed"},
		{"issue_comment", `{}`, "1", "exposed"},
		{"discussion_comment", `{}`, "1", "exposed"},
		{"check_run", `{}`, "1", "exposed"},
		{"check_suite", `{}`, "1", "exposed"},
		{"deployment_status", `{}`, "1", "exposed"},
		{"release", `{}`, "1", "exposed"},
		{"workflow_call", `{}`, "1", "exposed"},
		{"an event of the future", ownBranch, "1", "exposed"},
	} {
		o := readEvent(t, map[string]string{"GITHUB_EVENT_PATH": "x", "GITHUB_EVENT_NAME": c.event, "GITHUB_SHA": "1"}, c.payload).Origin(c.checked)
		got := "own"
		switch {
		case o.Exposed != "":
			got = "exposed"
		case o.Strangers:
			got = "stranger"
		}
		if got != c.want || o.Exposed != "" && (!o.Strangers || !strings.HasPrefix(o.Exposed, c.event)) {
			t.Errorf("%s of %s with commit %q: %s, %+v; want %s", c.event, c.payload, c.checked, got, o, c.want)
		}
	}
}

// GitHub's own word for who caused a run counts as well.
func TestOriginOfDependabotByActor(t *testing.T) {
	for _, event := range []string{"push", "pull_request"} {
		e := readEvent(t, map[string]string{"GITHUB_EVENT_PATH": "x", "GITHUB_EVENT_NAME": event, "GITHUB_ACTOR": "dependabot[bot]"},
			`{"ref":"refs/heads/x","repository":{"full_name":"a/b"},"pull_request":{"head":{"repo":{"full_name":"a/b"}},"user":{"login":"ann"}}}`)
		if o := e.Origin(""); !o.Strangers || o.Exposed != "" {
			t.Errorf("%s: %+v", event, o)
		}
	}
}

// A commit that is not known is not the workflow's own because that is unknown
// too.
func TestOriginWithoutCommits(t *testing.T) {
	if o := (&Event{Name: "workflow_dispatch"}).Origin(""); o.Exposed == "" {
		t.Errorf("%+v", o)
	}
}

func TestOriginOutsideOfActions(t *testing.T) {
	e, err := ReadEvent(func(string) string { return "" }, os.ReadFile)
	if err != nil || e.Origin("") != (Origin{}) || e.Labels().Names != nil {
		t.Errorf("%v, %v", e, err)
	}
}

func TestStrangersCannotHideInAnUnreadableEvent(t *testing.T) {
	_, err := ReadEvent(
		func(string) string { return "event.json" },
		func(string) ([]byte, error) { return []byte(`{"pull_request":`), nil })
	if err == nil {
		t.Error("no error")
	}
}

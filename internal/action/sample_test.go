package action_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A sample is the sample pull request: a complete repository, and its origin
// with the refs that GitHub makes.
type sample struct{ dir, origin string }

func newSample(t *testing.T) sample {
	t.Helper()
	script, err := filepath.Abs("../../testdata/drizzle/repo.sh")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "relay")
	if r := (run{command: []string{script, dir}}).do(t); r.code != 0 {
		t.Fatal(r.stderr)
	}
	return sample{dir, dir + ".origin.git"}
}

// checkout does what actions/checkout does by default: one commit of one ref,
// detached, and nothing else.
func (s sample) checkout(t *testing.T, ref string) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet")
	git(t, dir, "remote", "add", "origin", "file://"+s.origin)
	git(t, dir, "fetch", "--quiet", "--no-tags", "--prune", "--depth=1", "origin", "+"+ref+":refs/remotes/pull/1/checkout")
	git(t, dir, "checkout", "--quiet", "--force", "--detach", "refs/remotes/pull/1/checkout")
	return dir
}

// events are the files of testdata/events that tell of the sample, and what
// GitHub calls each. Where it can be, the code of strangers is in them.
var events = map[string]string{
	"pull_request": "pull_request", "pull_request_fork": "pull_request", "pull_request_dependabot": "pull_request",
	"merge_group": "merge_group", "push": "push", "push_new_branch": "push", "push_forced": "push",
	"schedule": "schedule", "workflow_dispatch": "workflow_dispatch", "pull_request_target": "pull_request_target",
}

// event is the payload of an event with the commits of the sample in it.
func (s sample) event(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../testdata/events", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	payload := strings.NewReplacer(
		"HEAD_SHA", git(t, s.dir, "rev-parse", "feature"), "BASE_SHA", git(t, s.dir, "rev-parse", "main"),
		"MERGE_SHA", git(t, s.origin, "rev-parse", "refs/pull/1/merge"), "GONE_SHA", strings.Repeat("1", 40),
	).Replace(string(text))
	path := filepath.Join(t.TempDir(), "event.json")
	put(t, path, []byte(payload))
	return path
}

func writeJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "event.json")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// A job is what the runner tells a step of itself.
type job struct{ temp string }

func newJob(t *testing.T) job {
	t.Helper()
	return job{t.TempDir()}
}

func (j job) path(name string) string { return filepath.Join(j.temp, name) }

func (j job) env(event, file string) []string {
	return []string{
		"CI=true", "GITHUB_ACTIONS=true", "GITHUB_EVENT_NAME=" + event, "GITHUB_EVENT_PATH=" + file,
		"RUNNER_TEMP=" + j.temp, "GITHUB_OUTPUT=" + j.path("output"), "GITHUB_STEP_SUMMARY=" + j.path("summary"),
	}
}

func (j job) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(j.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package action_test

import (
	"encoding/json"
	"os"
	"path/filepath"
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

// pullRequest is the event file of the pull request. Its head is in the given
// repository.
func (s sample) pullRequest(t *testing.T, head string) string {
	const base = "relay/desk"
	return writeJSON(t, map[string]any{
		"action": "synchronize", "number": 1,
		"pull_request": map[string]any{
			"number": 1,
			"head":   map[string]any{"ref": "feature", "sha": git(t, s.dir, "rev-parse", "feature"), "repo": repository(head, head != base)},
			"base":   map[string]any{"ref": "main", "sha": git(t, s.dir, "rev-parse", "main"), "repo": repository(base, false)},
		},
		"repository": repository(base, false),
	})
}

// mergeGroup is the event file of a merge queue.
func (s sample) mergeGroup(t *testing.T) string {
	return writeJSON(t, map[string]any{
		"action": "checks_requested",
		"merge_group": map[string]any{
			"base_ref": "refs/heads/main", "base_sha": git(t, s.dir, "rev-parse", "main"),
			"head_sha": git(t, s.origin, "rev-parse", "refs/pull/1/merge"),
		},
		"repository": repository("relay/desk", false),
	})
}

func repository(name string, fork bool) map[string]any {
	return map[string]any{"full_name": name, "fork": fork, "default_branch": "main"}
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

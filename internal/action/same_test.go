package action_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

// A pull request is judged the same from the command line, from the clones
// that GitHub's runners make, and by the Action.
func TestFindingsAreTheSameEverywhere(t *testing.T) {
	s := newSample(t)
	want := check(t, s.dir, nil)
	if want.Result != "findings" || len(want.Findings) < 5 {
		t.Fatalf("the sample gives\n%v", want)
	}
	own := s.event(t, "pull_request")
	merge, head := "refs/pull/1/merge", "refs/pull/1/head"

	for name, got := range map[string]func(*testing.T) verdict{
		"shallow merge commit": func(t *testing.T) verdict {
			return check(t, s.checkout(t, merge), newJob(t).env("pull_request", own))
		},
		"shallow head": func(t *testing.T) verdict {
			return check(t, s.checkout(t, head), newJob(t).env("pull_request", own))
		},
		"shallow head without an event": func(t *testing.T) verdict {
			return check(t, s.checkout(t, head), nil, "--base", "main")
		},
	} {
		t.Run(name, func(t *testing.T) { same(t, got(t), want) })
	}
}

// Whatever starts the workflow, the Action finds the same; where secrets are
// near, it finds what reading finds.
func TestFindingsAreTheSameOnEveryEvent(t *testing.T) {
	s := newSample(t)
	tried, linted := check(t, s.dir, nil), lint(t, s.dir)
	for file, name := range events {
		want := tried
		if name == "pull_request_target" {
			want = linted
		}
		dir := s.checkout(t, "refs/pull/1/merge")
		t.Run(file, func(t *testing.T) { same(t, act(t, dir, name, s.event(t, file)), want) })
	}
}

// The same in nektos/act, which runs the whole of action.yml.
func TestFindingsAreTheSameInAct(t *testing.T) {
	switch os.Getenv("MIGVET_TEST_ACT") {
	case "1":
	case "elsewhere":
		skip.Elsewhere(t, "act")
	default:
		skip.Here(t, "nektos/act takes minutes to build; MIGVET_TEST_ACT=1 runs it")
	}
	s := newSample(t)
	tried, linted := check(t, s.dir, nil), lint(t, s.dir)
	program := installAct(t)
	t.Run("the base from the API", func(t *testing.T) {
		dir := s.checkout(t, "refs/pull/1/merge")
		git(t, dir, "remote", "set-url", "origin", "https://127.0.0.1:1/relay/desk.git")
		got, log := nektosAct(t, program, dir, "pull_request", s.event(t, "pull_request"),
			"--secret", "GITHUB_TOKEN=secret", "--env", "GITHUB_API_URL="+gitHubAPI(t, s.origin), "--env", "GITHUB_REPOSITORY=relay/desk")
		same(t, got, tried)
		if !strings.Contains(log.text, "read main (6a0d45f) from GitHub's API") {
			t.Errorf("the log does not say where the base is from:\n%s", log.text)
		}
	})
	for file, name := range events {
		want := tried
		if name == "pull_request_target" {
			want = linted
		}
		t.Run(file, func(t *testing.T) {
			got, _ := nektosAct(t, program, s.checkout(t, "refs/pull/1/merge"), name, s.event(t, file))
			same(t, got, want)
		})
	}
}

func same(t *testing.T, got, want verdict) {
	t.Helper()
	if got.String() != want.String() {
		t.Errorf("got\n%v\n\nfrom the command line\n%v", got, want)
	}
}

// check runs migvet check, which takes no token and is given none.
func check(t *testing.T, dir string, env []string, args ...string) verdict {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	r := run{dir, env, append([]string{migvet, "check", "--output", "json=" + report}, args...)}.do(t)
	if r.code != 1 {
		t.Fatalf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	return readReport(t, report)
}

// lint runs migvet lint.
func lint(t *testing.T, dir string) verdict {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	if r := (run{dir, nil, []string{migvet, "lint", "--output", "json=" + report}}).do(t); r.code != 1 {
		t.Fatalf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	return readReport(t, report)
}

// act runs the Action's program as its run step does.
func act(t *testing.T, dir, name, event string) verdict {
	t.Helper()
	j := newJob(t)
	env := append(j.env(name, event), "GITHUB_SHA="+git(t, dir, "rev-parse", "HEAD"))
	r := run{dir, env, []string{migvet, "action"}}.do(t)
	if r.code != 0 {
		t.Fatalf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if outputs := j.read(t, "output"); !strings.Contains(outputs, "exit-code=1\n") {
		t.Errorf("outputs:\n%s", outputs)
	}
	if summary := j.read(t, "summary"); !strings.Contains(summary, "not-null-fails") {
		t.Errorf("summary:\n%s", summary)
	}
	return readReport(t, j.path("migvet/report.json"))
}

package action_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// newBranch is a repository with a migration on main, and a branch with more files.
func newBranch(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch=main")
	git(t, dir, "config", "user.name", "a")
	git(t, dir, "config", "user.email", "a@relay.example")
	put(t, filepath.Join(dir, "migrations/0001_a.sql"), []byte("CREATE TABLE people (id int, name text, born date);"))
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=base")
	git(t, dir, "checkout", "--quiet", "-b", "feature")
	commit(t, dir, files)
	return dir
}

func commit(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		put(t, filepath.Join(dir, name), []byte(text))
	}
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=more")
}

// vetted is what the run step leaves.
type vetted struct{ log, outputs string }

func vet(t *testing.T, dir, event string, payload any, env ...string) vetted {
	t.Helper()
	j := newJob(t)
	env = append(append(j.env(event, writeJSON(t, payload)), "MIGVET_BASE=main"), env...)
	r := run{dir, env, []string{migvet, "action"}}.do(t)
	if r.code != 0 {
		t.Fatalf("exit status %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	return vetted{r.stdout, j.read(t, "output")}
}

func (v vetted) has(outputs string) bool { return strings.Contains("\n"+v.outputs, "\n"+outputs+"\n") }

// A branch asks for a superuser, and for its own drizzle-kit to be run. Only
// events that are known to be about the code of people who may push get both;
// where strangers' code may lie beside secrets, it is not even tried.
func TestEventsOfStrangers(t *testing.T) {
	dir := newBranch(t, map[string]string{
		".migvet.yml":           "role: superuser\n",
		"migrations/0002_b.sql": "CREATE TABLE others (id int);",
	})
	head := git(t, dir, "rev-parse", "HEAD")
	type m = map[string]any
	pull := func(repo, author string) m {
		return m{"repository": m{"full_name": "a/b"}, "pull_request": m{"number": 1, "head": m{"sha": head, "repo": m{"full_name": repo}}, "user": m{"login": author}}}
	}
	const own, stranger, exposed = "own", "stranger", "exposed"
	for _, c := range []struct {
		event   string
		payload m
		sha     string
		want    string
	}{
		{"pull_request", pull("a/b", "ann"), "", own},
		{"push", m{"ref": "refs/heads/feature", "sender": m{"login": "ann"}}, head, own},
		{"merge_group", m{"merge_group": m{}}, head, own},
		{"schedule", m{}, head, own},
		{"workflow_dispatch", m{}, head, own},
		{"pull_request", pull("x/b", "x"), "", stranger},
		{"pull_request", pull("a/b", "dependabot[bot]"), "", stranger},
		{"pull_request_review", pull("x/b", "x"), "", stranger},
		{"push", m{"ref": "refs/heads/dependabot/npm/x", "sender": m{"login": "dependabot[bot]"}}, head, stranger},
		{"pull_request_target", pull("a/b", "ann"), "", exposed},
		{"schedule", m{}, git(t, dir, "rev-parse", "main"), exposed},
		{"workflow_dispatch", m{}, git(t, dir, "rev-parse", "main"), exposed},
		{"repository_dispatch", m{}, head, exposed},
		{"issues", m{}, head, exposed},
		{"issue_comment", m{}, head, exposed},
		{"discussion_comment", m{}, head, exposed},
		{"check_run", m{}, head, exposed},
		{"deployment_status", m{}, head, exposed},
		{"workflow_run", m{}, head, exposed},
		{"an event of the future", m{}, head, exposed},
	} {
		t.Run(c.event+" "+c.want, func(t *testing.T) {
			v := vet(t, dir, c.event, c.payload, "GITHUB_SHA="+c.sha, "MIGVET_DRIZZLE_GENERATE=true")
			for text, want := range map[string]bool{
				"this branch checks less than that of main, or differently: it runs migrations as a superuser": c.want == own,
				"its own, which has no effect, runs migrations as a superuser":                                 c.want != own,
				"drizzle-kit generate was not run: it runs code of the branch, which may be anybody's":         c.want != own,
				"migrations were only linted: they are not tried on " + c.event:                                c.want == exposed,
			} {
				if strings.Contains(v.log, text) != want {
					t.Errorf("%q is said: %v, want %v\n%s", text, !want, want, v.log)
				}
			}
			if v.has("postgres-version=") != (c.want == exposed) || !v.has("exit-code=0") {
				t.Errorf("outputs are\n%s", v.outputs)
			}
			if c.want != exposed {
				return
			}
			v = vet(t, dir, c.event, c.payload, "GITHUB_SHA="+c.sha, "MIGVET_TRIAL=true")
			if !v.has("exit-code=2") || !strings.Contains(v.log, "input trial: migrations are not tried on "+c.event) {
				t.Errorf("with trial: true\n%s%s", v.log, v.outputs)
			}
		})
	}
}

// A label holds for the commit that it was set on. It accepts neither what is
// pushed later nor that a migration does not apply; what it accepts is told.
func TestLabelsAcceptOneCommit(t *testing.T) {
	dir := newBranch(t, map[string]string{"migrations/0002_b.sql": "ALTER TABLE people DROP COLUMN name;"})
	labeled := func(action string, labels ...string) map[string]any {
		type m = map[string]any
		var all []m
		for _, l := range labels {
			all = append(all, m{"name": l})
		}
		return m{"action": action, "label": all[0], "repository": m{"full_name": "a/b"}, "pull_request": m{
			"number": 1, "head": m{"sha": git(t, dir, "rev-parse", "HEAD"), "repo": m{"full_name": "a/b"}}, "user": m{"login": "ann"}, "labels": all,
		}}
	}
	const dropped = "migrations:allow column-dropped"
	expect := func(what string, v vetted, code, says string) {
		t.Helper()
		if !v.has("exit-code="+code) || !strings.Contains(v.log, says) {
			t.Errorf("%s: want exit code %s and %q\n%s%s", what, code, says, v.log, v.outputs)
		}
	}
	expect("set on this commit", vet(t, dir, "pull_request", labeled("labeled", dropped)), "0", `the label "`+dropped+`" accepts 1 finding of column-dropped, in migrations/0002_b.sql`)
	expect("without a separator", vet(t, dir, "pull_request", labeled("labeled", "migrations:allowcolumn-dropped")), "1", "with a space")
	first := "migrations:allow @" + git(t, dir, "rev-parse", "HEAD")[:16]
	expect("for this commit", vet(t, dir, "pull_request", labeled("synchronize", first, dropped)), "0", "accepts 1 finding")

	commit(t, dir, map[string]string{"migrations/0003_c.sql": "ALTER TABLE people DROP COLUMN born;"})
	expect("set before the push", vet(t, dir, "pull_request", labeled("synchronize", dropped)), "1", "does not hold for commit "+git(t, dir, "rev-parse", "HEAD")[:7])
	expect("for the commit before", vet(t, dir, "pull_request", labeled("synchronize", first, dropped)), "1", "does not hold")

	commit(t, dir, map[string]string{"migrations/0004_d.sql": "ALTER TABLE nowhere ADD COLUMN x int;"})
	now := "migrations:allow @" + git(t, dir, "rev-parse", "HEAD")[:16]
	expect("does not apply", vet(t, dir, "pull_request", labeled("synchronize", now, dropped, "migrations:allow does-not-apply")), "4", `"migrations:allow does-not-apply" accepts nothing: no label accepts that a migration does not apply`)
}

// An accepted refusal lifts that very refusal, and not those of other folders.
func TestRefusalsAreAcceptedOneByOne(t *testing.T) {
	dir := newBranch(t, map[string]string{
		"migrations/0002_b.sql":       "-- migvet:ignore does-not-apply made by hand there\nALTER TABLE nowhere ADD COLUMN x int;",
		"other/migrations/0001_c.sql": "CREATE TABLE c (id int);",
	})
	payload := map[string]any{"ref": "refs/heads/feature"}
	if v := vet(t, dir, "push", payload); !v.has("exit-code=0") {
		t.Errorf("an accepted refusal counts\n%s%s", v.log, v.outputs)
	}
	commit(t, dir, map[string]string{"other/migrations/0002_d.sql": "ALTER TABLE c DROP COLUMN nothing;"})
	if v := vet(t, dir, "push", payload, "MIGVET_FAIL_ON=never"); !v.has("exit-code=4") {
		t.Errorf("one accepted refusal lifts another\n%s%s", v.log, v.outputs)
	}
}

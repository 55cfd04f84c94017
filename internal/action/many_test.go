package action_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// newMany is a repository whose pull request renames 500 columns. Columns that are dropped
// would be one finding.
func newMany(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch=main")
	git(t, dir, "config", "user.name", "a")
	git(t, dir, "config", "user.email", "a@relay.example")
	var columns, renames []string
	for i := range 500 {
		columns = append(columns, fmt.Sprintf("c%d text", i))
		renames = append(renames, fmt.Sprintf("ALTER TABLE a RENAME COLUMN c%d TO d%[1]d;\n", i))
	}
	put(t, filepath.Join(dir, ".migvet.yml"), []byte("rules: {column-renamed: error}"))
	put(t, filepath.Join(dir, "migrations/0001_a.sql"), []byte("CREATE TABLE a ("+strings.Join(columns, ", ")+");"))
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=base")
	git(t, dir, "checkout", "--quiet", "-b", "feature")
	put(t, filepath.Join(dir, "migrations/0002_b.sql"), []byte(strings.Join(renames, "")))
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=feature")
	return dir
}

// Every limit of GitHub is kept, what is left out is told, and the verdict is
// what it is.
func TestFiveHundredFindings(t *testing.T) {
	dir, j := newMany(t), newJob(t)
	env := append(j.env("pull_request", writeJSON(t, map[string]any{"pull_request": map[string]any{
		"number": 1, "base": map[string]any{"ref": "main", "sha": git(t, dir, "rev-parse", "main")},
	}})), "MIGVET_TRIAL=false")
	r := run{dir, env, []string{migvet, "action"}}.do(t)
	if r.code != 0 {
		t.Fatalf("exit status %d\n%s", r.code, r.stderr)
	}
	issued := map[string]int{}
	for _, c := range obeyed(r.stdout) {
		issued[c.name]++
	}
	if issued["error"] != 10 || issued["warning"] > 10 || issued["notice"] > 10 || !strings.Contains(r.stdout, "migvet%3A 491 more errors") {
		t.Errorf("annotations: %v", issued)
	}
	if n := strings.Count(r.stdout, "[column-renamed]"); n != 500 {
		t.Errorf("the log has %d findings", n)
	}
	if page := j.read(t, "summary"); len(page) > 1<<20 || !strings.Contains(page, "500 errors") {
		t.Errorf("the summary has %d bytes", len(page))
	}
	if outputs := j.read(t, "output"); !strings.Contains(outputs, "exit-code=1\n") || !strings.Contains(outputs, "errors=500\n") {
		t.Errorf("outputs are\n%s", outputs)
	}
	if v := readReport(t, j.path("migvet/report.json")); len(v.Findings) != 500 {
		t.Errorf("the report has %d findings", len(v.Findings))
	}
	c := &comments{}
	if r := postStep(t, j, env, c); r.code != 0 || len(c.list) != 1 {
		t.Fatalf("exit status %d, %d comments\n%s%s", r.code, len(c.list), r.stdout, r.stderr)
	}
	body := fmt.Sprint(c.list[0]["body"])
	if len(body) > 60_100 || !strings.Contains(body, "left out** to keep below GitHub's limit of 65,536 characters") {
		t.Errorf("the comment has %d bytes", len(body))
	}
}

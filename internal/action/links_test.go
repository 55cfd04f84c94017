package action_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a workflow names in the workspace, a pull request can make a link to
// elsewhere.
func TestLinksOfTheWorkspaceLeadNowhere(t *testing.T) {
	for name, c := range map[string]struct{ variable, value, want string }{
		"sarif-file":        {"MIGVET_SARIF_FILE", "sub/reports/migvet.sarif", "sub/reports/migvet.sarif: a symbolic link on the way leads out of"},
		"report-file":       {"MIGVET_REPORT_FILE", "sub/reports/migvet.json", "sub/reports/migvet.json: a symbolic link on the way leads out of"},
		"config":            {"MIGVET_CONFIG", "sub/reports/secret", "sub/reports/secret: a symbolic link on the way leads out of"},
		"baseline":          {"MIGVET_BASELINE", "sub/reports/secret", "sub/reports/secret: a symbolic link on the way leads out of"},
		"working-directory": {"MIGVET_WORKING_DIRECTORY", "sub/reports", "input working-directory: sub/reports is a symbolic link that leads out of"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, outside := t.TempDir(), t.TempDir()
			put(t, filepath.Join(outside, "secret"), []byte("rules: {}\n"))
			put(t, filepath.Join(dir, "migrations/0001_a.sql"), []byte("CREATE TABLE a (id int);"))
			put(t, filepath.Join(dir, "sub/x"), nil)
			if err := os.Symlink(outside, filepath.Join(dir, "sub/reports")); err != nil {
				t.Fatal(err)
			}
			j := newJob(t)
			env := append(j.env("push", writeJSON(t, nil)), "GITHUB_WORKSPACE="+dir, "MIGVET_TRIAL=false", "MIGVET_ALL=true", c.variable+"="+c.value)
			r := run{dir, env, []string{migvet, "action"}}.do(t)
			if !strings.Contains(r.stdout+r.stderr, c.want) || r.code == 0 && !strings.Contains(j.read(t, "output"), "result=error\n") {
				t.Errorf("exit status %d\n%s%s%s", r.code, r.stdout, r.stderr, j.read(t, "output"))
			}
			if left, err := os.ReadDir(outside); err != nil || len(left) != 1 {
				t.Errorf("outside are %v, %v", left, err)
			}
		})
	}
}

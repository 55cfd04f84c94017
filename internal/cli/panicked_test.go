package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/migvet/migvet/internal/config"
	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// explosive panics at every statement.
var explosive = &lint.Rule{ID: "explosive", Severity: lint.Warning, Check: func(p *lint.Pass) {
	panic(fmt.Sprintf("boom at %s", p.Statement.SQL[:6]))
}}

// panickyRun runs migvet in a folder with two migrations, one of which has a finding.
func panickyRun(t *testing.T, env Env, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	env.Dir = t.TempDir()
	for name, text := range map[string]string{
		"001_a.sql": "CREATE TABLE lamps (id int);\n", "002_b.sql": "SELECT 1;\nDROP TABLE bulbs;\n",
	} {
		file := filepath.Join(env.Dir, "migrations", name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	var out, err bytes.Buffer
	env.Stdout, env.Stderr, env.Getenv = &out, &err, func(string) string { return "" }
	if env.Now == nil {
		env.Now = time.Now
	}
	env.Grace = time.Minute
	code = Main(context.Background(), env, args)
	return code, out.String(), err.String()
}

func TestPanicOfARuleIsNotChecked(t *testing.T) {
	env := Env{Rules: append(rules.All(), explosive)}
	code, stdout, stderr := panickyRun(t, env, "lint", "--all", "--format", "json", "--fail-on", "never")
	var got struct {
		Findings   []struct{ Rule string }
		NotChecked []struct {
			Path, Reason string
			Line         int
		}
	}
	if err := json.Unmarshal([]byte(stdout), &got); err != nil {
		t.Fatalf("%v in %s", err, stdout)
	}
	found := false
	for _, f := range got.Findings {
		found = found || f.Rule == "table-dropped"
		if f.Rule == lint.CheckPanicked.ID {
			t.Error("the panic is a finding")
		}
	}
	if code != exitUnchecked || !found || len(got.NotChecked) != 1 || stderr != "" {
		t.Fatalf("status %d, %s%s", code, stdout, stderr)
	}
	if u := got.NotChecked[0]; u.Path != "migrations/001_a.sql" || u.Line != 1 ||
		u.Reason != "rule explosive panicked: boom at CREATE, and at 2 more statements; what it had to say is missing"+reportPanic {
		t.Errorf("not checked: %+v", u)
	}
	_, _, stderr = panickyRun(t, env, "lint", "--all", "--debug")
	if !strings.Contains(stderr, "rule explosive panicked:\nmigvet: debug: goroutine") || !strings.Contains(stderr, "panicked_test.go") {
		t.Errorf("no stack in %s", stderr)
	}
}

func TestPanicOutsideOfEverything(t *testing.T) {
	env := Env{Now: func() time.Time { panic("no clock") }}
	code, stdout, stderr := panickyRun(t, env, "lint", "--all")
	if want := "migvet: panicked: no clock\nmigvet: this is a mistake in migvet, and nothing was checked" + reportPanic + "\n"; code != exitUnchecked || stdout != "" || stderr != want {
		t.Errorf("status %d, %q, stderr %q", code, stdout, stderr)
	}
	if _, _, stderr = panickyRun(t, env, "lint", "--all", "--debug"); !strings.Contains(stderr, "panicked_test.go") {
		t.Errorf("no stack in %s", stderr)
	}
}

func TestPanicOfAReportIsNotChecked(t *testing.T) {
	breaks := report.Format(func(io.Writer, *report.Report) error { panic("no such cell") })
	text := report.Format(func(w io.Writer, r *report.Report) error { return report.Text(w, r, report.TextOptions{}) })
	const why = " could not be written: panicked: no such cell" + reportPanic
	for name, test := range map[string]struct {
		stdout     report.Format
		files      []fileOutput
		code, want int // before, behind
		missing    string
	}{
		"none":                   {text, []fileOutput{{"json=a", "a", report.JSON}}, 1, 1, ""},
		"a file":                 {text, []fileOutput{{"json=a", "a", report.JSON}, {"sarif=b", "b", breaks}}, 0, 3, "the report sarif=b"},
		"a file, findings":       {report.JSON, []fileOutput{{"sarif=b", "b", breaks}, {"text=a", "a", text}}, 1, 3, "the report sarif=b"},
		"a file, does not apply": {report.JSON, []fileOutput{{"junit=b", "b", breaks}}, 4, 4, "the report junit=b"},
		"stdout":                 {breaks, []fileOutput{{"json=a", "a", report.JSON}}, 0, 3, "the report on standard output"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for i := range test.files {
				test.files[i].path = filepath.Join(dir, test.files[i].path)
			}
			var stdout, stderr bytes.Buffer
			r := &report.Report{Result: report.Passed, ExitCode: test.code, Findings: []lint.Finding{{Rule: "r", Severity: lint.Warning, Path: "p.sql", Start: lint.NoPos, End: lint.NoPos, Message: "told all the same"}}}
			out := outputs{format: test.stdout, files: test.files, named: files.Named{Dirs: []string{dir}}}
			if err := out.write(Env{Stdout: &stdout, Stderr: &stderr}, r); err != nil {
				t.Fatal(err)
			}
			if r.ExitCode != test.want {
				t.Errorf("status %d, want %d", r.ExitCode, test.want)
			}
			written := []string{stdout.String() + stderr.String()}
			for _, f := range test.files {
				data, err := os.ReadFile(f.path)
				if strings.HasSuffix(f.path, "b") != errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s: %v", f.name, err)
				} else if err == nil {
					written = append(written, string(data))
				}
			}
			for _, text := range written {
				if !strings.Contains(text, "told all the same") || strings.Contains(text, why) != (test.missing != "") || !strings.Contains(text, test.missing) {
					t.Errorf("wrote %s", text)
				}
			}
		})
	}
}

// TestUnwritableFileLeavesTheReport has a file that cannot be written: the report is
// on stdout, and says so.
func TestUnwritableFileLeavesTheReport(t *testing.T) {
	code, stdout, stderr := panickyRun(t, Env{}, "lint", "--all", "--output", "json=migrations/001_a.sql/report.json")
	const why = "the report json=migrations/001_a.sql/report.json could not be written: "
	if code != exitUnchecked || !strings.Contains(stdout, "table-dropped") || !strings.Contains(stdout, why) || strings.Count(stderr, why) != 1 {
		t.Errorf("status %d, %s\nstderr %s", code, stdout, stderr)
	}
}

// A panicTree panics in one folder.
type panicTree struct {
	fstest.MapFS
	dir string
}

// Open implements fs.FS.
func (p panicTree) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, p.dir+"/") {
		panic("no way to read " + name)
	}
	return p.MapFS.Open(name)
}

// ReadFile keeps MapFS's own from being used.
func (p panicTree) ReadFile(name string) ([]byte, error) { return nil, errors.New("use Open") }

func TestFolderWhoseReadingPanicsIsLeftOutOfBoth(t *testing.T) {
	tree := fstest.MapFS{"a/1_x.sql": {Data: []byte("SELECT 1;")}, "b/1_x.sql": {Data: []byte("SELECT 1;")}}
	found := []source.Found{{Dir: "a", Tool: source.Plain}, {Dir: "b", Tool: source.Plain}}
	for name, trees := range map[string][2]fs.FS{
		"here": {panicTree{tree, "a"}, tree}, "on the base": {tree, panicTree{tree, "a"}}, "on both": {panicTree{tree, "a"}, panicTree{tree, "a"}},
	} {
		t.Run(name, func(t *testing.T) {
			var stderr bytes.Buffer
			p := &project{config: config.Default(), there: &found, env: Env{Stderr: &stderr}, text: source.NewBudget(source.MaxText), flags: reviewFlags{changeFlags: changeFlags{Debug: true}}}
			head, err := p.load(trees[0], slices.Clone(found))
			base, err2 := p.load(trees[1], slices.Clone(found))
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			head, base = p.withoutLost(head), p.withoutLost(base)
			if len(head) != 1 || len(base) != 1 || head[0].Dir != "b" || base[0].Dir != "b" {
				t.Errorf("left %+v and %+v", head, base)
			}
			if len(p.skipped) != 1 || !p.blind || !strings.HasPrefix(p.skipped[0].Reason, "reading migrations in a as those of plain SQL panicked: no way to read a/1_x.sql") {
				t.Errorf("not checked: %+v", p.skipped)
			}
			if !strings.Contains(stderr.String(), "a panicked:\nmigvet: debug: goroutine") {
				t.Errorf("no stack in %s", stderr.String())
			}
		})
	}
}

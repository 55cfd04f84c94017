package action_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// hostile are names that a pull request may give to its migrations, in the
// order they run.
var hostile = []string{
	"0002 a  b.sql",
	`0003_"double" 'single'.sql`,
	"0004_%0A::error::x.sql",
	"0005_ünïcødé_表.sql",
	"0006_##[add-mask]e.sql",
	"0007_$(touch pwn)`touch pwn`.sql",
	"0008_<img src=x>|*bold*_[a](b)<details>.sql",
	"0009_\n::stop-commands::x\r.sql",
	"0010_a,b:c=d,line=7.sql",
	"0011_@octocat \u202e.sql",
	"0012::warning file=a::b.sql",
}

// newHostile is a repository whose pull request drops a column in each file.
func newHostile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	git(t, dir, "init", "--quiet", "--initial-branch=main")
	git(t, dir, "config", "user.name", "a")
	git(t, dir, "config", "user.email", "a@relay.example")
	var columns []string
	for i := range hostile {
		columns = append(columns, fmt.Sprintf("c%d text", i))
	}
	put(t, filepath.Join(dir, "migrations/0001_a.sql"), []byte("CREATE TABLE a ("+strings.Join(columns, ", ")+");"))
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=base")
	git(t, dir, "checkout", "--quiet", "-b", "feature")
	for i, name := range hostile {
		put(t, filepath.Join(dir, "migrations", name), fmt.Appendf(nil, "ALTER TABLE a DROP COLUMN c%d;", i))
	}
	git(t, dir, "add", "--all")
	git(t, dir, "commit", "--quiet", "--message=feature")
	return dir
}

func TestHostileFileNames(t *testing.T) {
	dir := newHostile(t)
	j := newJob(t)
	event := writeJSON(t, map[string]any{"pull_request": map[string]any{"base": map[string]any{"ref": "main", "sha": git(t, dir, "rev-parse", "main")}}})
	r := run{dir, j.env("pull_request", event), []string{migvet, "action"}}.do(t)
	if r.code != 0 || r.stderr != "" {
		t.Fatalf("exit status %d, stderr %q\n%s", r.code, r.stderr, r.stdout)
	}
	t.Run("annotations", func(t *testing.T) { hostileAnnotations(t, r.stdout) })
	t.Run("summary", func(t *testing.T) { hostileSummary(t, j.read(t, "summary")) })
	t.Run("outputs", func(t *testing.T) { hostileOutputs(t, j.read(t, "output")) })
	t.Run("report", func(t *testing.T) {
		v := readReport(t, j.path("migvet/report.json"))
		var paths []string
		for _, f := range v.Findings {
			paths = append(paths, f.Path)
		}
		if !slices.Equal(paths, hostilePaths()) {
			t.Errorf("findings in %q", paths)
		}
	})
	if _, err := os.Stat(filepath.Join(dir, "pwn")); err == nil {
		t.Error("a file name was run as a command")
	}
}

func hostilePaths() []string {
	var paths []string
	for _, name := range hostile {
		paths = append(paths, "migrations/"+name)
	}
	slices.Sort(paths)
	return paths
}

// hostileAnnotations wants an error for each of the first nine files, and one
// more that tells of the others.
func hostileAnnotations(t *testing.T, log string) {
	commands := obeyed(log)
	if len(commands) != 10 {
		t.Fatalf("%d commands in\n%s", len(commands), log)
	}
	for i, c := range commands[:9] {
		want := map[string]string{"file": hostilePaths()[i], "line": "1", "endLine": "1", "col": "15", "endColumn": "29",
			"title": "column-dropped: A column is dropped with its values"}
		if c.name != "error" || !maps.Equal(c.properties, want) {
			t.Errorf("got %s %q\nwant error %q", c.name, c.properties, want)
		}
	}
	if more := commands[9]; more.name != "error" || more.properties["title"] != "migvet: 2 more errors" {
		t.Errorf("got %+v", more)
	}
}

// A command is what GitHub's runner takes a line of the log for.
type command struct {
	name       string
	properties map[string]string
	message    string
}

var (
	newCommand = regexp.MustCompile(`^\s*::([^ :]+)(?: (.*?))?::(.*)$`)
	oldCommand = regexp.MustCompile(`##\[([a-z-]+)[ \]]`)
	unescape   = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
)

// obeyed reads a log as the runner does: "::name key=value::message" at the
// start of a line, else "##[name]" anywhere in it.
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
func obeyed(log string) []command {
	var commands []command
	for _, line := range strings.FieldsFunc(log, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if m := newCommand.FindStringSubmatch(line); m != nil {
			commands = append(commands, command{m[1], properties(m[2]), unescape.Replace(m[3])})
		} else if m := oldCommand.FindStringSubmatch(line); m != nil {
			commands = append(commands, command{name: m[1]})
		}
	}
	return commands
}

func properties(text string) map[string]string {
	all := map[string]string{}
	for _, pair := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(pair, "=")
		all[name] = unescape.Replace(value)
	}
	return all
}

var codeTag = regexp.MustCompile(`<code>(.*?)</code>`)

// hostileSummary wants every name to be shown as it is, and nothing in it to
// be markup.
func hostileSummary(t *testing.T, page string) {
	shown := map[string]bool{}
	for _, m := range codeTag.FindAllStringSubmatch(page, -1) {
		shown[strings.ReplaceAll(html.UnescapeString(m[1]), "\u200b", "")] = true
	}
	for _, path := range hostilePaths() {
		seen := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\u202e", `\u202e`, "$", "<span>$</span>").Replace(path)
		if !shown[seen] {
			t.Errorf("%q is not in %q", seen, slices.Sorted(maps.Keys(shown)))
		}
	}
	for _, bad := range []string{"<img", "*bold*", "@octocat", "[a]", "\u202e", "$(touch", "`touch", "##["} {
		if strings.Contains(page, bad) {
			t.Errorf("%q is markup in\n%s", bad, page)
		}
	}
	if open, closed := strings.Count(page, "<details>"), strings.Count(page, "</details>"); open != closed || open != len(hostile)+1 { // a table for each, and the schema change
		t.Errorf("%d details are opened and %d closed", open, closed)
	}
}

// hostileOutputs wants the outputs of action.yml and none more.
func hostileOutputs(t *testing.T, text string) {
	got := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if _, twice := got[name]; !ok || twice {
			t.Errorf("the line %q is no output of its own", line)
		}
		got[name] = value
	}
	outputs := readAction(t).Outputs
	delete(outputs, "comment-url") // another step's
	if declared := slices.Sorted(maps.Keys(outputs)); !slices.Equal(declared, slices.Sorted(maps.Keys(got))) {
		t.Errorf("outputs are %v, declared %v", got, declared)
	}
	var files []string
	if err := json.Unmarshal([]byte(got["files"]), &files); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(files, hostilePaths()) {
		t.Errorf("files are %q", files)
	}
	if got["result"] != "findings" || got["exit-code"] != "1" || got["errors"] != fmt.Sprint(len(hostile)) {
		t.Errorf("outputs are %v", got)
	}
}

// A name with a line end could set other outputs where it is one. There are
// none then, so that the verdict is a failure.
func TestOutputsRefuseLineEnds(t *testing.T) {
	dir, j := t.TempDir(), newJob(t)
	put(t, filepath.Join(dir, "migrations/0001_a\nresult=passed.sql"), []byte("SELECT nothing;"))
	env := append(j.env("push", writeJSON(t, nil)), "MIGVET_ALL=true")
	r := run{dir, env, []string{migvet, "action"}}.do(t)
	if r.code != 3 || !strings.Contains(r.stderr, "rename the file") || obeyed(r.stderr) != nil {
		t.Errorf("exit status %d, stderr %q", r.code, r.stderr)
	}
	if outputs, err := os.ReadFile(j.path("output")); err == nil {
		t.Errorf("outputs are %q", outputs)
	}
}

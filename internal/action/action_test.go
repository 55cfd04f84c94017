// Package action_test checks action.yml against the program it runs, and the
// script that installs it.
package action_test

import (
	"bytes"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/github"
)

type action struct {
	Name        string
	Description string
	Author      string
	Branding    map[string]string
	Inputs      map[string]struct{ Description, Default string }
	Outputs     map[string]struct{ Description, Value string }
	Runs        struct {
		Using string
		Steps []step
	}
}

type step struct {
	Name, ID, If, Shell, Run string
	Env                      map[string]string
}

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	if err := yaml.Load(text, &a, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a action) step(t *testing.T, id string) step {
	t.Helper()
	i := slices.IndexFunc(a.Runs.Steps, func(s step) bool { return s.ID == id })
	if i < 0 {
		t.Fatalf("no step %s", id)
	}
	return a.Runs.Steps[i]
}

// These are not for the run step: they say what to run, or what becomes of the
// report.
var (
	installInputs = []string{"binary", "version"}
	postInputs    = []string{"comment", "review", "id", "github-token"}
)

// These are for the run step as well, which tells what is wrong with them before it tries
// anything.
var checkedInputs = []string{"comment", "review", "id"}

func variable(input string) string {
	return "MIGVET_" + strings.ToUpper(strings.ReplaceAll(input, "-", "_"))
}

// The runner gives the steps of composite actions no inputs: one that is not
// mapped would be silently without effect.
func TestEveryInputReachesItsStep(t *testing.T) {
	a := readAction(t)
	for input := range a.Inputs {
		id := "run"
		switch {
		case slices.Contains(installInputs, input):
			id = "install"
		case slices.Contains(postInputs, input):
			id = "post"
		}
		steps := []string{id}
		if slices.Contains(checkedInputs, input) {
			steps = append(steps, "run")
		}
		for _, id := range steps {
			if got, want := a.step(t, id).Env[variable(input)], "${{ inputs."+input+" }}"; got != want {
				t.Errorf("step %s: %s is %q, want %q", id, variable(input), got, want)
			}
		}
	}
	if got := a.step(t, "run").Env["MIGVET_FETCHED"]; got != "${{ steps.fetch.outputs.fetched }}" {
		t.Errorf("the step run takes the base from %q", got)
	}
}

func TestEveryInputIsRead(t *testing.T) {
	a := readAction(t)
	var want, wantPost []string
	for input := range a.Inputs {
		switch {
		case slices.Contains(postInputs, input):
			wantPost = append(wantPost, variable(input))
		case !slices.Contains(installInputs, input):
			want = append(want, variable(input))
		}
	}
	for _, input := range checkedInputs {
		want = append(want, variable(input))
	}
	// The outputs of steps before.
	want = append(want, "MIGVET_FETCHED")
	wantPost = append(wantPost, "MIGVET_REPORT_JSON")
	read := map[string]bool{}
	note := func(name string) string { read[name] = true; return "" }
	if _, err := github.ReadInputs(note); err != nil {
		t.Fatal(err)
	}
	sameNames(t, "ReadInputs", read, want)
	clear(read)
	if _, err := github.ReadPostInputs(note); err != nil {
		t.Fatal(err)
	}
	sameNames(t, "ReadPostInputs", read, wantPost)
	script, err := os.ReadFile("install.sh")
	if err != nil {
		t.Fatal(err)
	}
	for _, input := range installInputs {
		if !strings.Contains(string(script), "$"+variable(input)) {
			t.Errorf("install.sh does not read %s", input)
		}
	}
}

func sameNames(t *testing.T, who string, read map[string]bool, want []string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(read)); !slices.Equal(got, want) {
		t.Errorf("%s reads %v\naction.yml gives %v", who, got, want)
	}
}

func TestDefaultsAreThoseOfTheProgram(t *testing.T) {
	a := readAction(t)
	given, err := github.ReadInputs(func(name string) string {
		for input, about := range a.Inputs {
			if variable(input) == name {
				return about.Default
			}
		}
		return ""
	})
	if err != nil {
		t.Fatal(err)
	}
	none, err := github.ReadInputs(func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	given.Paths, none.Paths = nil, nil
	if a, b := yamlOf(t, given), yamlOf(t, none); a != b {
		t.Errorf("action.yml's defaults give\n%s\nnone give\n%s", a, b)
	}
}

func yamlOf(t *testing.T, v any) string {
	t.Helper()
	text, err := yaml.Dump(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

type buffer struct{ *bytes.Buffer }

func (buffer) Close() error { return nil }

func TestEveryOutputIsWritten(t *testing.T) {
	a := readAction(t)
	var out bytes.Buffer
	files := github.Files{
		Getenv: func(string) string { return "file" },
		Append: func(string) (io.WriteCloser, error) { return buffer{&out}, nil },
	}
	if err := files.WriteOutputs(github.Outputs{}); err != nil {
		t.Fatal(err)
	}
	if err := files.WriteCommentURL(""); err != nil {
		t.Fatal(err)
	}
	var written []string
	for line := range strings.Lines(out.String()) {
		name, _, _ := strings.Cut(line, "=")
		written = append(written, name)
	}
	slices.Sort(written)
	if declared := slices.Sorted(maps.Keys(a.Outputs)); !slices.Equal(declared, written) {
		t.Errorf("action.yml declares %v\nWriteOutputs writes %v", declared, written)
	}
	for name, o := range a.Outputs {
		step := "run"
		if name == "comment-url" {
			step = "post"
		}
		if want := "${{ steps." + step + ".outputs." + name + " }}"; o.Value != want {
			t.Errorf("output %s is %s, want %s", name, o.Value, want)
		}
	}
}

// An expression in a script would be pasted into it, quotes and all.
func TestScriptsHoldNoExpressions(t *testing.T) {
	a := readAction(t)
	for _, s := range a.Runs.Steps {
		if strings.Contains(s.Run, "${{") || s.Run == "" || s.Shell != "bash" {
			t.Errorf("step %q runs %q with %q", s.Name, s.Run, s.Shell)
		}
	}
}

func TestRunStepHasNoToken(t *testing.T) {
	a := readAction(t)
	run := a.step(t, "run")
	for _, name := range []string{"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "GITHUB_TOKEN", "GH_TOKEN"} {
		if !strings.Contains(run.Run, "-u "+name+" ") {
			t.Errorf("%s stays in the environment", name)
		}
	}
	if !strings.HasPrefix(run.Run, "exec env ") || !strings.HasSuffix(run.Run, `"$MIGVET_BIN" action`) {
		t.Errorf("the step runs %s", run.Run)
	}
	for _, s := range a.Runs.Steps {
		for name, value := range s.Env {
			if slices.Contains([]string{"fetch", "post"}, s.ID) && name == "MIGVET_GITHUB_TOKEN" {
				continue // they run no SQL
			}
			if regexp.MustCompile(`(?i)token|secrets\.`).MatchString(value) {
				t.Errorf("step %q is given %s=%s", s.Name, name, value)
			}
		}
	}
}

func TestTextsAreThere(t *testing.T) {
	a := readAction(t)
	if len(a.Description) > 125 || a.Name == "" || a.Author == "" || a.Branding["icon"] == "" {
		t.Errorf("GitHub's marketplace refuses %q, %q", a.Name, a.Description)
	}
	for name, input := range a.Inputs {
		if input.Description == "" {
			t.Errorf("input %s has no description", name)
		}
	}
	for name, output := range a.Outputs {
		if output.Description == "" {
			t.Errorf("output %s has no description", name)
		}
	}
}

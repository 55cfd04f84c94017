package action_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/internal/postgres"
)

// A workflowFile is what can be wrong about a file in .github/workflows.
type workflowFile struct {
	On          yaml.Node
	Permissions permissions
	Jobs        map[string]workflowJob
}

type workflowJob struct {
	If          string
	Environment string
	Needs       stringOrList
	Permissions permissions
	Steps       []workflowStep
	Uses        string
	Limit       yaml.Node `yaml:"timeout-minutes"`
	Strategy    struct{ Matrix stageMatrix }
}

// A stageMatrix has the stages, and how many minutes some of them may take.
type stageMatrix struct {
	Stage   []string
	Include []struct {
		Stage   string
		Minutes int
	}
}

type workflowStep struct {
	Uses, Run, If string
	With          map[string]string
}

// permissions is nil where a file says nothing.
type permissions map[string]string

// UnmarshalYAML reads the words that stand for all permissions, too.
func (p *permissions) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*p = permissions{"all": n.Value}
		return nil
	}
	all := map[string]string{}
	err := n.Decode(&all)
	*p = all
	return err
}

func (p permissions) write() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(p)), func(v string) bool { return strings.Contains(v, "write") })
}

type stringOrList []string

func (l *stringOrList) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = stringOrList{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

var (
	pinned  = regexp.MustCompile(`^\s*(- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	uses    = regexp.MustCompile(`^\s*(- )?uses:`)
	local   = regexp.MustCompile(`^\s*(- )?uses: \./`)
	foreign = regexp.MustCompile(`\b(go (run|install|build|generate|test)|npm|npx|pnpm|yarn|pip|apt-get|curl|wget|docker (build|run)|bash|sh|make)\b|\./`)
)

const (
	onMain   = "github.ref == 'refs/heads/main'"
	approved = "release" // the environment
)

// workflowProblems says what a workflow must not do, in the order of the file.
func workflowProblems(text string) ([]string, error) {
	var found []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\n"); uses.MatchString(line) && !local.MatchString(line) && !pinned.MatchString(line) {
			found = append(found, fmt.Sprintf("%s: not pinned by a commit, with its version behind", strings.TrimSpace(line)))
		}
	}
	var w workflowFile
	if err := yaml.Load([]byte(text), &w); err != nil {
		return nil, err
	}
	if w.Permissions == nil || w.Permissions.write() {
		found = append(found, "permissions of all jobs are not there, or write")
	}
	for _, event := range []string{"pull_request_target", "workflow_run", "issue_comment"} {
		if mentions(&w.On, event) {
			found = append(found, "runs on "+event)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w.Jobs)) {
		for _, problem := range w.jobProblems(w.Jobs[name]) {
			found = append(found, name+": "+problem)
		}
	}
	return found, nil
}

func mentions(n *yaml.Node, word string) bool {
	return n.Value == word || slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return mentions(c, word) })
}

func (w workflowFile) jobProblems(j workflowJob) []string {
	var found []string
	if j.Limit.Value == "" {
		found = append(found, "without timeout-minutes it may hang for six hours")
	}
	for _, s := range j.Steps {
		if strings.Contains(s.Run, "${{") {
			found = append(found, "an expression is pasted into a script")
		}
		if strings.HasPrefix(s.Uses, "actions/checkout@") && s.With["persist-credentials"] != "false" {
			found = append(found, "the checkout leaves its token behind")
		}
	}
	if !j.Permissions.write() {
		return found
	}
	for _, s := range j.Steps {
		if foreign.MatchString(s.Run) || s.Uses != "" && !strings.HasPrefix(s.Uses, "actions/") {
			found = append(found, fmt.Sprintf("may write and runs what others make: %s%s", s.Uses, strings.TrimSpace(s.Run)))
		}
	}
	if !w.guarded(j, nil) {
		found = append(found, "may write without the approval of a job on main")
	}
	return found
}

// guarded reports whether a job runs only after one that somebody approved on main.
func (w workflowFile) guarded(j workflowJob, seen []string) bool {
	if j.If == onMain && j.Environment == approved {
		return true
	}
	if j.If != "" {
		return false // always() runs after what was not approved, too
	}
	return slices.ContainsFunc(j.Needs, func(name string) bool {
		return !slices.Contains(seen, name) && w.guarded(w.Jobs[name], append(seen, name))
	})
}

func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob("../../.github/workflows/*")
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found, err := workflowProblems(string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range found {
			t.Errorf("%s: %s", filepath.Base(file), problem)
		}
	}
}

// TestEveryStageIsAJob: CI runs all of .ci/run, with each version of PostgreSQL, and
// the job that stands for all waits for them.
func TestEveryStageIsAJob(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var w workflowFile
	if err := yaml.Load(text, &w); err != nil {
		t.Fatal(err)
	}
	want := []string{"checks", "race", "act"}
	for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
		want = append(want, fmt.Sprintf("tests %d", major))
	}
	if got := w.Jobs["stage"].Strategy.Matrix.Stage; !slices.Equal(got, want) {
		t.Errorf("ci.yml runs %q, want %q", got, want)
	}
	for _, i := range w.Jobs["stage"].Strategy.Matrix.Include {
		if !slices.Contains(want, i.Stage) || i.Minutes == 0 {
			t.Errorf("ci.yml gives %d minutes to %q, which would be a stage of its own", i.Minutes, i.Stage)
		}
	}
	if all := w.Jobs["all"]; !slices.Equal(all.Needs, []string{"stage"}) || all.If != "always()" {
		t.Errorf("the job that stands for all needs %q, if %q", all.Needs, all.If)
	}
	r := run{command: []string{"../../.ci/run", "stages"}}.do(t)
	if r.code != 0 || r.stdout != strings.Join(want, "\n")+"\n" {
		t.Errorf(".ci/run has the stages\n%s%s, want %q", r.stdout, r.stderr, want)
	}
}

// Only by its own checks can action.yml use others' actions.
func TestActionUsesNoOtherAction(t *testing.T) {
	text, err := os.ReadFile("../../action.yml")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\n"); uses.MatchString(line) && !pinned.MatchString(line) {
			t.Errorf("%s is not pinned by a commit", line)
		}
	}
}

const goodWorkflow = `
on: {workflow_dispatch: }
permissions: {contents: read}
jobs:
  gate:
    timeout-minutes: 5
    if: github.ref == 'refs/heads/main'
    environment: release
    steps:
      - run: true
  build:
    timeout-minutes: 5
    needs: gate
    steps:
      - uses: actions/checkout@93cb6efe18208431cddfb8368fd83d5badbf9bfd # v5.0.1
        with: {persist-credentials: false}
      - run: go run example.com/tool@v1
  publish:
    timeout-minutes: ${{ matrix.minutes }}
    needs: [build]
    permissions: {contents: write}
    steps:
      - run: gh release create
`

func TestWorkflowProblems(t *testing.T) {
	for name, c := range map[string]struct{ old, bad, want string }{
		"none":             {"on:", "on:", ""},
		"tag":              {"@93cb6efe18208431cddfb8368fd83d5badbf9bfd # v5.0.1", "@v5", "not pinned by a commit"},
		"short commit":     {"@93cb6efe18208431cddfb8368fd83d5badbf9bfd", "@93cb6ef", "not pinned by a commit"},
		"no version":       {" # v5.0.1", "", "not pinned by a commit"},
		"no permissions":   {"permissions: {contents: read}\n", "", "permissions of all jobs are not there"},
		"all write":        {"permissions: {contents: read}\n", "permissions: write-all\n", "permissions of all jobs are not there, or write"},
		"event":            {"workflow_dispatch: ", "pull_request_target: ", "runs on pull_request_target"},
		"token":            {"persist-credentials: false", "fetch-depth: 0", "build: the checkout leaves its token behind"},
		"tool with rights": {"needs: gate\n", "needs: gate\n    permissions: {id-token: write}\n", "build: may write and runs what others make: go run"},
		"npm":              {"gh release create", "npm ci", "publish: may write and runs what others make: npm ci"},
		"an action":        {"run: gh release create", "uses: evil/action@93cb6efe18208431cddfb8368fd83d5badbf9bfd # v1.0.0", "publish: may write and runs what others make: evil/action@"},
		"no environment":   {"    environment: release\n", "", "publish: may write without the approval"},
		"another branch":   {"    if: github.ref == 'refs/heads/main'\n", "", "publish: may write without the approval"},
		"not behind it":    {"needs: gate\n", "name: alone\n", "publish: may write without the approval"},
		"whatever happens": {"needs: [build]\n", "needs: [build]\n    if: always()\n", "publish: may write without the approval"},
		"no limit":         {"    timeout-minutes: ${{ matrix.minutes }}\n", "", "publish: without timeout-minutes"},
		"pasted":           {"gh release create", "gh release create ${{ inputs.version }}", "publish: an expression is pasted into a script"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := workflowProblems(strings.Replace(goodWorkflow, c.old, c.bad, 1))
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(found, "\n"); c.want == "" && text != "" || !strings.Contains(text, c.want) {
				t.Errorf("found %q, want %q", text, c.want)
			}
		})
	}
}

package action_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// actVersion runs workflows on this machine: https://github.com/nektos/act
const actVersion = "github.com/nektos/act@v0.2.89"

// workflow is what a user writes, and a step that shows the outputs.
const workflow = `
on: EVENT
permissions:
  contents: read
jobs:
  vet:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: migvet/migvet@v1
        id: migvet
        with:
          binary: BINARY
          report-file: REPORT
      - if: ${{ always() }}
        run: echo "the outputs are $RESULT, $CODE and $FILES"
        env:
          RESULT: ${{ steps.migvet.outputs.result }}
          CODE: ${{ steps.migvet.outputs.exit-code }}
          FILES: ${{ steps.migvet.outputs.files }}
`

// nektosAct runs the whole Action, action.yml and all, in a workflow.
func nektosAct(t *testing.T, program, dir, name, event string, flags ...string) (verdict, actLog) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	text := strings.NewReplacer("EVENT", name, "BINARY", migvet, "REPORT", report).Replace(workflow)
	text = strings.Replace(text, "on: schedule", "on: {schedule: [{cron: '0 5 * * 1'}]}", 1)
	put(t, filepath.Join(dir, ".github/workflows/migvet.yml"), []byte(text))
	r := run{dir, actHome(t), append([]string{
		program, name, "-P", "ubuntu-latest=-self-hosted", "--json",
		"-e", event, "--local-repository", "migvet/migvet@v1=" + actionFolder(t),
	}, flags...)}.do(t)
	log := readActLog(t, r.stdout)
	if r.code != 1 {
		t.Errorf("act ends with %d, although the Action must fail the job\n%s%s", r.code, r.stdout, r.stderr)
	}
	const outputs = `the outputs are findings, 1 and ["drizzle/0010_cuddly_hulk.sql","drizzle/0007_wise_onslaught.sql"]`
	if !strings.Contains(log.text, outputs+"\n") {
		t.Errorf("the next step does not say: %s\n%s", outputs, log.text)
	}
	if log.annotations == 0 || log.summaries != 1 {
		t.Errorf("%d annotations, %d summaries\n%s", log.annotations, log.summaries, r.stdout)
	}
	return readReport(t, report), log
}

func installAct(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	env := []string{"GOBIN=" + bin, "GOFLAGS=", "GOPATH=" + goEnv(t, "GOPATH"), "GOCACHE=" + goEnv(t, "GOCACHE"), "GOPROXY=" + goEnv(t, "GOPROXY")}
	if r := (run{"", env, []string{"go", "install", actVersion}}).do(t); r.code != 0 {
		t.Fatal(r.stderr)
	}
	return filepath.Join(bin, "act")
}

func goEnv(t *testing.T, name string) string {
	t.Helper()
	return strings.TrimSpace(run{"", os.Environ(), []string{"go", "env", name}}.do(t).stdout)
}

// actHome keeps act from asking which images to use.
func actHome(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	put(t, filepath.Join(home, ".config/act/actrc"), nil)
	return []string{"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config")}
}

// actionFolder is the part of this repository that the Action consists of.
func actionFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"action.yml", "internal/action/install.sh", "internal/action/checksums.txt"} {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name), text)
	}
	return dir
}

func put(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// actLog is what act's JSON lines say about the job.
type actLog struct {
	text                   string // what the steps printed
	annotations, summaries int
}

func readActLog(t *testing.T, lines string) actLog {
	t.Helper()
	var log actLog
	for line := range strings.Lines(lines) {
		var entry struct {
			Command string
			Msg     string
			Raw     bool `json:"raw_output"`
		}
		if json.Unmarshal([]byte(line), &entry) != nil {
			continue // the last line is not JSON
		}
		switch entry.Command {
		case "error", "warning", "notice":
			log.annotations++
		case "summary":
			log.summaries++
		}
		if entry.Raw {
			log.text += entry.Msg
		}
	}
	return log
}

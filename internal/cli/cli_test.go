package cli_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts")

func TestMain(m *testing.M) {
	becomeChild()
	testscript.Main(m, map[string]func(){
		"migvet":     migvet,
		"nolandlock": lacking(postgrestest.BecomeWithoutLandlock),
		"nonotify":   lacking(postgrestest.BecomeWithoutNotification),
	})
}

// becomeChild is for the process that the server replaces.
func becomeChild() {
	handled, err := postgres.Child(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(125)
	}
	if handled {
		os.Exit(0)
	}
}

// migvet is the program as the scripts run it: with a clock that stands still.
func migvet() {
	becomeChild()
	env := cli.FromOS()
	env.Version = "v0.0.0-test"
	env.Now = func() time.Time { return time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC) }
	os.Exit(cli.Main(context.Background(), env, os.Args[1:]))
}

// lacking makes a command that runs another one as on a kernel that lacks something.
func lacking(become func(command []string) error) func() {
	return func() {
		fmt.Fprintln(os.Stderr, become(os.Args[1:]))
		os.Exit(125)
	}
}

// TestScripts runs testdata/cli/*.txtar as terminal sessions.
//
//	repo DIR        builds the sample Drizzle repository with its pull request
//	status N CMD…   runs a command that must exit with N
//	nolandlock CMD… and nonotify CMD… run a program as on a kernel without Landlock, or where no filter may ask
//	shortened FILE PAGE   compares a report with the first block of a page, which leaves out some of it
//	gitrepo DIR     commits DIR/base on main and lays DIR/head over it on a branch
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Files:         scripts(t, filepath.Join(root, "testdata", "cli")),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("XDG_CACHE_HOME", cache)
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			e.Setenv("NO_COLOR", "1")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
			"shortened": func(ts *testscript.TestScript, _ bool, args []string) {
				shortened(ts, args[0], filepath.Join(root, args[1]))
			},
			"repo": func(ts *testscript.TestScript, _ bool, args []string) {
				run(ts, filepath.Join(root, "testdata", "drizzle", "repo.sh"), ts.MkAbs(args[0]))
			},
			"gitrepo": func(ts *testscript.TestScript, _ bool, args []string) {
				run(ts, "bash", "-euc", gitRepo, "gitrepo", ts.MkAbs(args[0]))
			},
		},
	})
}

// raced are the scripts for the race detector: short ones that run what goes on at once, which
// is rules, several folders and all parts of a trial.
var raced = []string{"cluster", "drizzle", "fix", "other-databases", "sample", "schedule", "versions"}

// scripts are all of a folder, with -short those that are raced.
func scripts(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(folder, "*.txtar"))
	if err != nil || len(all) == 0 {
		t.Fatalf("scripts in %s: %v", folder, err)
	}
	var some []string
	for _, name := range raced {
		some = append(some, filepath.Join(folder, name+".txtar"))
	}
	return skip.Shortened(t, all, some)
}

// gitRepo makes $1 a repository: main holds what was in base, the working tree
// what was in head.
const gitRepo = `
cd "$1"
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
export GIT_AUTHOR_DATE='2026-01-01T00:00:00Z' GIT_COMMITTER_DATE='2026-01-01T00:00:00Z'
git init -q -b main .
if [ -d base ]; then cp -R base/. .; rm -r base; fi
git add -A -- ':!head' && git commit -q --allow-empty -m base
git checkout -q -b feature
if [ -d head ]; then cp -r head/. .; rm -r head; fi
git add -A && git commit -q --allow-empty -m head
`

func run(ts *testscript.TestScript, name string, args ...string) {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		ts.Fatalf("%s: %v\n%s", name, err, out)
	}
}

func status(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit status %d, want %s", code, args[0])
	}
}

package postgres_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// fakeDocker stands in for the client of Docker: it notes its arguments, one a
// line, and runs what the container would on this machine, with the directories
// of the container replaced.
const fakeDocker = `#!/bin/bash
set -eu
printf '%s\n' "$@" "--" >>"$LOG"
[ "$1" = run ] || exit 0
shift
while [ "$1" != --entrypoint ]; do
  [ "$1" != --volume ] || socket=${2%%:*}
  shift
done
shift 3
data=$(mktemp -d)
trap 'rm -r "$data"' EXIT
chmod 755 "$data" "$(dirname "$socket")"
mkdir "$data/d"; chmod 777 "$data/d"
args=()
for a in "$@"; do a=${a//\/run\/migvet/$socket}; args+=("${a//\/migvet\/data/$data/d/data}"); done
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=nobody --clear-groups --regid=nogroup)
cd /
PATH="$BIN:/usr/bin:/bin" "${as[@]}" "${args[@]}"
`

// confining are the arguments that make a container a sandbox.
var confining = []string{
	"--network none", "--ipc private", "--cap-drop ALL", "--security-opt no-new-privileges", "--read-only", "--user postgres",
	"--memory 4294967296", "--pids-limit 256", "--rm", "--interactive",
}

func dockerOptions(t *testing.T) (postgres.Options, string) {
	t.Helper()
	i, err := postgres.Find(t.Context(), postgrestest.Options(postgrestest.One(t)))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := strings.NewReplacer("$LOG", log, "$BIN", i.BinDir).Replace(fakeDocker)
	if err := os.WriteFile(filepath.Join(dir, "docker"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	getenv := func(name string) string {
		return map[string]string{"PATH": dir + ":/usr/bin:/bin", "GITHUB_TOKEN": "secret"}[name]
	}
	return postgres.Options{Getenv: getenv}, log
}

func TestContainer(t *testing.T) {
	o, log := dockerOptions(t)
	s, err := o.StartContainer(context.Background(), "postgres:16")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	if !s.Sandboxed() || s.External() || s.SandboxNote() != "Docker, image postgres:16, without network" {
		t.Errorf("sandboxed %v, external %v, %s", s.Sandboxed(), s.External(), s.SandboxNote())
	}
	conn, err := pgx.ConnectConfig(t.Context(), s.Config(postgres.Owner, postgrestest.Database(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(t.Context(), "CREATE TABLE t (i int)"); err != nil {
		t.Error(err)
	}
	conn.Close(t.Context())
	checkDockerArguments(t, log)
}

func checkDockerArguments(t *testing.T, log string) {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	runs := strings.Split(string(text), "\n--\n")
	if len(runs) != 3 { // the version, the server, and nothing
		t.Fatalf("%d calls:\n%s", len(runs)-1, text)
	}
	line := strings.ReplaceAll(runs[1], "\n", " ")
	for _, want := range confining {
		if !strings.Contains(line, want+" ") {
			t.Errorf("%s is missing in: %s", want, line)
		}
	}
	var volumes []string
	args := strings.Split(runs[1], "\n")
	for i, a := range args {
		if a == "--volume" || a == "-v" || a == "--mount" {
			volumes = append(volumes, args[i+1])
		}
	}
	if len(volumes) != 1 || !strings.HasSuffix(volumes[0], "/s:/run/migvet") {
		t.Errorf("volumes %v", volumes)
	}
	if bad := slices.IndexFunc(args, func(a string) bool { return strings.Contains(a, "docker.sock") || a == "--privileged" }); bad >= 0 {
		t.Errorf("argument %s", args[bad])
	}
}

// Stopping, and cancelling, leave neither processes nor directories.
func TestContainerEnds(t *testing.T) {
	o, _ := dockerOptions(t)
	ctx, cancel := context.WithCancel(t.Context())
	s, err := o.StartContainer(ctx, "postgres:16")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	pattern := fmt.Sprintf("/tmp/migvet-%d-*", os.Getpid())
	deadline := time.Now().Add(10 * time.Second)
	for {
		left, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		running := processesWith(t, "/tmp/migvet-"+fmt.Sprint(os.Getpid()))
		if len(left) == 0 && len(running) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left %v, running %v", left, running)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func processesWith(t *testing.T, argument string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err == nil && strings.Contains(string(text), argument) {
			found = append(found, strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	return found
}

func TestContainerErrors(t *testing.T) {
	o, _ := dockerOptions(t)
	for image, want := range map[string]string{"": "not the name of an image", "--privileged": "not the name of an image"} {
		if _, err := o.StartContainer(t.Context(), image); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", image, err)
		}
	}
	o.Getenv = func(string) string { return "" }
	if _, err := o.StartContainer(t.Context(), "postgres:16"); err == nil || !strings.Contains(err.Error(), "docker is not in PATH") {
		t.Error(err)
	}
}

package postgres_test

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

// inContainer are what programs print that a superuser runs in a container.
var inContainer = []struct{ name, program, want string }{
	{"capabilities", `grep CapEff: /proc/self/status`, "CapEff:\t0000000000000000"},
	{"no new privileges", `grep NoNewPrivs: /proc/self/status`, "NoNewPrivs:\t1"},
	{"network", `tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "`, "lo"},
	{"files", `touch /x 2>/dev/null || echo read-only`, "read-only"},
	{"user", `test "$(id -u)" != 0 && echo no root`, "no root"},
	{"environment", `env | grep -c SECRET || true`, "0"},
	{"memory of others", `tail -n +2 /proc/sysvipc/shm | wc -l | tr -d " "`, "1"},
}

// TestContainerOfDocker needs a daemon, and MIGVET_TEST_DOCKER, an image that it may
// fetch, such as postgres:17. "none" is what .ci/run says, and prints, on a machine
// without a daemon. The image has its own PostgreSQL, so one stage is enough.
func TestContainerOfDocker(t *testing.T) {
	postgrestest.Once(t)
	skip.Short(t, "the container's server is another process, and the client of Docker has no concurrency")
	image := os.Getenv("MIGVET_TEST_DOCKER")
	switch image {
	case "":
		skip.Here(t, "MIGVET_TEST_DOCKER names no image, such as postgres:17")
	case "none":
		skip.Announced(t, "there is no Docker daemon")
	}
	t.Setenv("SECRET", "x")
	s, err := postgres.Options{Getenv: os.Getenv}.StartContainer(context.Background(), image)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop() })
	if !s.Sandboxed() {
		t.Error(s.SandboxNote())
	}
	conn := connect(t, s, postgres.Superuser, "postgres")
	for _, c := range inContainer {
		if got := printed(t, conn, c.program); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
	out, err := exec.Command("docker", "ps", "--all", "--quiet", "--filter", "ancestor="+image, "--filter", "name=migvet-").CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("containers are left: %v\n%s", err, out)
	}
}

// printed is what a program prints that the server runs.
func printed(t *testing.T, conn *pgx.Conn, program string) string {
	t.Helper()
	_, err := conn.Exec(t.Context(), "CREATE TEMPORARY TABLE IF NOT EXISTS out (line text); TRUNCATE out; COPY out FROM PROGRAM '"+
		strings.ReplaceAll(program, "'", "''")+"' WITH (FORMAT csv, DELIMITER E'\\x01')")
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return ask(t, conn, "SELECT coalesce(string_agg(line, E'\\n'), '') FROM out")
}

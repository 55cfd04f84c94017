package attack_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// againstServers runs the attacks on a server of each version, as owner and, in
// the sandbox, as superuser.
func againstServers(t *testing.T, seen *results) {
	for _, version := range postgrestest.Versions(t) {
		s := postgrestest.Server(t, version)
		for _, a := range attacks {
			againstServer(t, seen, s, a, postgres.Owner)
			if !a.owner && runtime.GOOS == "linux" {
				againstServer(t, seen, s, a, postgres.Superuser)
			}
		}
	}
}

func againstServer(t *testing.T, seen *results, s *postgres.Server, a attack, role postgres.Role) {
	name := fmt.Sprintf("%d/%s/%s", s.Major(), roleNames[role], a.name)
	t.Run(name, func(t *testing.T) {
		how, err := try(t, s, role, a)
		switch {
		case how == "" && err == nil:
			seen.add(a.name, role, s.Major(), "no effect")
		case how == "" && a.packaged:
			seen.add(a.name, role, s.Major(), "refused")
		case how == "":
			seen.add(a.name, role, s.Major(), "refused, "+sqlState(err))
		case role == postgres.Superuser && !s.Sandboxed() && strings.Contains(how, "unix"):
			seen.add(a.name, role, s.Major(), "**open**: it reaches Unix sockets")
		default:
			t.Errorf("it works: %s (%v)", how, err)
		}
	})
}

var roleNames = map[postgres.Role]string{postgres.Owner: "owner", postgres.Superuser: "superuser"}

func sqlState(err error) string {
	if pe := (*pgconn.PgError)(nil); errors.As(err, &pe) {
		return pe.Code
	}
	return "session ended"
}

// Without a sandbox a superuser gets out. This is what makes the tests mean
// something.
func TestAttacksWork(t *testing.T) {
	version := postgrestest.One(t)
	i, err := postgres.Find(t.Context(), postgrestest.Options(version))
	if err != nil {
		t.Fatal(err)
	}
	s, err := i.Start(context.Background(), postgres.StartOptions{Unconfined: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	if s.Sandboxed() {
		t.Errorf("it says that there is a sandbox: %s", s.SandboxNote())
	}
	for _, a := range attacks {
		if !a.here {
			continue
		}
		t.Run(a.name, func(t *testing.T) {
			if how, err := try(t, s, postgres.Superuser, a); how == "" {
				t.Errorf("it does not work: %v", err)
			}
		})
	}
}

// try runs an attack and says how it worked, or "" and why not.
func try(t *testing.T, s *postgres.Server, role postgres.Role, a attack) (how string, err error) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, s.Config(role, postgrestest.Database(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	tg := newTarget(t)
	err = run(ctx, conn, tg.fill(t, a.sql, conn.PgConn().PID()))
	how = tg.trace(t)
	if how == "" && err == nil && !a.quiet {
		how = "no error"
	}
	return how, err
}

// run sends all in one message.
func run(ctx context.Context, conn *pgx.Conn, sql string) error {
	_, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	return err
}

// fill puts what an attack aims at into its SQL.
func (tg target) fill(t *testing.T, sql string, pid uint32) string {
	t.Helper()
	costly := map[string]func() string{
		"NATIVE": func() string { return `\x` + hex.EncodeToString(tg.compile(t)) },
		"LONG":   func() string { return strings.Repeat("x", 100<<20) },
	}
	for mark, text := range costly {
		if before, behind, found := strings.Cut(sql, mark); found {
			sql = before + text() + behind
		}
	}
	return strings.NewReplacer("@DIR@", tg.dir, "@PID@", fmt.Sprint(pid), "@PORT@", fmt.Sprint(tg.port)).Replace(sql)
}

// compile makes a library that attacks the target when it is loaded.
func (tg target) compile(t *testing.T) []byte {
	t.Helper()
	return compile(t, "native.c", "-DDIR=\""+tg.dir+"\"", fmt.Sprintf("-DPORT=%d", tg.port))
}

// compile makes a library of a file in testdata.
func compile(t *testing.T, source string, defines ...string) []byte {
	t.Helper()
	library := filepath.Join(t.TempDir(), "native.so")
	cc(t, append(defines, "-shared", "-fPIC", "-o", library, filepath.Join("testdata", source))...)
	code, err := os.ReadFile(library)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func cc(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("cc", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

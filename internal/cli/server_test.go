package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/cli"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// A server that is given is of the version that is asked for, or nothing is tried: what
// another one does would be told of the wrong version.
func TestGivenServerIsOfTheVersionAskedFor(t *testing.T) {
	server := postgrestest.Start(t)
	here, other := server.Major(), 14
	if here == other {
		other = 15
	}
	for name, test := range map[string]struct {
		config string
		args   []string
		want   string
	}{
		"nobody asks":        {"", nil, ""},
		"the flag, the same": {"", []string{"--postgres", fmt.Sprint(here)}, ""},
		"the flag, another":  {"", []string{"--postgres", fmt.Sprint(other)}, fmt.Sprintf("but --postgres asks for %d", other)},
		"the file, another":  {fmt.Sprintf("postgres: %d\n", other), nil, fmt.Sprintf("but postgres: in .migvet.yml asks for %d; change one of the two, or pass --postgres %d", other, here)},
		"the flag wins":      {fmt.Sprintf("postgres: %d\n", other), []string{"--postgres", fmt.Sprint(here)}, ""},
		"a weak role":        {"", nil, "which takes a superuser; use one, on a server that holds nothing of value"},
	} {
		t.Run(name, func(t *testing.T) {
			role := postgres.Superuser
			if strings.HasPrefix(name, "a weak role") {
				role = postgres.Owner
			}
			dir := t.TempDir()
			for file, text := range map[string]string{"migrations/1_a.sql": "CREATE TABLE a (id int);\n", ".migvet.yml": test.config} {
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			config := server.Config(role, "")
			address := url.URL{Scheme: "postgres", User: url.User(config.User), Path: "/" + config.Database, RawQuery: url.Values{"host": {config.Host}}.Encode()}
			var out bytes.Buffer
			env := cli.Env{Dir: dir, Stdout: &out, Stderr: &out, Getenv: func(string) string { return "" }, Now: time.Now, Grace: time.Minute}
			code := cli.Main(context.Background(), env, append([]string{"check", "--all", "--database-url", address.String()}, test.args...))
			if test.want == "" && code != 0 || test.want != "" && (code != 3 || !strings.Contains(out.String(), test.want)) {
				t.Errorf("status %d, want %q in %s", code, test.want, out.String())
			}
		})
	}
}

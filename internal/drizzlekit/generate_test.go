package drizzlekit

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/skip"
)

const (
	declared = `import { pgTable, text, integer } from 'drizzle-orm/pg-core';
export const users = pgTable('users', { id: integer('id').primaryKey(), name: text('name').notNull() });
`
	settings = `import { defineConfig } from 'drizzle-kit';
if (!process.env.DATABASE_URL || process.env.GITHUB_TOKEN) throw new Error('not the environment that is wanted');
export default defineConfig({ dialect: 'postgresql', schema: './src/schema.ts', out: './drizzle' });
`
)

// TestGenerate holds what is read from its output to the real drizzle-kit.
func TestGenerate(t *testing.T) {
	skip.Short(t, "npm and drizzle-kit do the work")
	t.Setenv("GITHUB_TOKEN", "secret")
	for _, version := range []string{"drizzle-kit@0.31.11 drizzle-orm@0.45.1", "drizzle-kit@1.0.0-rc.5 drizzle-orm@1.0.0-rc.5"} {
		t.Run(version, func(t *testing.T) {
			p := project(t, strings.Fields(version)...)
			tests := []struct {
				name, schema, sql, err string
				asks                   bool
			}{
				{name: "first", schema: declared, sql: `CREATE TABLE "users"`},
				{name: "nothing", schema: declared + "// a comment"},
				{name: "table", schema: declared + "export const tags = pgTable('tags', {});", sql: `CREATE TABLE "tags"`},
				{name: "renamed", schema: strings.ReplaceAll(declared, "name", "title"), asks: true},
				{name: "broken", schema: declared + "export const =", err: "rror"},
			}
			for _, test := range tests {
				t.Run(test.name, func(t *testing.T) {
					write(t, p.Root, "src/schema.ts", test.schema)
					g, err := Generate(t.Context(), p)
					if err != nil || test.err != "" {
						if test.err == "" || err == nil || !strings.Contains(err.Error(), test.err) {
							t.Fatalf("%v, want %q", err, test.err)
						}
						return
					}
					if !strings.HasPrefix(g.SQL, test.sql) || (g.SQL == "") != (test.sql == "") || g.Asks != test.asks {
						t.Errorf("got %+v", g)
					}
					if want := strings.TrimPrefix(strings.Fields(version)[0], "drizzle-kit@"); g.Version != want {
						t.Errorf("version %q, want %q", g.Version, want)
					}
				})
				if test.name == "first" {
					if _, err := os.Stat(filepath.Join(p.Root, "drizzle")); !errors.Is(err, os.ErrNotExist) {
						t.Fatalf("the project itself has migrations: %v", err)
					}
					npx(t, p.Root, "drizzle-kit", "generate")
				}
			}
		})
	}
}

func TestGenerateNotInstalled(t *testing.T) {
	p := Project{Root: t.TempDir(), Config: "packages/db/drizzle.config.ts", Out: "packages/db/drizzle"}
	if _, err := Generate(t.Context(), p); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("got %v", err)
	}
}

// project makes one with packages from npm.
func project(t *testing.T, packages ...string) Project {
	t.Helper()
	root := t.TempDir()
	write(t, root, "package.json", `{"private": true}`)
	write(t, root, "drizzle.config.ts", settings)
	cmd := exec.CommandContext(t.Context(), "npm", append([]string{"install", "--no-audit", "--no-fund", "--loglevel=error"}, packages...)...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("npm install: %v\n%s", err, out)
	}
	return Project{Root: root, Config: "drizzle.config.ts", Out: "drizzle", Getenv: os.Getenv}
}

func npx(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", args[0]), args[1:]...)
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "DATABASE_URL=postgres://nobody@migvet.invalid/none"}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	file := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

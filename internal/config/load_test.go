package config_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/config"
)

func file(content string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(content)} }

func TestLoadFindsTheNearestFile(t *testing.T) {
	fsys := fstest.MapFS{
		".migvet.yml":             file("postgres: 14"),
		"packages/db/.migvet.yml": file("postgres: 18"),
		"packages/db/sql/1.sql":   file(""),
	}
	tests := []struct {
		from, at string
		postgres int
	}{
		{".", ".migvet.yml", 14},
		{"packages", ".migvet.yml", 14},
		{"packages/db", "packages/db/.migvet.yml", 18},
		{"packages/db/sql", "packages/db/.migvet.yml", 18},
		{"packages/db/nowhere/else", "packages/db/.migvet.yml", 18},
	}
	for _, tt := range tests {
		c, at, err := config.Load(fsys, tt.from, known)
		if err != nil || at != tt.at || c.Postgres != tt.postgres {
			t.Errorf("from %s: %+v at %q, %v", tt.from, c, at, err)
		}
	}
}

func TestLoadWithoutFile(t *testing.T) {
	c, at, err := config.Load(fstest.MapFS{"a/b.sql": file("")}, "a", known)
	if err != nil || at != "" || c.Role != config.Owner {
		t.Errorf("%+v at %q, %v", c, at, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	tests := map[string]struct {
		fsys fstest.MapFS
		want string
	}{
		"bad content":   {fstest.MapFS{"a/.migvet.yml": file("x: 1")}, "a/.migvet.yml:1:1: unknown key"},
		"other suffix":  {fstest.MapFS{".migvet.yaml": file("postgres: 14")}, ".migvet.yaml is not read; rename it to .migvet.yml"},
		"directory":     {fstest.MapFS{".migvet.yml/x": file("")}, ".migvet.yml is not a regular file"},
		"named pipe":    {fstest.MapFS{".migvet.yml": {Mode: fs.ModeNamedPipe}}, ".migvet.yml is not a regular file"},
		"too large":     {fstest.MapFS{".migvet.yml": file(strings.Repeat("#\n", 200_000))}, "larger than 256 KiB"},
		"far too large": {fstest.MapFS{".migvet.yml": file("rules: " + strings.Repeat("[", 200_000))}, "not YAML"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, at, err := config.Load(tt.fsys, "a", known)
			if err == nil || !strings.Contains(err.Error(), tt.want) || at == "" {
				t.Errorf("%+v at %q, %v; want an error with %q", c, at, err, tt.want)
			}
		})
	}
}

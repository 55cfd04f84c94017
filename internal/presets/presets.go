// Package presets knows what hosting platforms put into a database before the
// first migration: roles, schemas, and the tables and functions that migrations
// refer to. They are stand-ins: names and types are the platform's, what
// functions answer is NULL.
package presets

import (
	"embed"
	"io/fs"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

//go:embed *.sql
var presetFiles embed.FS

// A Preset is one platform.
type Preset struct {
	Name       string
	Extensions []string // made in their schema where the server has them
	Schema     string   // of the extensions; "" is public
	Over       string   // the preset that this one has more than; "" for none
	SearchPath string   // of the sessions that run migrations; "" is the server's
	Unbound    []string // roles that no policy binds, which only a superuser can make
}

// allPresets is every preset; Nhost is Hasura with more around it.
var allPresets = []Preset{
	{Name: "supabase", Extensions: []string{"pgcrypto", "uuid-ossp"}, Schema: "extensions", SearchPath: `"$user", public, extensions`, Unbound: []string{"service_role"}},
	{Name: "neon"},
	{Name: "hasura", Extensions: []string{"pgcrypto"}},
	{Name: "nhost", Over: "hasura", Extensions: []string{"pgcrypto", "citext"}},
}

// Names returns the names of all presets.
func Names() []string {
	var names []string
	for _, p := range allPresets {
		names = append(names, p.Name)
	}
	return names
}

// Named returns presets by their names, each once. Unknown names are left out.
func Named(names ...string) []Preset {
	var found []Preset
	for _, p := range allPresets {
		if slices.Contains(names, p.Name) {
			found = append(found, p)
		}
	}
	return found
}

// SQL makes what the platform has, a statement each. The owner of a database may run
// it. What is there already is to be left as it is: platforms share names.
func (p Preset) SQL() ([]quote.SQL, error) {
	text, err := presetFiles.ReadFile(p.Name + ".sql")
	if err == nil && p.Over != "" {
		var below []byte
		below, err = presetFiles.ReadFile(p.Over + ".sql")
		text = append(below, text...)
	}
	if err != nil {
		return nil, err
	}
	statements, _ := lint.Parse(string(text))
	var all []quote.SQL
	for _, s := range statements {
		all = append(all, quote.SQL(s.SQL))
	}
	return all, nil
}

// For returns the platform that a folder of migrations is made for, by its tool
// and path; "" when nothing tells.
func For(tool, dir string) string {
	parts := strings.Split(dir, "/")
	switch {
	case tool == "Supabase", len(parts) > 1 && parts[len(parts)-2] == "supabase":
		return "supabase"
	case slices.Contains(parts, "nhost"):
		return "nhost"
	case tool == "Hasura":
		return "hasura"
	}
	return ""
}

// Signs returns the platforms of which a repository has the folder: supabase/, nhost/.
func Signs(repository fs.FS) (names []string) {
	for _, name := range []string{"supabase", "nhost"} {
		if info, err := fs.Stat(repository, name); err == nil && info.IsDir() {
			names = append(names, name)
		}
	}
	return names
}

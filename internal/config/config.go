// Package config reads .migvet.yml: what a repository wants checked, how
// severely, and which findings it has accepted.
//
// The file comes from the branch under review, so from strangers: its size is
// bounded, aliases are refused, and what it names is quoted in errors.
package config

import (
	"slices"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
)

// Name is the file's name.
const Name = ".migvet.yml"

// A Config is what one file says. Its paths are relative to the root of the
// repository, with slashes; in the file they are relative to the file.
type Config struct {
	Migrations []Folder // empty: detect them
	Postgres   int      // major version of the trial's server; 0 when not said
	Role       Role

	// Extensions, Roles and Presets are in the trial's databases before the first
	// migration. Presets is nil when not said: detect them.
	Extensions, Roles, Presets []string

	// SearchPath are the schemas that sessions of migrations begin with; nil when not
	// said.
	SearchPath []string

	// Before is a file of SQL that runs behind those; "" when not said.
	Before string

	// BaseSchema is a dump of a schema that stands for what the base's migrations make;
	// "" when not said.
	BaseSchema string

	// Stats is a file with the sizes of production's tables; "" when not said.
	// SmallTable is the largest table that counts as small; a limit of -1 is
	// none.
	Stats      string
	SmallTable lint.Size

	// MaxLockTimeout is the longest lock_timeout that nobody needs to hear of; 0 when not
	// said.
	MaxLockTimeout time.Duration

	Runner *Runner // how the application runs migrations at its start; nil when not said

	// FailOn is the lowest severity that fails the run, "never", or "" when
	// not said.
	FailOn string

	// Baseline is the file of findings that were there before migvet; "" for
	// none.
	Baseline string

	severity    map[string]lint.Severity
	ignorePaths []glob
	accept      []acceptance
	dir         string // of the file
}

// Role is the database role that runs the migrations in the trial.
type Role string

const (
	Owner     Role = "owner" // owns the database and is no superuser: what most providers give
	Superuser Role = "superuser"
)

// An acceptance is a finding that people have looked at and live with.
type acceptance struct {
	rule   string
	path   glob
	reason string
}

// Default is the configuration of a repository without a file.
func Default() *Config {
	return &Config{Role: Owner, SmallTable: noLimit, severity: map[string]lint.Severity{}, dir: "."}
}

// Dir is the directory in which the file is, and from which its paths start.
func (c *Config) Dir() string { return c.dir }

// Severity returns the severities that replace the rules' own, by rule.
func (c *Config) Severity() map[string]lint.Severity { return c.severity }

// IgnoresPath reports whether a file is not to be checked. The path is relative
// to the repository's root.
func (c *Config) IgnoresPath(path string) bool {
	return matchBelow(c.ignorePaths, c.dir, path)
}

// Accept parts the findings that the file accepts, with its reason in Accepted,
// from those that stay. Findings accepted before, by an ignore comment, keep
// their reason.
func (c *Config) Accept(findings []lint.Finding) (kept, accepted []lint.Finding) {
	kept = make([]lint.Finding, 0, len(findings))
	for _, f := range findings {
		if f.Accepted == "" {
			f.Accepted = c.reason(f)
		}
		if f.Accepted == "" {
			kept = append(kept, f)
		} else {
			accepted = append(accepted, f)
		}
	}
	return kept, accepted
}

// Unmatched calls told for each entry of accept that names one of the files under review
// and accepts no finding there. Entries with patterns are about files to come as well.
func (c *Config) Unmatched(accepted []lint.Finding, reviewed []string, told func(rule, file string)) {
	for _, a := range c.accept {
		for _, file := range reviewed {
			inside, ok := pathBelow(c.dir, file)
			if !ok || !slices.Equal(a.path, strings.Split(inside, "/")) {
				continue
			}
			if !slices.ContainsFunc(accepted, func(f lint.Finding) bool { return f.Rule == a.rule && f.Path == file }) {
				told(a.rule, file)
			}
		}
	}
}

func (c *Config) reason(f lint.Finding) string {
	inside, ok := pathBelow(c.dir, f.Path)
	if !ok {
		return ""
	}
	for _, a := range c.accept {
		if a.rule == f.Rule && a.path.match(inside) {
			return a.reason
		}
	}
	return ""
}

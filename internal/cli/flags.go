package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/trial"
	"github.com/migvet/migvet/lint"
)

// changeFlags say what is looked at.
type changeFlags struct {
	Paths []string `arg:"" optional:"" name:"path" help:"Report only on these migration files or folders."`

	Since string `help:"Everything after this migration is new: its version, name or file. Needs no git." placeholder:"VERSION" xor:"base"`
	Base  string `help:"Compare with this git ref." placeholder:"REF" xor:"base"`
	All   bool   `help:"Everything is new." xor:"base"`

	Config  string `help:"Configuration file. Default: .migvet.yml, searched upward to the repository root." placeholder:"FILE"`
	Debug   bool   `help:"Tell on stderr what rules would say without the trial, and where the time goes."`
	NoColor bool   `help:"No colours."`
}

// reviewFlags are common to check and lint.
type reviewFlags struct {
	changeFlags

	Format string   `help:"text, json, github, markdown, sarif, gitlab, junit or rdjsonl. Default: github inside GitHub Actions, else text." placeholder:"FORMAT"`
	Output []string `help:"Also write a report to a file; may be repeated." placeholder:"FORMAT=FILE"`
	FailOn string   `help:"Exit with 1 when a finding is at least this severe: error, warning, notice or never. What does not apply is 4 at each of them." placeholder:"SEVERITY"`
	Stats  string   `help:"Sizes of production's tables; migvet stats prints the query for them. Default: the configuration's." placeholder:"FILE"`

	Fix  bool `help:"Make the repairs that need no thought in the new migrations, and report what is left." xor:"fix"`
	Diff bool `help:"Print what --fix would change in place of the report, and change nothing." xor:"fix"`

	DrizzleGenerate bool `help:"Run the repository's own drizzle-kit on a copy of its migrations, to prove that none is missing. Runs code of this branch."`

	Baseline      string `help:"Accept the findings in this file, but not that a migration does not apply." placeholder:"FILE"`
	WriteBaseline string `help:"Write the findings to a file that --baseline accepts them by." placeholder:"FILE"`

	Strangers     bool          `kong:"-"` // the branch may be anybody's: what it configures does not count
	Labels        github.Labels `kong:"-"` // of the pull request
	ApprovalLabel string        `kong:"-"` // prefix of those that accept findings; "" for none
	Fetched       string        `kong:"-"` // where changes.Keep has put the base; "" where git has it
}

// trialFlags say where PostgreSQL comes from, and what is in it.
type trialFlags struct {
	BaseSchema string `help:"A dump of the schema, as pg_dump --schema-only writes it, in place of the base's migrations. Default: the configuration's." placeholder:"FILE"`

	Postgres         int           `help:"Major version to try the migrations on. Default: the configuration's, else the newest that is installed, else one that is fetched." placeholder:"VERSION"`
	PostgresBin      string        `help:"Directory with the postgres and initdb to use, outside of the repository." placeholder:"DIR" type:"path"`
	Timeout          time.Duration `help:"Give up trying after this long; a run that is not over a minute later ends without a report. Default: ${default}." default:"10m" placeholder:"DURATION"`
	StatementTimeout time.Duration `help:"End a statement that runs for longer, and the trial with it. Default: ${default}." default:"2m" placeholder:"DURATION"`
	Docker           string        `help:"Run PostgreSQL in a container of this image, without network. Needs Docker." placeholder:"IMAGE" xor:"server"`
	DatabaseURL      string        `help:"Use this server, in databases of its own that are dropped afterwards." name:"database-url" placeholder:"URL" xor:"server"`

	Sandboxed bool          `kong:"-"` // in a sandbox or not at all
	Only      trial.Purpose `kong:"-"`
}

// Validate is called when the flags have been read.
func (t trialFlags) Validate() error {
	if err := postgres.CheckWanted(t.Postgres); err != nil {
		return fmt.Errorf("--postgres: %w", err)
	}
	return nil
}

// What --timeout and --statement-timeout say where there are no flags.
const (
	defaultTimeout          = 10 * time.Minute
	defaultStatementTimeout = 2 * time.Minute
)

// resolvePath resolves a path against a directory, unless it is absolute.
func resolvePath(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// enterDirectory returns the directory that a run works in, without symbolic links, as
// git tells the root of the repository. One that is named below another has to
// be there: a branch can make it a link to elsewhere.
func enterDirectory(dir, name string) (string, error) {
	full := resolvePath(dir, name)
	real, err := filepath.EvalSymlinks(full)
	if broken := (*fs.PathError)(nil); errors.As(err, &broken) {
		err = broken.Err
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	rel, err := filepath.Rel(dir, full)
	if _, below := files.Below(dir, real); err == nil && filepath.IsLocal(rel) && !below {
		return "", fmt.Errorf("%s is a symbolic link that leads out of %s; name the directory itself", name, dir)
	}
	return real, nil
}

// failOn returns the severity from which findings fail the run; never is
// above every severity.
const neverFails = lint.Error + 1

func parseFailOn(name string) (lint.Severity, error) {
	if name == "never" {
		return neverFails, nil
	}
	if s, ok := lint.ParseSeverity(name); ok && s != lint.Off {
		return s, nil
	}
	return neverFails, usageError(fmt.Errorf("--fail-on %s: use error, warning, notice or never%s", name,
		lint.DidYouMean(name, []string{"error", "warning", "notice", "never"})))
}

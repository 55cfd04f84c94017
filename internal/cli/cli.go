// Package cli is migvet's command line: the commands, their flags, and what
// each run is put together from. It is the only package that knows all others.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"time"

	"github.com/alecthomas/kong"

	"github.com/migvet/migvet/internal/rescue"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Exit statuses.
const (
	exitClean      = 0
	exitFindings   = 1 // at or above --fail-on
	exitUsage      = 2 // flags or configuration
	exitUnchecked  = 3 // something could not be checked
	exitNotApplied = 4 // the new migrations do not apply
)

// Env is everything a run gets from outside.
type Env struct {
	Dir            string // working directory, absolute
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	CacheDir       string // for fetched servers and templates; "" switches caching off
	Now            func() time.Time
	Grace          time.Duration // how long a run may go on behind --timeout
	MaxText        int64         // bytes of migrations that a run reads; 0 for [source.MaxText]
	MaxTokens      int           // of SQL that a run parses; 0 for [lint.MaxTokens]
	Rules          []*lint.Rule  // that are asked; nil for [rules.All]
	Version        string
	Prepare        func() // is called when a review begins; nil for nothing
	Color          bool   // Stdout shows colours
	Progress       bool   // Stderr is a terminal
}

// commands is the grammar of the command line.
type commands struct {
	Dir string `short:"C" name:"dir" help:"Run as if started in this directory." placeholder:"DIR" default:"."`

	Check   checkCmd   `cmd:"" help:"Lint new migrations and try them on a throw-away PostgreSQL with rows."`
	Lint    lintCmd    `cmd:"" help:"Lint new migrations without any PostgreSQL."`
	Diff    diffCmd    `cmd:"" help:"Print what new migrations make of the schema, in --format text, json, markdown or mermaid."`
	Explain explainCmd `cmd:"" help:"Explain a rule."`
	Rules   rulesCmd   `cmd:"" help:"List the rules."`
	Stats   statsCmd   `cmd:"" help:"Print the query that reads the sizes of production's tables."`
	Doctor  doctorCmd  `cmd:"" help:"Tell which folders of migrations check would look at here, and what this machine offers."`
	Version versionCmd `cmd:"" help:"Print the version."`
	Action  actionCmd  `cmd:"" hidden:"" help:"Run as a GitHub Action, with inputs from the environment."`
	Fetch   fetchCmd   `cmd:"" hidden:"" help:"Fetch what a shallow checkout lacks, with inputs from the environment."`
	Post    postCmd    `cmd:"" hidden:"" help:"Write a report into a pull request, with inputs from the environment."`
}

// An exitError carries an exit status; its message, if any, goes to stderr.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

func usageError(err error) error { return &exitError{exitUsage, err} }

func uncheckedError(err error) error { return &exitError{exitUnchecked, err} }

// rules are what is asked of each statement.
func (env Env) rules() []*lint.Rule {
	if env.Rules != nil {
		return env.Rules
	}
	return rules.All()
}

// Main runs migvet and returns its exit status.
func Main(ctx context.Context, env Env, args []string) int {
	err := runCommand(ctx, env, args)
	if err == nil {
		return exitClean
	}
	code := exitUnchecked
	var e *exitError
	if errors.As(err, &e) {
		code = e.code
		err = e.err
	}
	if err != nil {
		fmt.Fprintf(env.Stderr, "migvet: %v\n", err)
	}
	if p := rescue.In(err); p != nil {
		fmt.Fprintf(env.Stderr, "migvet: this is a mistake in migvet, and nothing was checked%s\n%s", reportPanic, stackFor(args, p))
	}
	return code
}

// stackFor is the stack of a panic for those who ask for it.
func stackFor(args []string, p *rescue.Panic) []byte {
	if slices.Contains(args, "--debug") {
		return p.Stack
	}
	return nil
}

// helped stops parsing when --help has been printed.
type helped struct{}

func runCommand(ctx context.Context, env Env, args []string) (err error) {
	defer func() {
		switch r := recover(); r.(type) {
		case nil:
		case helped:
			err = nil
		default:
			err = uncheckedError(&rescue.Panic{Value: r, Stack: debug.Stack()})
		}
	}()
	var c commands
	parser, err := kong.New(&c,
		kong.Name("migvet"),
		kong.Description("Vets PostgreSQL migrations: reads the SQL, tries it on a throw-away server that holds rows, and reports what it saw on the exact line."),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(int) { panic(helped{}) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.UsageOnError(),
	)
	if err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return usageError(fmt.Errorf("%w; see migvet --help", err))
	}
	if env.Dir, err = enterDirectory(env.Dir, c.Dir); err != nil {
		return usageError(fmt.Errorf("--dir: %w", err))
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(env)
}

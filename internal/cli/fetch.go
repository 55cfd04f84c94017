package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/report"
)

// fetchCmd gets what a shallow checkout lacks of the base: with the token of the
// workflow where git has no credentials of its own, and from the REST API where
// git cannot. It is a step of the Action before the one that reads the
// migrations, which has no token. That one says what is wrong, if this one could
// not help.
type fetchCmd struct{}

// apiTime bounds all requests together.
const apiTime = 5 * time.Minute

func (*fetchCmd) Run(ctx context.Context, env Env) error {
	in, err := github.ReadInputs(env.Getenv)
	if err != nil || in.All || in.Since != "" {
		return nil
	}
	dir, err := enterDirectory(env.Dir, in.WorkingDirectory)
	if err != nil {
		return nil
	}
	root, err := changes.Root(dir, env.Getenv)
	if err != nil {
		root = env.workspace(dir)
	}
	o := changes.Options{Dir: root, Ref: in.Base, Getenv: env.Getenv, ReadFile: readEvent}
	if base, err := changes.Find(ctx, o); err == nil {
		return base.Close()
	}
	token := env.Getenv("MIGVET_GITHUB_TOKEN")
	if token == "" {
		return nil
	}
	o.Token, o.Server = token, env.Getenv("GITHUB_SERVER_URL")
	if base, err := changes.Find(ctx, o); err == nil {
		fmt.Fprintf(env.Stdout, "migvet: fetched %s with github-token\n", base)
		return base.Close()
	}
	return env.keepBase(ctx, o)
}

// keepBase asks the REST API for the base, and tells the next step where it is.
func (env Env) keepBase(ctx context.Context, o changes.Options) error {
	temp := env.Getenv("RUNNER_TEMP")
	if temp == "" || env.Getenv("GITHUB_REPOSITORY") == "" {
		return nil
	}
	dir, err := os.MkdirTemp(temp, "base-of-migvet-*")
	if err != nil {
		return uncheckedError(err)
	}
	base, err := askAPI(ctx, env, o, dir)
	if err == nil {
		fmt.Fprintf(env.Stdout, "migvet: read %s from GitHub's API\n", base)
		return github.Files{Getenv: env.Getenv, Append: appendTo}.WriteFetched(dir)
	}
	if !errors.Is(err, changes.ErrNoBase) {
		fmt.Fprintf(env.Stdout, "migvet: GitHub's API does not tell what to compare with: %s\n", report.Sanitise(err.Error()))
	}
	return os.RemoveAll(dir)
}

func askAPI(ctx context.Context, env Env, o changes.Options, dir string) (*changes.Base, error) {
	ctx, cancel := context.WithTimeout(ctx, apiTime)
	defer cancel()
	commits, err := github.NewCommits(githubAPI(env, o.Token))
	if err != nil {
		return nil, err
	}
	return changes.Keep(ctx, o, commits, dir)
}

// workspace is the directory that a job checks out into; dir where no job runs.
func (env Env) workspace(dir string) string {
	return cmp.Or(env.Getenv("GITHUB_WORKSPACE"), dir)
}

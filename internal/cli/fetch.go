package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/github"
)

// fetchCmd gets what a shallow checkout lacks of the base, with the token of the
// workflow where git has no credentials of its own. It is a step of the Action
// before the one that reads the migrations, which has no token. That one says
// what is wrong, if this one could not help.
type fetchCmd struct{}

func (*fetchCmd) Run(ctx context.Context, env Env) error {
	in, err := github.ReadInputs(env.Getenv)
	if err != nil || in.All || in.Since != "" {
		return nil
	}
	root, err := changes.Root(ctx, join(env.Dir, in.WorkingDirectory), env.Getenv)
	if err != nil {
		return nil
	}
	o := changes.Options{Dir: root, Ref: in.Base, Getenv: env.Getenv, ReadFile: os.ReadFile}
	if _, err := changes.Find(ctx, o); err == nil || errors.Is(err, changes.ErrNoBase) {
		return nil
	}
	o.Token, o.Server = env.Getenv("MIGVET_GITHUB_TOKEN"), env.Getenv("GITHUB_SERVER_URL")
	if base, err := changes.Find(ctx, o); err == nil && o.Token != "" {
		fmt.Fprintf(env.Stdout, "migvet: fetched %s with github-token\n", base)
	}
	return nil
}

package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/sethvargo/go-githubactions"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/report"
)

// actionCmd is what action.yml runs. It exits with 0 whatever it finds: the
// exit status is an output, which a later step turns into the verdict, so that
// outputs and reports exist either way.
type actionCmd struct{}

func (*actionCmd) Run(ctx context.Context, env Env) error {
	files := github.Files{Getenv: env.Getenv, Append: appendTo}
	in, err := github.ReadInputs(env.Getenv)
	if err != nil {
		return actionFailed(env, files, usageError(err))
	}
	if err := postgres.CheckWanted(in.Postgres); err != nil {
		return actionFailed(env, files, usageError(fmt.Errorf("input postgres: %w", err)))
	}
	if env.Dir, err = enterDirectory(env.Dir, in.WorkingDirectory); err != nil {
		return actionFailed(env, files, usageError(fmt.Errorf("input working-directory: %w", err)))
	}
	root, err := env.root(in.Fetched)
	if err != nil {
		return actionFailed(env, files, uncheckedError(err))
	}
	r, err := actionReview(ctx, env, in)
	if err != nil {
		return actionFailed(env, files, err)
	}
	return writeActionReports(env, files, in, root, r)
}

func actionReview(ctx context.Context, env Env, in github.Inputs) (*report.Report, error) {
	event, err := github.ReadEvent(env.Getenv, readEvent)
	if err != nil {
		return nil, uncheckedError(err)
	}
	origin := event.Origin(env.checkedOut(ctx, in))
	tries, err := in.Tries(origin)
	if err != nil {
		return nil, usageError(err)
	}
	f := reviewFlags{
		changeFlags: changeFlags{Paths: in.Paths, Since: in.Since, Base: in.Base, All: in.All, Config: in.Config, Debug: env.runnerDebugs()},
		FailOn:      in.FailOn, Baseline: in.Baseline, DrizzleGenerate: in.DrizzleGenerate,
		Strangers: origin.Strangers, Labels: event.Labels(), ApprovalLabel: in.ApprovalLabel, Fetched: in.Fetched,
	}
	if tries {
		return inTime(reviewOnce)(ctx, env, f, &trialFlags{
			Postgres: in.Postgres, PostgresBin: in.PostgresBin, Docker: in.Docker, DatabaseURL: in.DatabaseURL, Timeout: defaultTimeout,
			StatementTimeout: defaultStatementTimeout, Sandboxed: origin.Strangers,
		})
	}
	r, err := inTime(reviewOnce)(ctx, env, f, nil)
	if err == nil && origin.Exposed != "" {
		r.Notes = append(r.Notes, "migrations were only linted: they are not tried on "+origin.Exposed)
	}
	return r, err
}

// checkedOut is the commit in the working tree, "" where nobody knows it. The step
// that fetches has made sure that it is the workflow's own, where there is no git.
func (env Env) checkedOut(ctx context.Context, in github.Inputs) string {
	head, err := changes.Head(ctx, env.Dir, env.Getenv)
	if errors.Is(err, changes.ErrNoRepository) && in.Fetched != "" {
		return env.Getenv("GITHUB_SHA")
	}
	return head
}

// jsonReport is what messages call the report that the step reads which comments.
const jsonReport = "the report in JSON"

// writeActionReports writes everything GitHub shows. The log comes first: it
// needs no file to be written to.
func writeActionReports(env Env, files github.Files, in github.Inputs, root string, r *report.Report) error {
	w := reportWriter{env: env, debug: env.runnerDebugs(), report: r}
	log := func(text []byte) error {
		_, err := env.Stdout.Write(text)
		return err
	}
	w.add("the log", report.Format(func(out io.Writer, r *report.Report) error {
		return report.Text(out, r, report.TextOptions{Color: env.Color, Source: true})
	}), log)
	if in.Annotations {
		w.add("the annotations", report.Annotations, log)
	}
	if in.Summary {
		w.add("the summary", report.Summary, func(text []byte) error { return files.WriteSummary(string(text)) })
	}
	path := in.ReportPath(env.Getenv)
	if path != "" {
		path = resolvePath(env.Dir, path)
		f := fileOutput{path: path}
		w.add(jsonReport, report.JSON, func(text []byte) error { return f.write(env.named(root), text) })
	}
	if in.SARIFFile != "" {
		f := fileOutput{path: resolvePath(env.Dir, in.SARIFFile)}
		w.add("the report in SARIF", report.SARIF, func(text []byte) error { return f.write(env.named(root), text) })
	}
	w.write()
	return errors.Join(w.annotate(), files.WriteOutputs(github.NewOutputs(r, w.written(path))))
}

// annotate tells what could not be written, where no report may do so any more.
func (w *reportWriter) annotate() error {
	for _, reason := range w.told {
		githubactions.New(githubactions.WithWriter(w.env.Stdout), githubactions.WithGetenv(w.env.Getenv)).
			WithFieldsMap(map[string]string{"title": "migvet"}).Errorf("%s", report.Sanitise(reason))
	}
	return w.complain()
}

// written is the path of the report that the next step reads, "" when it is not there.
func (w *reportWriter) written(path string) string {
	for _, r := range w.reports {
		if r.failed && r.name == jsonReport {
			return ""
		}
	}
	return path
}

// runnerDebugs tells whether the job was run again with debug logging.
// https://docs.github.com/en/actions/reference/workflows-and-actions/variables
func (env Env) runnerDebugs() bool { return env.Getenv("RUNNER_DEBUG") == "1" }

// actionFailed sets the outputs of a run that has no report.
func actionFailed(env Env, files github.Files, err error) error {
	var e *exitError
	code := exitUnchecked
	if errors.As(err, &e) {
		code = e.code
	}
	githubactions.New(githubactions.WithWriter(env.Stdout), githubactions.WithGetenv(env.Getenv)).
		WithFieldsMap(map[string]string{"title": "migvet"}).Errorf("%s", report.Sanitise(err.Error()))
	return files.WriteOutputs(github.Outputs{Result: report.NotChecked, ExitCode: code})
}

func appendTo(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
}

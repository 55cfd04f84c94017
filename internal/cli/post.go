package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/sethvargo/go-githubactions"

	"github.com/migvet/migvet/internal/github"
	"github.com/migvet/migvet/internal/pullrequest"
	"github.com/migvet/migvet/internal/report"
)

// postCmd is the step of action.yml that writes into the pull request. It reads
// the report and nothing else: the step with the SQL has no token, and the one
// with the token no SQL.
type postCmd struct{}

// postTime bounds all requests together.
const postTime = 2 * time.Minute

func (*postCmd) Run(ctx context.Context, env Env) error {
	in, err := github.ReadPostInputs(env.Getenv)
	if err != nil {
		return usageError(err)
	}
	d, err := readDocument(env, in.ReportJSON)
	if err != nil {
		return uncheckedError(err)
	}
	event, err := github.ReadEvent(env.Getenv, readEvent)
	if err != nil {
		return uncheckedError(err)
	}
	ctx, cancel := context.WithTimeout(ctx, postTime)
	defer cancel()
	address, err := postReview(ctx, env, in, event, d)
	if err != nil {
		env.notice("no comment: " + postProblem(err))
	}
	files := github.Files{Getenv: env.Getenv, Append: appendTo}
	return files.WriteCommentURL(address)
}

// readDocument reads the report, which may be an artifact of a stranger's run.
func readDocument(env Env, name string) (*report.Document, error) {
	data, err := env.named(env.Dir).Read(resolvePath(env.Dir, name), report.MaxDocument)
	if err != nil {
		return nil, err
	}
	d, err := report.Read(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return d, nil
}

func postReview(ctx context.Context, env Env, in github.PostInputs, event *github.Event, d *report.Document) (address string, err error) {
	p, err := pullrequest.Open(ctx, pullrequest.Options{
		API: githubAPI(env, in.Token), ID: in.ID, Server: cmp.Or(env.Getenv("GITHUB_SERVER_URL"), "https://github.com"),
	}, event)
	if err != nil {
		return "", err
	}
	if in.Comment != string(pullrequest.Never) {
		if address, err = p.Comment(ctx, d, pullrequest.Mode(in.Comment)); err != nil {
			return "", err
		}
	}
	if in.Review {
		err = p.Review(ctx, d)
	}
	return address, err
}

// githubAPI is the API that the runner names.
func githubAPI(env Env, token string) github.API {
	return github.API{
		Token: token, Repository: env.Getenv("GITHUB_REPOSITORY"),
		URL: cmp.Or(env.Getenv("GITHUB_API_URL"), "https://api.github.com"),
	}
}

// postProblem says in one line why nothing was written. It fails no job: the
// verdict stands, and annotations and summary have told it.
func postProblem(err error) string {
	if reason, ok := pullrequest.Refused(err); ok {
		return reason
	}
	if errors.Is(err, pullrequest.ErrNone) {
		return "this event belongs to no pull request"
	}
	return err.Error()
}

// notice annotates the run.
func (env Env) notice(text string) {
	githubactions.New(githubactions.WithWriter(env.Stdout), githubactions.WithGetenv(env.Getenv)).
		WithFieldsMap(map[string]string{"title": "migvet"}).Noticef("%s", report.Sanitise(text))
}

// Package pullrequest writes a report into a pull request: as one comment that
// is kept up to date, and as comments on lines. It needs a token, and so runs
// apart from what runs SQL; all it gets from there is the JSON report.
package pullrequest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/github"
)

// A PullRequest is one pull request and the means to write into it.
type PullRequest struct {
	client      *gh.Client
	owner, repo string
	number      int
	head        string // newest commit of its branch
	ourAccount  *int64 // number of the token's account, 0 when GitHub does not tell; nil before it was asked

	// ID tells comments of several uses of migvet apart; "" for the only one.
	ID string

	// Server is where people read the repository: "https://github.com".
	Server string
}

// Options say where the pull request is.
type Options struct {
	API    github.API
	Server string
	ID     string
}

// ErrNone says that an event belongs to no pull request.
var ErrNone = errors.New("the event belongs to no pull request")

// Open finds the pull request that an event is about. What it takes for that
// is the event, never the report.
func Open(ctx context.Context, o Options, e *github.Event) (*PullRequest, error) {
	client, owner, repo, err := o.API.Client()
	if err != nil {
		return nil, err
	}
	p := &PullRequest{client: client, owner: owner, repo: repo, ID: o.ID, Server: strings.TrimSuffix(o.Server, "/")}
	switch {
	case e.PullRequest != nil:
		p.number, p.head = e.PullRequest.Number, e.PullRequest.Head.SHA
	case e.WorkflowRun != nil:
		err = p.find(ctx, e.WorkflowRun)
	}
	if err == nil && p.number == 0 {
		err = ErrNone
	}
	return p, err
}

// find looks for the open pull request whose newest commit a workflow ran on.
// The event names none for forks.
func (p *PullRequest) find(ctx context.Context, run *github.WorkflowRun) error {
	if run.HeadRepo == nil {
		return nil
	}
	head := run.HeadRepo.Owner.Login + ":" + run.HeadBranch
	for pr, err := range p.client.PullRequests.ListIter(ctx, p.owner, p.repo, &gh.PullRequestListOptions{State: "open", Head: head}) {
		if err != nil {
			return err
		}
		if pr.GetHead().GetSHA() == run.HeadSHA {
			p.number, p.head = pr.GetNumber(), run.HeadSHA
			return nil
		}
	}
	return nil
}

// blob is where people read the files of the branch.
func (p *PullRequest) blob() string {
	return fmt.Sprintf("%s/%s/%s/blob/%s", p.Server, p.owner, p.repo, p.head)
}

// Refused says why GitHub did not take something, in words for a notice; ok is
// false for errors that are not GitHub's answer.
func Refused(err error) (reason string, ok bool) {
	var rate *gh.RateLimitError
	var abuse *gh.AbuseRateLimitError
	var response *gh.ErrorResponse
	switch {
	case errors.As(err, &rate), errors.As(err, &abuse):
		return "GitHub takes no more requests for now (rate limit)", true
	case !errors.As(err, &response) || response.Response == nil:
		return "", false
	}
	switch code := response.Response.StatusCode; code {
	case http.StatusForbidden, http.StatusNotFound, http.StatusUnauthorized:
		return fmt.Sprintf("the token may not write into the pull request (status %d); give the job pull-requests: write, and see docs/github.md for forks, whose token never may", code), true
	case http.StatusTooManyRequests:
		return "GitHub takes no more requests for now (status 429)", true
	default:
		return fmt.Sprintf("GitHub answers with status %d: %s", code, response.Message), true
	}
}

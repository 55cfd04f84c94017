package pullrequest

import (
	"context"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/report"
)

// Mode says when there is a comment.
type Mode string

const (
	Never      Mode = "never"
	OnFindings Mode = "on-findings" // from the first finding on
	Always     Mode = "always"
)

// Comment keeps one comment up to date and returns its address, "" when there
// is none. A report that says the same as the comment is not written again; one
// that is clean takes the comment's findings back but makes no new comment, but
// for Always.
func (p *PullRequest) Comment(ctx context.Context, d *report.Document, mode Mode) (address string, err error) {
	old, err := p.sticky(ctx)
	if err != nil {
		return "", err
	}
	body := p.body(d)
	switch {
	case old == nil && d.Clean() && mode != Always:
		return "", nil
	case old == nil:
		made, _, err := p.client.Issues.CreateComment(ctx, p.owner, p.repo, p.number, &gh.IssueComment{Body: &body})
		return made.GetHTMLURL(), err
	case firstLine(old.GetBody()) == firstLine(body):
		return old.GetHTMLURL(), nil
	}
	_, _, err = p.client.Issues.EditComment(ctx, p.owner, p.repo, old.GetID(), &gh.IssueComment{Body: &body})
	return old.GetHTMLURL(), err
}

// marker begins the comment. GitHub shows nothing of it.
func (p *PullRequest) marker() string { return "<!-- migvet:" + p.ID + ":v1 " }

// body begins with the marker and what the rest says in short.
func (p *PullRequest) body(d *report.Document) string {
	return fmt.Sprintf("%s%s -->\n%s", p.marker(), d.Digest(), d.Comment(p.blob()))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r")
}

// sticky returns the oldest comment of ours, nil when there is none. Anybody can
// write the marker, and have other apps write it, so the account has to be ours.
func (p *PullRequest) sticky(ctx context.Context) (*gh.IssueComment, error) {
	o := &gh.IssueListCommentsOptions{ListOptions: gh.ListOptions{PerPage: 100}}
	for c, err := range p.client.Issues.ListCommentsIter(ctx, p.owner, p.repo, p.number, o) {
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(c.GetBody(), p.marker()) && p.isOurs(ctx, c.GetUser()) {
			return c, nil
		}
	}
	return nil, nil
}

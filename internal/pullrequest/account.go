package pullrequest

import (
	"context"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/github"
)

// workflowBot is whom the token belongs to that a workflow has by itself.
const workflowBot = "github-actions[bot]"

// isOurs tells the account that the token belongs to. Where GitHub does not say
// whose it is, it is taken for a workflow's: another app's comments are never
// touched.
func (p *PullRequest) isOurs(ctx context.Context, author *gh.User) bool {
	if p.ourAccount == nil {
		number, _ := github.Account(ctx, p.client)
		p.ourAccount = &number
	}
	if *p.ourAccount != 0 {
		return author.GetID() == *p.ourAccount
	}
	return author.GetType() == "Bot" && author.GetLogin() == workflowBot
}

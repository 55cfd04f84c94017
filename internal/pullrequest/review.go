package pullrequest

import (
	"context"
	"fmt"
	"strings"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/report"
)

// maxRemarks is how many comments one review brings: GitHub limits how fast
// content may be made, and a reader how much of it is read.
const maxRemarks = 30

// Review comments on the lines of findings that the pull request changes: in
// one review, and only what no earlier one has said. It removes what is no
// longer found, unless somebody replied.
func (p *PullRequest) Review(ctx context.Context, d *report.Document) error {
	old, err := p.remarked(ctx)
	if err != nil {
		return err
	}
	fresh, err := p.fresh(ctx, d.Remarks(), old)
	if err != nil {
		return err
	}
	if err := p.create(ctx, fresh); err != nil {
		return err
	}
	return p.remove(ctx, d, old)
}

// earlier is a comment of an earlier review.
type earlier struct {
	id      int64
	replied bool
}

var remarkMarker = lazyregexp.New(`^<!-- migvet:(.*):remark ([0-9a-f]{32}) -->`)

func (p *PullRequest) remarkMarker(fingerprint string) string {
	return fmt.Sprintf("<!-- migvet:%s:remark %s -->", p.ID, fingerprint)
}

// remarked returns our comments by fingerprint.
func (p *PullRequest) remarked(ctx context.Context) (map[string]earlier, error) {
	ours := map[string]earlier{}
	replies := map[int64]bool{}
	o := &gh.PullRequestListCommentsOptions{ListOptions: gh.ListOptions{PerPage: 100}}
	for c, err := range p.client.PullRequests.ListCommentsIter(ctx, p.owner, p.repo, p.number, o) {
		if err != nil {
			return nil, err
		}
		if c.GetInReplyTo() != 0 {
			replies[c.GetInReplyTo()] = true
			continue
		}
		m := remarkMarker.FindStringSubmatch(firstLine(c.GetBody()))
		if m != nil && m[1] == p.ID && p.isOurs(ctx, c.GetUser()) {
			ours[m[2]] = earlier{id: c.GetID()}
		}
	}
	for fingerprint, c := range ours {
		c.replied = replies[c.id]
		ours[fingerprint] = c
	}
	return ours, nil
}

// fresh keeps what was not said before and stands on lines of the diff. One
// comment outside of it, and GitHub refuses the whole review.
func (p *PullRequest) fresh(ctx context.Context, remarks []report.Remark, old map[string]earlier) ([]report.Remark, error) {
	var fresh []report.Remark
	for _, r := range remarks {
		if _, said := old[r.Fingerprint]; !said {
			fresh = append(fresh, r)
		}
	}
	if len(fresh) == 0 {
		return nil, nil
	}
	changed, err := p.changed(ctx)
	if err != nil {
		return nil, err
	}
	var inside []report.Remark
	for _, r := range fresh {
		if last, ok := changed[r.Path].clip(r.Line, r.EndLine); ok {
			if last != r.EndLine {
				r.EndLine, r.Suggestion = last, "" // it is about lines that the comment leaves out
			}
			inside = append(inside, r)
		}
	}
	return inside, nil
}

func (p *PullRequest) create(ctx context.Context, remarks []report.Remark) error {
	if len(remarks) == 0 {
		return nil
	}
	review := &gh.PullRequestReviewRequest{CommitID: &p.head, Event: gh.Ptr("COMMENT")}
	if more := len(remarks) - maxRemarks; more > 0 {
		review.Body = gh.Ptr(fmt.Sprintf("migvet found %d more in this pull request; the summary of its job holds all of them.", more))
		remarks = remarks[:maxRemarks]
	}
	for _, r := range remarks {
		review.Comments = append(review.Comments, p.draft(r))
	}
	_, _, err := p.client.PullRequests.CreateReview(ctx, p.owner, p.repo, p.number, review)
	return err
}

func (p *PullRequest) draft(r report.Remark) *gh.DraftReviewComment {
	body := p.remarkMarker(r.Fingerprint) + "\n" + r.Body + suggestionBlock(r.Suggestion)
	c := &gh.DraftReviewComment{Path: &r.Path, Body: &body, Side: gh.Ptr("RIGHT"), Line: &r.EndLine}
	if r.EndLine > r.Line {
		c.StartLine, c.StartSide = &r.Line, gh.Ptr("RIGHT")
	}
	return c
}

// suggestionBlock is what GitHub offers to commit; "" for no suggestion. Its
// fence is longer than any in the text.
func suggestionBlock(text string) string {
	if text == "" {
		return ""
	}
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fmt.Sprintf("\n\n%ssuggestion\n%s\n%s", fence, strings.TrimSuffix(text, "\n"), fence)
}

// remove deletes what is no longer found. A thread that somebody replied in is
// theirs as well and stays.
func (p *PullRequest) remove(ctx context.Context, d *report.Document, old map[string]earlier) error {
	for _, r := range d.Remarks() {
		delete(old, r.Fingerprint)
	}
	for _, c := range old {
		if c.replied {
			continue
		}
		if _, err := p.client.PullRequests.DeleteComment(ctx, p.owner, p.repo, c.id); err != nil {
			return err
		}
	}
	return nil
}

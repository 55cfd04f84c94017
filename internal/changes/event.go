package changes

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// An event is what a run of GitHub Actions knows about why it runs. Outside of
// Actions it is empty.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads
type event struct {
	name string // GITHUB_EVENT_NAME

	Before      string `json:"before"`
	Ref         string `json:"ref"`
	PullRequest struct {
		Head struct {
			SHA string `json:"sha"`
		} `json:"head"`
		Base struct {
			Ref string `json:"ref"`
			SHA string `json:"sha"`
		} `json:"base"`
	} `json:"pull_request"`
	MergeGroup struct {
		BaseSHA string `json:"base_sha"`
		BaseRef string `json:"base_ref"`
	} `json:"merge_group"`
	Repository struct {
		DefaultBranch string `json:"default_branch"`
	} `json:"repository"`
}

func readEvent(o Options) (*event, error) {
	e := &event{}
	if o.Getenv("GITHUB_ACTIONS") != "true" || o.Getenv("GITHUB_EVENT_NAME") == "" {
		return e, nil
	}
	path := o.Getenv("GITHUB_EVENT_PATH")
	if path != "" {
		data, err := o.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("reading the GitHub event: %w", err)
		}
		if err := json.Unmarshal(data, e); err != nil {
			return nil, fmt.Errorf("reading the GitHub event in %s: %w", path, err)
		}
	}
	e.name = o.Getenv("GITHUB_EVENT_NAME")
	return e, nil
}

// ofEvent returns the base that the event tells, nil when it tells none.
func (f finder) ofEvent(ctx context.Context, e *event) (*Base, error) {
	switch e.name {
	case "pull_request", "pull_request_target":
		return f.ofPullRequest(ctx, e)
	case "merge_group":
		return f.at(ctx, e.MergeGroup.BaseSHA, trimBranch(e.MergeGroup.BaseRef), "the base of the merge group")
	case "push":
		return f.ofPush(ctx, e)
	default:
		return nil, nil
	}
}

// ofPullRequest takes the first parent of the merge commit that GitHub checks
// out: the base branch as it is now. Where the head itself is checked out, it
// is the merge base with the base branch.
func (f finder) ofPullRequest(ctx context.Context, e *event) (*Base, error) {
	pull := e.PullRequest
	parents, err := f.parents(ctx, f.head)
	if err != nil {
		return nil, err
	}
	if len(parents) == 2 && parents[1] == pull.Head.SHA {
		return f.at(ctx, parents[0], pull.Base.Ref, "the base branch that the pull request is merged into")
	}
	if pull.Base.Ref == "" {
		return nil, nil
	}
	tip := f.commit(ctx, originBranch+pull.Base.Ref)
	if tip == "" {
		tip, _ = f.fetchRef(ctx, localBranch+pull.Base.Ref) // the event has its commit as well
	}
	if tip == "" {
		if err := f.available(ctx, pull.Base.SHA); err != nil {
			return nil, err
		}
		tip = pull.Base.SHA
	}
	commit, err := f.mergeBase(ctx, tip)
	if commit == "" || err != nil {
		return nil, err
	}
	if commit == f.head {
		return nil, fmt.Errorf("%s is checked out, not the pull request (%s does so by default); check out its head, `with: {ref: \"${{ github.event.pull_request.head.sha }}\"}`: %w", pull.Base.Ref, e.name, ErrNoBase)
	}
	return f.base(commit, pull.Base.Ref, "where the pull request left "+pull.Base.Ref), nil
}

// ofPush takes what the default branch was before. On other branches, the
// earlier pushes of the branch are still new; and after a forced push the
// commit may be gone.
func (f finder) ofPush(ctx context.Context, e *event) (*Base, error) {
	branch := trimBranch(e.Ref)
	if branch != e.Repository.DefaultBranch || !isHash(e.Before) {
		return nil, nil
	}
	if f.available(ctx, e.Before) != nil {
		return nil, nil
	}
	return f.at(ctx, e.Before, branch, branch+" before the push")
}

func (f finder) at(ctx context.Context, commit, branch, reason string) (*Base, error) {
	if err := f.available(ctx, commit); err != nil {
		return nil, err
	}
	if branch == "" {
		branch = shortHash(commit)
	}
	return f.base(commit, branch, reason), nil
}

func trimBranch(ref string) string {
	return strings.TrimPrefix(ref, localBranch)
}

package github

import (
	"encoding/json"
	"fmt"
)

// An Event is what GitHub tells a run about why it runs. Parts that an event
// does not have are nil.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads
type Event struct {
	Name  string `json:"-"` // GITHUB_EVENT_NAME; "" outside of GitHub Actions
	Actor string `json:"-"` // GITHUB_ACTOR
	SHA   string `json:"-"` // GITHUB_SHA, the commit that the workflow runs on

	Action      string       `json:"action"`
	Ref         string       `json:"ref"`
	Repository  Repository   `json:"repository"`
	PullRequest *PullRequest `json:"pull_request"`
	WorkflowRun *WorkflowRun `json:"workflow_run"`
	Sender      User         `json:"sender"`
	Pusher      struct {
		Name string `json:"name"`
	} `json:"pusher"`
	Label Label `json:"label"` // that was set or removed
}

// A Repository is named "owner/name".
type Repository struct {
	FullName string `json:"full_name"`
}

// A User is an account of GitHub.
type User struct {
	Login string `json:"login"`
}

// A Label is one of a pull request.
type Label struct {
	Name string `json:"name"`
}

// A PullRequest is the part of it that migvet reads. Its title, body and
// branch names are text of strangers and are none of it.
type PullRequest struct {
	Number int `json:"number"`
	Head   struct {
		SHA  string      `json:"sha"`
		Repo *Repository `json:"repo"` // nil when the fork is gone
	} `json:"head"`
	User   User    `json:"user"`
	Labels []Label `json:"labels"`
}

// A WorkflowRun is the run that a workflow_run event tells of.
type WorkflowRun struct {
	HeadSHA    string `json:"head_sha"`
	HeadBranch string `json:"head_branch"`
	HeadRepo   *struct {
		Owner struct {
			Login string `json:"login"`
		} `json:"owner"`
	} `json:"head_repository"`
}

// ReadEvent reads the event of a run; outside of GitHub Actions it has no
// name. readFile reads the payload.
func ReadEvent(getenv func(string) string, readFile func(string) ([]byte, error)) (*Event, error) {
	e := &Event{Name: getenv("GITHUB_EVENT_NAME"), Actor: getenv("GITHUB_ACTOR"), SHA: getenv("GITHUB_SHA")}
	path := getenv("GITHUB_EVENT_PATH")
	if path == "" {
		return e, nil
	}
	data, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the GitHub event: %w", err)
	}
	if err := json.Unmarshal(data, e); err != nil {
		return nil, fmt.Errorf("read the GitHub event in %s: %w", path, err)
	}
	return e, nil
}

// Labels are the labels of the pull request. Only people with triage permission,
// and workflows they wrote, can set them.
// https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization
func (e *Event) Labels() Labels {
	if e.PullRequest == nil {
		return Labels{}
	}
	l := Labels{Commit: e.PullRequest.Head.SHA}
	for _, label := range e.PullRequest.Labels {
		l.Names = append(l.Names, label.Name)
	}
	if e.Action == "labeled" {
		l.JustSet = e.Label.Name
	}
	return l
}

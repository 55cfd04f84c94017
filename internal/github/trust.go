package github

import (
	"encoding/json"
	"fmt"
)

// Strangers tells whether the event is a pull request whose branch anybody
// outside of the repository can write: one from a fork, or of Dependabot.
// readFile reads the event.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#pull_request
func Strangers(getenv func(string) string, readFile func(string) ([]byte, error)) (bool, error) {
	path := getenv("GITHUB_EVENT_PATH")
	if path == "" {
		return false, nil
	}
	data, err := readFile(path)
	if err != nil {
		return false, fmt.Errorf("read the GitHub event: %w", err)
	}
	type repository struct {
		FullName string `json:"full_name"`
	}
	var event struct {
		PullRequest *struct {
			Head struct {
				Repo *repository `json:"repo"` // null when the fork is gone
			} `json:"head"`
			User struct {
				Login string `json:"login"`
			} `json:"user"`
		} `json:"pull_request"`
		Repository repository `json:"repository"`
	}
	if err := json.Unmarshal(data, &event); err != nil {
		return false, fmt.Errorf("read the GitHub event in %s: %w", path, err)
	}
	pr := event.PullRequest
	if pr == nil {
		return false, nil
	}
	fork := pr.Head.Repo == nil || pr.Head.Repo.FullName != event.Repository.FullName
	return fork || pr.User.Login == "dependabot[bot]", nil
}

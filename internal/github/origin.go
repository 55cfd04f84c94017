package github

import "strings"

// An Origin is where the code comes from that a run checks.
type Origin struct {
	// Strangers: anybody outside of the repository may have written it. Its own
	// configuration does not count, and its SQL runs in a complete sandbox only.
	Strangers bool

	// Exposed says on what event, and why, the code of strangers may lie beside the
	// repository's secrets, so that it is only linted; "" where it does not.
	Exposed string
}

// Origin judges the event. It lists what is known to be the code of people who
// may push to the repository, or to run without secrets; all other events count
// as code of strangers beside secrets, also those that GitHub has yet to invent.
// checkedOut is the commit in the working tree, "" where nobody knows it.
//
// https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
// https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
func (e *Event) Origin(checkedOut string) Origin {
	switch e.Name {
	case "": // not in GitHub Actions
		return Origin{}
	case "pull_request", "pull_request_review", "pull_request_review_comment":
		return Origin{Strangers: !e.ownBranch() || e.ofDependabot()}
	case "push":
		return Origin{Strangers: e.ofDependabot()}
	case "merge_group": // somebody with the right to has queued it
		return Origin{}
	case "schedule", "workflow_dispatch":
		// Nothing but its commit says what such a run is about: workflows check pull
		// requests out on them, by number or in a loop.
		if checkedOut != "" && checkedOut == e.SHA {
			return Origin{}
		}
		return Origin{Strangers: true, Exposed: e.Name + " while another commit than the workflow's own (GITHUB_SHA) is checked out, which anybody may have written"}
	default:
		return Origin{Strangers: true, Exposed: e.Name + ", where SQL from a fork would run beside the repository's secrets"}
	}
}

// ownBranch reports whether the pull request comes from a branch of the repository
// that it is for.
func (e *Event) ownBranch() bool {
	if e.PullRequest == nil || e.PullRequest.Head.Repo == nil {
		return false
	}
	own := e.Repository.FullName
	return own != "" && e.PullRequest.Head.Repo.FullName == own
}

const dependabotLogin = "dependabot[bot]"

// ofDependabot reports whether Dependabot, which writes what others publish, has
// opened the pull request or pushed the branch, or whether the branch is called
// as its are: people can update those by a click. Who the commits say wrote them
// does not matter: they can say anything, and who merges them vouches for them.
func (e *Event) ofDependabot() bool {
	author := ""
	if e.PullRequest != nil {
		author = e.PullRequest.User.Login
	}
	for _, name := range []string{author, e.Actor, e.Sender.Login, e.Pusher.Name} {
		if name == dependabotLogin {
			return true
		}
	}
	return strings.HasPrefix(e.Ref, "refs/heads/dependabot")
}

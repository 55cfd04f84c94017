package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	gh "github.com/google/go-github/v89/github"

	"github.com/migvet/migvet/internal/changes"
)

// An API says where the REST API of a repository is.
type API struct {
	Token      string
	URL        string // "https://api.github.com"
	Repository string // "owner/name"
}

// Client returns a client of the API, and the two names of the repository.
func (a API) Client() (client *gh.Client, owner, repo string, err error) {
	owner, repo, ok := strings.Cut(a.Repository, "/")
	if !ok {
		return nil, "", "", fmt.Errorf("GITHUB_REPOSITORY is %q, not owner/name", a.Repository)
	}
	url := strings.TrimSuffix(a.URL, "/") + "/"
	client, err = gh.NewClient(gh.WithHTTPClient(&http.Client{CheckRedirect: checkRedirect}), gh.WithAuthToken(a.Token), gh.WithURLs(&url, &url))
	if err != nil {
		return nil, "", "", fmt.Errorf("GITHUB_API_URL: %w", err)
	}
	return client, owner, repo, nil
}

// maxRedirects is as many as net/http follows by itself.
const maxRedirects = 10

// checkRedirect lets a request go on at the host that it was for, as GitHub asks
// for when a repository was renamed. The token goes along with every request, and
// so must reach no other host, and none unencrypted.
func checkRedirect(next *http.Request, earlier []*http.Request) error {
	first := earlier[0].URL
	if next.URL.Scheme != first.Scheme || next.URL.Host != first.Host {
		return fmt.Errorf("the API redirects from %s://%s to %s://%s, which is not given the token", first.Scheme, first.Host, next.URL.Scheme, next.URL.Host)
	}
	if len(earlier) >= maxRedirects {
		return fmt.Errorf("the API redirects more than %d times", maxRedirects)
	}
	return nil
}

// Commits reads the commits of a repository through the API.
type Commits struct {
	client      *gh.Client
	owner, repo string
}

var _ changes.Remote = (*Commits)(nil)

// NewCommits returns the commits of a repository.
func NewCommits(a API) (*Commits, error) {
	client, owner, repo, err := a.Client()
	return &Commits{client, owner, repo}, err
}

// Commit implements changes.Remote. The API knows full names without "refs/"; of a
// short one it does not say whether it takes a branch or a tag.
// https://docs.github.com/en/rest/commits/commits#get-a-commit
func (c *Commits) Commit(ctx context.Context, ref string) (string, error) {
	hash, _, err := c.client.Repositories.GetCommitSHA1(ctx, c.owner, c.repo, strings.TrimPrefix(ref, "refs/"), "")
	return hash, err
}

// Parents implements changes.Remote.
func (c *Commits) Parents(ctx context.Context, commit string) ([]string, error) {
	got, _, err := c.client.Git.GetCommit(ctx, c.owner, c.repo, commit)
	if err != nil {
		return nil, err
	}
	var parents []string
	for _, p := range got.Parents {
		parents = append(parents, p.GetSHA())
	}
	return parents, nil
}

// MergeBase implements changes.Remote.
func (c *Commits) MergeBase(ctx context.Context, a, b string) (string, error) {
	// Only the files of the first page are left out of the others, and one will do.
	got, _, err := c.client.Repositories.CompareCommits(ctx, c.owner, c.repo, a, b, &gh.ListOptions{PerPage: 1})
	if err != nil {
		return "", err
	}
	return got.GetMergeBaseCommit().GetSHA(), nil
}

// Files implements changes.Remote.
func (c *Commits) Files(ctx context.Context, commit string) ([]changes.File, error) {
	tree, _, err := c.client.Git.GetTree(ctx, c.owner, c.repo, commit, true)
	if err != nil {
		return nil, err
	}
	if tree.GetTruncated() {
		return nil, errors.New("the repository has more files than the API lists; give actions/checkout `with: {fetch-depth: 0}`")
	}
	var files []changes.File
	for _, e := range tree.Entries {
		if e.GetType() == "blob" {
			files = append(files, changes.File{Path: e.GetPath(), Hash: e.GetSHA(), Size: e.GetSize(), Link: e.GetMode() == changes.SymbolicLink})
		}
	}
	return files, nil
}

// Blob implements changes.Remote.
func (c *Commits) Blob(ctx context.Context, hash string) ([]byte, error) {
	data, _, err := c.client.Git.GetBlobRaw(ctx, c.owner, c.repo, hash)
	return data, err
}

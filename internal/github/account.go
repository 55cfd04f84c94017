package github

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	gh "github.com/google/go-github/v89/github"
)

// Account returns the number of the account that the client's token belongs to,
// the one that the REST API gives its comments as user.id. It asks the GraphQL
// API: REST does not tell tokens of workflows and apps whose they are.
// https://docs.github.com/en/graphql/reference/queries
func Account(ctx context.Context, client *gh.Client) (int64, error) {
	address, err := graphQL(client.BaseURL())
	if err != nil {
		return 0, err
	}
	request, err := client.NewRequest(ctx, http.MethodPost, address, map[string]string{"query": "query { viewer { databaseId } }"})
	if err != nil {
		return 0, err
	}
	var answer struct {
		Data struct {
			Viewer struct {
				DatabaseID int64 `json:"databaseId"`
			} `json:"viewer"`
		} `json:"data"`
	}
	if _, err := client.Do(request, &answer); err != nil {
		return 0, fmt.Errorf("ask whose the token is: %w", err)
	}
	if answer.Data.Viewer.DatabaseID == 0 {
		return 0, errors.New("GitHub does not tell whose the token is")
	}
	return answer.Data.Viewer.DatabaseID, nil
}

// graphQL is the address of the GraphQL API beside a REST API: /graphql at
// github.com, /api/graphql beside /api/v3 at GitHub Enterprise Server.
// https://docs.github.com/en/enterprise-server@latest/graphql/guides/forming-calls-with-graphql
func graphQL(rest string) (string, error) {
	u, err := url.Parse(rest)
	if err != nil {
		return "", err
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/v3") + "/graphql"
	return u.String(), nil
}

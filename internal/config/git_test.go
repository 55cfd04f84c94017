package config

import (
	"fmt"
	"strings"
	"testing"
)

// No key leads into git's own files: .git/config holds the token of the checkout.
func TestNoPathLeadsIntoGit(t *testing.T) {
	for _, key := range []string{
		"migrations: [{dir: %q, tool: plain}]", "before: %q", "stats: %q", "baseline: %q",
		"ignore-paths: [%q]", "accept: [{rule: style, path: %q, reason: x}]",
	} {
		for _, path := range []string{".git", ".git/config", "./.GIT/config", "sub/.Git/hooks", "a/../.git", ".git./config", "GIT~1/config"} {
			text := fmt.Sprintf(key, path)
			if _, err := Parse(Name, []byte(text), compared); err == nil || !strings.Contains(err.Error(), errGit.Error()) {
				t.Errorf("%s: %v", text, err)
			}
		}
		for _, path := range []string{".github/x", ".gitignore", "a.git/x", "git"} {
			text := fmt.Sprintf(key, path)
			if _, err := Parse(Name, []byte(text), compared); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

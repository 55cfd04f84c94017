package changes

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ownSettings are the settings of our git directory. They allow only transports that
// start no program but git's own helpers and ssh.
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-protocolallow
const ownSettings = `[core]
	repositoryFormatVersion = 1
	bare = true
	quotePath = off
	logAllRefUpdates = false
	fsmonitor = false
	hooksPath = /dev/null
	askPass =
[credential]
	helper =
[gc]
	auto = 0
[maintenance]
	auto = false
[log]
	showSignature = false
[submodule]
	recurse = false
[protocol]
	allow = never
[protocol "https"]
	allow = always
[protocol "http"]
	allow = always
[protocol "ssh"]
	allow = always
[protocol "file"]
	allow = always
`

// settings are the settings of a checkout that we take over, by name in lower case:
// extensions.objectformat, remote.origin.url.
type settings map[string]string

// settings reads the checkout's own file and none that it includes: that may
// belong to the work tree.
func (r *repository) settings(ctx context.Context) (settings, error) {
	s := settings{}
	file := filepath.Join(r.common, "config")
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return s, nil
	}
	out, err := r.git(ctx, "config", "--file", file, "--no-includes", "--null", "--list")
	if err != nil {
		return nil, err
	}
	for entry := range strings.SplitSeq(string(out), "\x00") {
		key, value, _ := strings.Cut(entry, "\n")
		if _, again := s[key]; again && key == "remote.origin.url" {
			continue // git fetches from the first, and pushes to all
		}
		if takenOver(key) {
			s[key] = value
		}
	}
	return s, nil
}

// takenOver reports whether a setting says how to read the objects, such as
// extensions.objectformat, or where origin is. Git itself stops at an extension
// that it does not know.
func takenOver(key string) bool {
	if slices.Contains([]string{"remote.origin.url", "remote.origin.promisor", "remote.origin.partialclonefilter"}, key) {
		return true
	}
	name, ok := strings.CutPrefix(key, "extensions.")
	letters := strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == ""
	return ok && letters && name != "worktreeconfig"
}

func (s settings) partial() bool {
	return s["remote.origin.promisor"] != "" || s["extensions.partialclone"] != ""
}

// text writes settings as a part of a configuration.
func (s settings) text() string {
	var text strings.Builder
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)
	for key, value := range s {
		section, name, _ := strings.Cut(key, ".")
		if origin, ok := strings.CutPrefix(name, "origin."); ok {
			section, name = `remote "origin"`, origin
		}
		text.WriteString("[" + section + "]\n\t" + name + ` = "` + quote.Replace(value) + "\"\n")
	}
	return text.String()
}

// persistedCredentials are what the checkout keeps for its origin, as
// actions/checkout does: a header of HTTP, in a file that it includes. Nothing
// else is taken from there, and git sends it to that server alone.
func (r *repository) persistedCredentials(ctx context.Context) []string {
	at, err := url.Parse(r.origin)
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		return nil
	}
	at.User = nil // it would stand in the list of processes
	cmd := r.command(ctx, "--git-dir="+r.gitDir, "config", "--includes", "--get-urlmatch", "http.extraheader", at.String())
	header, err := runGit(cmd, "config")
	if err != nil {
		return nil // there is none
	}
	return headerFor(at.Scheme+"://"+at.Host, strings.TrimSuffix(string(header), "\n"))
}

// headerFor has git send a header to a server, and to no other, also where that one
// leads elsewhere. In the environment it is in no list of processes.
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-GITCONFIGCOUNT
func headerFor(server, header string) []string {
	if header == "" {
		return nil
	}
	return []string{
		"GIT_CONFIG_COUNT=2",
		"GIT_CONFIG_KEY_0=http." + strings.TrimSuffix(server, "/") + "/.extraheader",
		"GIT_CONFIG_VALUE_0=" + header,
		"GIT_CONFIG_KEY_1=http.followRedirects",
		"GIT_CONFIG_VALUE_1=false",
	}
}

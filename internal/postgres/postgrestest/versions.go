package postgrestest

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
)

// asked is what the environment asks tests to run with.
type asked struct {
	whole []string // oldest first
	part  []string // of the whole, what this process does; all of it unless it is a job of CI
}

func readAsked(getenv func(string) string) asked {
	part, everything, found := strings.Cut(getenv("MIGVET_TEST_VERSIONS"), "/")
	switch {
	case found && everything == "all":
		return asked{whole: supportedVersions(), part: splitVersions(part)}
	case part == "all":
		return asked{whole: supportedVersions(), part: supportedVersions()}
	}
	given := splitVersions(getenv("MIGVET_TEST_POSTGRES"))
	return asked{whole: given, part: given}
}

func supportedVersions() (all []string) {
	for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
		all = append(all, strconv.Itoa(major))
	}
	return all
}

// splitVersions is [""] for "", which is the newest version that is installed.
func splitVersions(text string) (all []string) {
	for version := range strings.SplitSeq(text, ",") {
		all = append(all, strings.TrimSpace(version))
	}
	return all
}

func (a asked) has(version string) bool { return slices.Contains(a.part, version) }

func (a asked) newest() string { return a.whole[len(a.whole)-1] }

func (a asked) between(version string) bool { return version != a.whole[0] && version != a.newest() }

// Versions are what to test with where the outcome depends on the version: major
// versions, "16", or directories of server programs, the oldest first. "" is the newest
// that is installed.
func Versions(t testing.TB) []string {
	t.Helper()
	return readAsked(os.Getenv).part
}

// One is the version to test with where the outcome does not depend on it: the newest
// that is asked for. Where that is another job's, the test is, too: see [Once].
func One(t testing.TB) string {
	t.Helper()
	Once(t)
	return readAsked(os.Getenv).newest()
}

// Once is for tests that take long and need no version: of the jobs that do a version
// each, that of the newest runs them, and others skip them. It is the only reason for
// which a job skips a test, and the job of the newest version never does.
func Once(t testing.TB) {
	t.Helper()
	if a := readAsked(os.Getenv); !a.has(a.newest()) {
		t.Skipf("the job of PostgreSQL %s runs it", a.newest())
	}
}

// IsNewest reports whether a version is the newest that is asked for: where one
// version is enough, that is it.
func IsNewest(version string) bool { return version == readAsked(os.Getenv).newest() }

// IsBetween reports whether a version is neither the oldest nor the newest of those that
// are asked for. What is the same on both has hardly changed and changed back between
// them, so what takes long may leave it out.
func IsBetween(version string) bool { return readAsked(os.Getenv).between(version) }

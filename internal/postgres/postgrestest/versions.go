package postgrestest

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/skip"
)

// asked is what the environment asks tests to run with.
type asked struct {
	whole []string // oldest first
	part  []string // of the whole, what this process does; all of it unless it is a job of CI
}

// readAsked answers with an error where what is asked for is nothing: tests that loop
// over no versions would pass.
func readAsked(getenv func(string) string) (asked, error) {
	versions := getenv("MIGVET_TEST_VERSIONS")
	if versions == "" {
		given := splitVersions(getenv("MIGVET_TEST_POSTGRES"))
		return asked{whole: given, part: given}, nil
	}
	all := asked{whole: supportedVersions(), part: supportedVersions()}
	if versions == "all" {
		return all, nil
	}
	part, ofAll := strings.CutSuffix(versions, "/all")
	all.part = splitVersions(part)
	unknown := func(version string) bool { return !slices.Contains(all.whole, version) }
	if !ofAll || slices.ContainsFunc(all.part, unknown) {
		return asked{whole: all.whole}, fmt.Errorf("MIGVET_TEST_VERSIONS is %q; say all, or a part of it such as 14/all, of %s", versions, strings.Join(all.whole, ", "))
	}
	return all, nil
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

// mustAsk fails the test where nothing that exists is asked for.
func mustAsk(t testing.TB) asked {
	t.Helper()
	a, err := readAsked(os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (a asked) has(version string) bool { return slices.Contains(a.part, version) }

func (a asked) newest() string { return a.whole[len(a.whole)-1] }

func (a asked) between(version string) bool { return version != a.whole[0] && version != a.newest() }

// Versions are what to test with where the outcome depends on the version: major
// versions, "16", or directories of server programs, the oldest first. "" is the newest
// that is installed.
func Versions(t testing.TB) []string {
	t.Helper()
	return mustAsk(t).part
}

// One is the version to test with where the outcome does not depend on it: the newest
// that is asked for. Where that is another job's, the test is, too: see [Once].
func One(t testing.TB) string {
	t.Helper()
	Once(t)
	return mustAsk(t).newest()
}

// Once is for tests that take long and need no version: of the jobs that do a version
// each, that of the newest runs them, and others skip them. It is the only reason for
// which a job skips a test, and the job of the newest version never does.
func Once(t testing.TB) {
	t.Helper()
	if a := mustAsk(t); !a.has(a.newest()) {
		skip.Elsewhere(t, "tests "+a.newest())
	}
}

// IsNewest reports whether a version, one of [Versions], is the newest that is asked for:
// where one version is enough, that is it.
func IsNewest(version string) bool {
	a, err := readAsked(os.Getenv)
	return err == nil && version == a.newest()
}

// IsBetween reports whether a version, one of [Versions], is neither the oldest nor the
// newest of those that are asked for. What is the same on both has hardly changed and
// changed back between them, so what takes long may leave it out.
func IsBetween(version string) bool {
	a, err := readAsked(os.Getenv)
	return err == nil && a.between(version)
}

package postgrestest

import (
	"slices"
	"strings"
	"testing"
)

func TestAsked(t *testing.T) {
	for _, test := range []struct {
		versions, postgres string
		part               []string
		newest             string
		once               bool
	}{
		{part: []string{""}, once: true},
		{postgres: "16", part: []string{"16"}, newest: "16", once: true},
		{postgres: "/a/bin, 17", part: []string{"/a/bin", "17"}, newest: "17", once: true},
		{versions: "all", part: supportedVersions(), newest: "18", once: true},
		{versions: "14/all", part: []string{"14"}, newest: "18"},
		{versions: "16/all", part: []string{"16"}, newest: "18"},
		{versions: "15, 16/all", part: []string{"15", "16"}, newest: "18"},
		{versions: "18/all", part: []string{"18"}, newest: "18", once: true},
	} {
		a, err := readAsked(func(name string) string {
			return map[string]string{"MIGVET_TEST_VERSIONS": test.versions, "MIGVET_TEST_POSTGRES": test.postgres}[name]
		})
		if err != nil || !slices.Equal(a.part, test.part) || a.newest() != test.newest || a.has(a.newest()) != test.once {
			t.Errorf("%q, %q: %+v, %v", test.versions, test.postgres, a, err)
		}
	}
}

// A version that does not exist is no part of anything: nothing would be tested.
func TestAskedForNothing(t *testing.T) {
	for _, versions := range []string{"13/all", "99/all", "14,19/all", "/all", "14,/all", "all/all", "14", "14/15", "14/", "everything", "/usr/bin/all", " "} {
		a, err := readAsked(func(string) string { return versions })
		if err == nil || !strings.Contains(err.Error(), "14/all") || len(a.part) > 0 || a.has(a.newest()) {
			t.Errorf("%q: %+v, %v", versions, a, err)
		}
	}
}

// TestJobsAreTheWhole: the jobs of CI, a version each, do together what one process
// does that is asked for all.
func TestJobsAreTheWhole(t *testing.T) {
	var versions, between []string
	once := 0
	for _, version := range supportedVersions() {
		a, err := readAsked(func(string) string { return version + "/all" })
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, a.part...)
		if a.between(version) {
			between = append(between, version)
		}
		if a.has(a.newest()) {
			once++
		}
	}
	if !slices.Equal(versions, supportedVersions()) || !slices.Equal(between, supportedVersions()[1:len(versions)-1]) || once != 1 {
		t.Errorf("versions %q, between %q, %d times what needs no version", versions, between, once)
	}
}

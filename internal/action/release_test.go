package action_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// newestRelease is what checksums.txt begins with; "" before the first release.
func newestRelease(checksums string) string {
	for line := range strings.Lines(checksums) {
		if fields := strings.Fields(line); len(fields) == 2 && !strings.HasPrefix(line, "#") {
			version, _, _ := strings.Cut(fields[1], "/")
			return version
		}
	}
	return ""
}

// releaseNames are the places that name a release: the image with its tag, and
// the revision of pre-commit's example.
var (
	releaseNames = regexp.MustCompile(`ghcr\.io/migvet/migvet\S*|rev: \S+`)
	releaseName  = regexp.MustCompile(`^(?:ghcr\.io/migvet/migvet:|rev: )(v\d+\.\d+\.\d+)$`)
)

// An image without a tag is whatever was pushed last: nobody who pins a revision
// of the hooks means that. All name one release, and the newest when there is one.
func TestImageIsThatOfTheRelease(t *testing.T) {
	checksums, err := os.ReadFile("checksums.txt")
	if err != nil {
		t.Fatal(err)
	}
	want := newestRelease(string(checksums))
	for file, least := range map[string]int{".pre-commit-hooks.yaml": 1, "docs/github.md": 3} {
		text, err := os.ReadFile("../../" + file)
		if err != nil {
			t.Fatal(err)
		}
		names := releaseNames.FindAllString(string(text), -1)
		if len(names) < least {
			t.Errorf("%s names %q", file, names)
		}
		for _, name := range names {
			m := releaseName.FindStringSubmatch(name)
			if m == nil {
				t.Errorf("%s: %s is no release", file, name)
				continue
			}
			if want == "" {
				want = m[1] // the first release is going to be this one
			}
			if m[1] != want {
				t.Errorf("%s: %s, but the release is %s", file, name, want)
			}
		}
	}
}

func TestNewestRelease(t *testing.T) {
	for checksums, want := range map[string]string{
		"# none yet\n": "",
		"# newest first\nab  v1.3.0/migvet-linux-amd64\ncd  v1.2.0/migvet-linux-amd64\n": "v1.3.0",
	} {
		if got := newestRelease(checksums); got != want {
			t.Errorf("%q: %s, want %s", checksums, got, want)
		}
	}
}

// What the hooks and the docs name is what the workflow pushes.
func TestReleasePushesTheImage(t *testing.T) {
	text, err := os.ReadFile("../../.github/workflows/release.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"image=ghcr.io/migvet/migvet\n", `imagetools create --tag "$image:$VERSION" `, "[[ \"$VERSION\" =~ ^v[0-9]+\\.[0-9]+\\.[0-9]+$ ]]"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("release.yml lacks %s", want)
		}
	}
	if n := strings.Count(string(text), "inputs.version"); n != 1 {
		t.Errorf("the version is taken from the inputs %d times, and checked once", n)
	}
}

// Base images are pinned by digest, no program of the image makes anybody another
// user, and git trusts no directory because it is in a container.
func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	images := regexp.MustCompile(`(?m)^ARG \w+_IMAGE=.*`).FindAllString(string(text), -1)
	if len(images) != 2 {
		t.Fatalf("base images are %q", images)
	}
	for _, image := range images {
		if !regexp.MustCompile(`^ARG \w+_IMAGE=[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$`).MatchString(image) {
			t.Errorf("%s is not pinned by digest", image)
		}
	}
	for _, from := range regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(text), -1) {
		if !strings.HasPrefix(from[1], "${") {
			t.Errorf("%s is not one of the base images above", from[1])
		}
	}
	if !strings.Contains(string(text), "find / -xdev -type f -perm /6000 -exec chmod a-s {} +") || strings.Contains(string(text), "safe.directory") {
		t.Error("set-user-ID bits stay, or git trusts what is mounted")
	}
	if after := strings.LastIndex(string(text), "\nUSER "); after < strings.LastIndex(string(text), "\nRUN ") || !strings.HasPrefix(string(text)[after:], "\nUSER migvet\n") {
		t.Error("the image does not end as the user migvet")
	}
}

package changes

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRoot(t *testing.T) {
	w := newWorkTree(t)
	w.commit("a b/é.txt", "x")
	root, err := Root(filepath.Join(w.dir, "a b"), env(nil))
	if err != nil {
		t.Fatal(err)
	}
	want, _ := filepath.EvalSymlinks(w.dir)
	if root != want {
		t.Errorf("root is %q, want %q", root, want)
	}
	if _, err := Root(t.TempDir(), env(nil)); !errors.Is(err, ErrNoRepository) {
		t.Errorf("outside a repository: %v, want ErrNoRepository", err)
	}
	none := env(map[string]string{"PATH": t.TempDir()})
	if _, err := find(t, w, Options{Getenv: none}); !errors.Is(err, ErrNoRepository) || !strings.Contains(err.Error(), "git is not in PATH") {
		t.Errorf("without git: %v", err)
	}
}

// In containers the checkout often belongs to another user. None of its settings
// count, so it can be read there as anywhere.
func TestOwnership(t *testing.T) {
	w := newWorkTree(t)
	want := w.commit("a", "1")
	w.git("checkout", "--quiet", "-b", "feature")
	w.commit("b", "1")
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	mustFind(t, w, Options{}, want)
}

func TestOutsideOfARepository(t *testing.T) {
	_, err := find(t, workTree{t, t.TempDir()}, Options{})
	if !errors.Is(err, ErrNoRepository) || !strings.Contains(err.Error(), "--since VERSION or --all") {
		t.Errorf("error is %v", err)
	}
}

// TestHookVariables runs as git does from a hook of another repository.
func TestHookVariables(t *testing.T) {
	w := newWorkTree(t)
	want := w.commit("a", "1")
	w.git("checkout", "--quiet", "-b", "feature")
	w.commit("b", "1")
	t.Setenv("GIT_DIR", t.TempDir())
	t.Setenv("GIT_INDEX_FILE", filepath.Join(t.TempDir(), "index"))
	mustFind(t, w, Options{}, want)
}

func TestNoBase(t *testing.T) {
	w := newWorkTree(t)
	if _, err := find(t, w, Options{}); !errors.Is(err, ErrNoBase) {
		t.Errorf("no commits: %v", err)
	}
	w.commit("a", "1")
	ci := env(map[string]string{"CI": "true"})
	_, err := find(t, w, Options{Getenv: ci})
	if !errors.Is(err, ErrNoBase) || !strings.Contains(err.Error(), "--base REF, --since VERSION or --all") {
		t.Errorf("main alone, in CI: %v", err)
	}
}

// TestMainAlone is about somebody who has not committed yet.
func TestMainAlone(t *testing.T) {
	w := newWorkTree(t)
	mustFind(t, w, Options{}, w.commit("a", "1"))
}

func TestDefaultBranch(t *testing.T) {
	origin := newWorkTree(t)
	fork := origin.commit("a", "1")
	origin.git("branch", "trunk")
	origin.commit("b", "1")
	t.Run("local", func(t *testing.T) {
		w := newWorkTree(t)
		want := w.commit("a", "1")
		w.git("checkout", "--quiet", "-b", "feature")
		w.commit("b", "1")
		base := mustFind(t, w, Options{}, want)
		if base.Branch != "main" || base.String() != "main ("+want[:7]+")" {
			t.Errorf("base is called %s", base)
		}
	})
	t.Run("remote", func(t *testing.T) {
		w := origin.clone()
		w.git("checkout", "--quiet", "-b", "feature", fork)
		w.commit("c", "1")
		mustFind(t, w, Options{}, fork)
	})
	t.Run("remote HEAD is another branch", func(t *testing.T) {
		w := origin.clone()
		w.git("remote", "set-head", "origin", "trunk")
		if base := mustFind(t, w, Options{}, fork); base.Branch != "trunk" {
			t.Errorf("branch is %q", base.Branch)
		}
	})
	t.Run("on the default branch", func(t *testing.T) {
		w := origin.clone()
		mustFind(t, w, Options{}, w.git("rev-parse", "HEAD"))
	})
}

func TestNamedBase(t *testing.T) {
	w := newWorkTree(t)
	fork := w.commit("a", "1")
	w.git("branch", "feature")
	tip := w.commit("b", "1")
	w.git("tag", "v1")
	w.git("checkout", "--quiet", "feature")
	w.commit("c", "1")
	for _, ref := range []string{"main", "v1", tip, tip[:8], "main~1"} {
		mustFind(t, w, Options{Ref: ref}, fork)
	}
	mustFind(t, w, Options{Ref: "HEAD"}, w.git("rev-parse", "HEAD"))
	for _, ref := range []string{"--output=/tmp/x", "-x", "a b", "a\x00b", "nothing-like-it"} {
		if base, err := find(t, w, Options{Ref: ref}); err == nil {
			t.Errorf("--base %q gave %s", ref, base)
		}
	}
	w.git("checkout", "--quiet", "--orphan", "alone")
	w.commit("d", "1")
	mustFind(t, w, Options{Ref: "main"}, tip)
}

// pullRequest makes what GitHub makes: main with two commits, a feature branch
// off the first, and the merge of both.
func pullRequest(t *testing.T) (origin workTree, base, head string) {
	t.Helper()
	origin = newWorkTree(t)
	origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
	origin.commit("one", "1")
	origin.git("branch", "feature")
	base = origin.commit("two", "1")
	origin.git("checkout", "--quiet", "feature")
	head = origin.commit("three", "1")
	origin.git("checkout", "--quiet", "--detach", "main")
	origin.git("merge", "--quiet", "--no-ff", "--message", "Merge", "feature")
	origin.git("update-ref", "refs/pull/1/merge", "HEAD")
	origin.git("checkout", "--quiet", "main")
	return origin, base, head
}

// checkout does what actions/checkout does with fetch-depth: 1.
func checkout(t *testing.T, origin workTree, ref string) workTree {
	t.Helper()
	w := newWorkTree(t)
	w.git("remote", "add", "origin", "file://"+origin.dir)
	w.git("fetch", "--quiet", "--no-tags", "--depth=1", "origin", ref)
	w.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
	return w
}

func TestPullRequest(t *testing.T) {
	origin, base, head := pullRequest(t)
	payload := fmt.Sprintf(`{"pull_request": {"head": {"sha": %q}, "base": {"ref": "main", "sha": %q}}, "repository": {"default_branch": "main"}}`, head, base)
	t.Run("merge commit, depth 1", func(t *testing.T) {
		w := checkout(t, origin, "refs/pull/1/merge")
		if b := mustFind(t, w, Options{Getenv: action(t, "pull_request", payload)}, base); b.Branch != "main" {
			t.Errorf("branch is %q", b.Branch)
		}
		if n := w.git("rev-list", "--count", base); n != "1" {
			t.Errorf("%s commits of main were fetched, want 1", n)
		}
	})
	t.Run("head, depth 1", func(t *testing.T) {
		w := checkout(t, origin, head)
		mustFind(t, w, Options{Getenv: action(t, "pull_request", payload)}, origin.git("rev-parse", "main~1"))
	})
	t.Run("head of a fork that merged main", func(t *testing.T) {
		w := origin.clone()
		w.git("checkout", "--quiet", "-b", "work", head)
		w.git("merge", "--quiet", "--no-ff", "--message", "Merge main", "origin/main")
		merged := w.git("rev-parse", "HEAD")
		payload := strings.ReplaceAll(payload, head, merged)
		mustFind(t, w, Options{Getenv: action(t, "pull_request", payload)}, base)
	})
	t.Run("--base in a shallow clone", func(t *testing.T) {
		w := checkout(t, origin, head)
		mustFind(t, w, Options{Ref: "main"}, origin.git("rev-parse", "main~1"))
		mustFind(t, w, Options{Ref: "origin/main"}, origin.git("rev-parse", "main~1"))
	})
	t.Run("the base branch is checked out", func(t *testing.T) {
		w := checkout(t, origin, "refs/heads/main")
		if b, err := find(t, w, Options{Getenv: action(t, "pull_request_target", payload)}); !errors.Is(err, ErrNoBase) {
			t.Errorf("base %v, %v", b, err)
		}
	})
	t.Run("a hostile event", func(t *testing.T) {
		w := checkout(t, origin, head)
		payload := `{"pull_request": {"head": {"sha": "--x"}, "base": {"ref": "--upload-pack=touch /tmp/x", "sha": "--y"}}}`
		if b, err := find(t, w, Options{Getenv: action(t, "pull_request", payload)}); err == nil {
			t.Errorf("base %s", b)
		}
	})
	t.Run("no payload", func(t *testing.T) {
		w := origin.clone()
		w.git("checkout", "--quiet", head)
		mustFind(t, w, Options{Getenv: env(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request"})}, origin.git("rev-parse", "main~1"))
	})
	t.Run("payload that is no JSON", func(t *testing.T) {
		if _, err := find(t, origin, Options{Getenv: action(t, "pull_request", "{")}); err == nil || errors.Is(err, ErrNoBase) {
			t.Errorf("error is %v", err)
		}
	})
}

func TestDeepening(t *testing.T) {
	origin := newWorkTree(t)
	origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
	fork := origin.commit("fork", "1")
	origin.git("branch", "feature")
	origin.emptyCommits(60)
	origin.git("checkout", "--quiet", "feature")
	head := origin.commit("feature", "1")
	origin.git("checkout", "--quiet", "main")
	payload := `{"ref": "refs/heads/feature", "repository": {"default_branch": "main"}, "before": "0000000000000000000000000000000000000000"}`
	w := checkout(t, origin, head)
	mustFind(t, w, Options{Getenv: action(t, "push", payload)}, fork)

	origin.git("checkout", "--quiet", "--orphan", "alone")
	origin.git("commit", "--quiet", "--allow-empty", "--message", "alone")
	alone := checkout(t, origin, "refs/heads/alone")
	if base, err := find(t, alone, Options{Getenv: action(t, "push", payload)}); err == nil {
		t.Errorf("unrelated histories gave %s", base)
	}
}

func TestPush(t *testing.T) {
	origin := newWorkTree(t)
	origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
	origin.commit("one", "1")
	before := origin.commit("two", "1")
	origin.commit("three", "1")
	head := origin.commit("four", "1")
	payload := fmt.Sprintf(`{"ref": "refs/heads/main", "before": %q, "repository": {"default_branch": "main"}}`, before)
	mustFind(t, checkout(t, origin, head), Options{Getenv: action(t, "push", payload)}, before)

	gone := strings.Repeat("1", 40)
	if base, err := find(t, checkout(t, origin, head), Options{Getenv: action(t, "push", strings.ReplaceAll(payload, before, gone))}); !errors.Is(err, ErrNoBase) {
		t.Errorf("a commit that is gone: %v, %v", base, err)
	}
}

func TestOtherEvents(t *testing.T) {
	origin, base, _ := pullRequest(t)
	payload := fmt.Sprintf(`{"merge_group": {"base_sha": %q, "base_ref": "refs/heads/main"}}`, base)
	mustFind(t, checkout(t, origin, "refs/pull/1/merge"), Options{Getenv: action(t, "merge_group", payload)}, base)

	for _, name := range []string{"schedule", "workflow_dispatch"} {
		w := checkout(t, origin, "refs/heads/main")
		if base, err := find(t, w, Options{Getenv: action(t, name, `{"repository": {"default_branch": "main"}}`)}); !errors.Is(err, ErrNoBase) {
			t.Errorf("%s on the default branch: %v, %v", name, base, err)
		}
	}
	if _, err := find(t, origin, Options{Getenv: env(map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": filepath.Join(t.TempDir(), "none")})}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an event file that is not there: %v", err)
	}
}

// An origin that does not answer is not one without the branch.
func TestOriginThatIsSilent(t *testing.T) {
	origin, _, head := pullRequest(t)
	w := checkout(t, origin, head)
	if _, err := find(t, w, Options{Ref: "origin/nothing-like-it"}); err == nil || !strings.Contains(err.Error(), "origin has no such branch; fetch it first") {
		t.Errorf("without the branch: %v", err)
	}
	w.git("remote", "set-url", "origin", "file://"+filepath.Join(t.TempDir(), "gone"))
	_, err := find(t, w, Options{Ref: "origin/main"})
	if err == nil || !strings.Contains(err.Error(), "--base origin/main: origin could not be asked: git fetch: ") || strings.Contains(err.Error(), "no such branch") {
		t.Errorf("without an origin: %v", err)
	}
	if _, err := find(t, w, Options{Getenv: action(t, "push", `{"ref": "refs/heads/feature", "repository": {"default_branch": "main"}, "before": "0000000000000000000000000000000000000000"}`)}); err == nil {
		t.Error("a base was found")
	}
}

package source_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/changes"
	"github.com/migvet/migvet/internal/source"
)

// TestPullRequest reviews the sample project's pull request from three places:
// a developer's clone, the clone that GitHub Actions makes, and a clone of the
// head alone.
func TestPullRequest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "sample")
	run(t, "", "bash", "../../testdata/drizzle/repo.sh", dir)
	origin := dir + ".origin.git"
	run(t, origin, "git", "config", "uploadpack.allowAnySHA1InWant", "true")
	head := strings.TrimSpace(run(t, origin, "git", "rev-parse", "refs/pull/1/head"))
	event := filepath.Join(t.TempDir(), "event.json")
	payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main"}}, "repository": {"default_branch": "main"}}`
	if err := os.WriteFile(event, []byte(payload), 0o644); err != nil {
		t.Fatal(err)
	}
	inAction := map[string]string{"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": event}
	for name, place := range map[string]struct {
		dir string
		env map[string]string
	}{
		"developer":    {dir, nil},
		"merge commit": {checkout(t, origin, "refs/pull/1/merge"), inAction},
		"head":         {checkout(t, origin, "refs/pull/1/head"), inAction},
	} {
		t.Run(name, func(t *testing.T) {
			s := review(t, place.dir, func(name string) string {
				if name == "PATH" {
					return os.Getenv(name)
				}
				return place.env[name]
			})
			if len(s.Findings) != 1 {
				t.Fatalf("findings: %+v", s.Findings)
			}
			f := s.Findings[0]
			if f.Rule != "migration-edited" || f.Path != "drizzle/0007_wise_onslaught.sql" || f.Start < 0 ||
				!strings.HasPrefix(f.Message, "0007_wise_onslaught is on main and was changed here") {
				t.Errorf("finding: %+v", f)
			}
			pending, err := s.Runner.Pending([]string{"1780997702761"}, s.Head)
			if err != nil || len(pending) != 1 || pending[0].Name != "0010_cuddly_hulk" || !slices.Equal(pending, s.History.New) {
				t.Errorf("pending: %+v, %v", pending, err)
			}
			if len(s.History.Base) != 10 || len(s.Head) != 11 || len(s.History.New) != 1 {
				t.Errorf("%d on the base, %d here, %d of them new", len(s.History.Base), len(s.Head), len(s.History.New))
			}
		})
	}
}

func checkout(t *testing.T, origin, ref string) string {
	t.Helper()
	dir := t.TempDir()
	run(t, dir, "git", "init", "--quiet")
	run(t, dir, "git", "remote", "add", "origin", "file://"+origin)
	run(t, dir, "git", "fetch", "--quiet", "--no-tags", "--depth=1", "origin", ref)
	run(t, dir, "git", "checkout", "--quiet", "--detach", "FETCH_HEAD")
	return dir
}

func run(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

func review(t *testing.T, dir string, getenv func(string) string) *source.Source {
	t.Helper()
	ctx := context.Background()
	root, err := changes.Root(dir, getenv)
	if err != nil {
		t.Fatal(err)
	}
	base, err := changes.Find(ctx, changes.Options{Dir: root, Getenv: getenv, ReadFile: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	tree, err := base.FS(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	top, err := os.OpenRoot(root)
	if err != nil {
		t.Fatal(err)
	}
	defer top.Close()
	sources := source.ReviewAll(folders(t, tree), folders(t, top.FS()), source.ReviewOptions{Now: time.Now(), Base: base.Branch})
	if len(sources) != 1 {
		t.Fatalf("%d folders of migrations", len(sources))
	}
	if got := base.Search(tree, []string{sources[0].Dir}, nil).Mentions(ctx, "title"); !slices.Contains(got, "src/conversations.ts") {
		t.Errorf("title is mentioned in %v", got)
	}
	return sources[0]
}

func folders(t *testing.T, fsys fs.FS) []*source.Folder {
	t.Helper()
	found, err := source.Detect(fsys)
	if err != nil {
		t.Fatal(err)
	}
	var all []*source.Folder
	for _, f := range found {
		folder, err := source.Load(fsys, f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, folder)
	}
	return all
}

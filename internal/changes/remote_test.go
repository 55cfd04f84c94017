package changes

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"
)

// A gitRemote answers from a repository that the clones under test cannot reach.
type gitRemote struct {
	repository workTree
	asked      []string // blobs
	truncated  error    // of the list of files
	forged     []byte   // in place of content
}

func (r *gitRemote) line(args ...string) (string, error) {
	out, err := r.repository.open().git(context.Background(), args...)
	return strings.TrimSpace(string(out)), err
}

func (r *gitRemote) Commit(_ context.Context, ref string) (string, error) {
	return r.line("rev-parse", "--verify", ref)
}

func (r *gitRemote) Parents(_ context.Context, commit string) ([]string, error) {
	text, err := r.line("log", "-1", "--format=%P", commit)
	return strings.Fields(text), err
}

func (r *gitRemote) MergeBase(_ context.Context, a, b string) (string, error) {
	return r.line("merge-base", a, b)
}

func (r *gitRemote) Files(_ context.Context, commit string) ([]File, error) {
	text, err := r.line("ls-tree", "-r", "-l", "-z", commit)
	if err != nil || r.truncated != nil {
		return nil, errors.Join(err, r.truncated)
	}
	var files []File
	for entry := range strings.SplitSeq(strings.TrimSuffix(text, "\x00"), "\x00") {
		meta, name, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(meta)
		size, _ := strconv.Atoi(fields[3])
		files = append(files, File{name, fields[2], size, fields[0] == SymbolicLink})
	}
	return files, nil
}

func (r *gitRemote) Blob(_ context.Context, hash string) ([]byte, error) {
	r.asked = append(r.asked, hash)
	if r.forged != nil {
		return r.forged, nil
	}
	return r.repository.open().git(context.Background(), "cat-file", "blob", hash)
}

// keep has Keep ask a remote about a checkout, as the step of the Action does.
func keep(t *testing.T, w workTree, o Options, remote Remote) (*Base, string, error) {
	t.Helper()
	o.Dir, o.ReadFile = w.dir, os.ReadFile
	dir := t.TempDir()
	base, err := Keep(context.Background(), o, remote, dir)
	return base, dir, err
}

// keptMain is main as Keep wrote it, and Find takes it from there.
func keptMain(t *testing.T, w workTree) *Base {
	t.Helper()
	o := Options{Ref: "main", Getenv: env(nil)}
	_, dir, err := keep(t, w, o, &gitRemote{repository: w})
	if err != nil {
		t.Fatal(err)
	}
	o.Kept = dir
	base, err := find(t, w, o)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// texts are all files of a base.
func texts(t *testing.T, b *Base) map[string]string {
	t.Helper()
	tree, err := b.FS(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	all := map[string]string{}
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(tree, name)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

// What a remote tells is the commit, and its files, that git would have fetched.
func TestEveryEventTold(t *testing.T) {
	origin, commits, cases := everyEvent(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := cutOff(c.work)(t)
			want := c.want
			if c.told != "" {
				want = c.told
			}
			o := Options{Getenv: payload(t, c.event, commits)}
			got, dir, err := keep(t, w, o, &gitRemote{repository: origin})
			wantBase(t, got, err, want)
			if err != nil {
				return
			}
			o.Kept = dir
			kept, err := find(t, w, o)
			wantBase(t, kept, err, want)
			if kept.Branch != got.Branch || kept.Reason != got.Reason {
				t.Errorf("kept as %+v, found as %+v", kept, got)
			}
			git := &Base{Commit: want, repository: origin.open()}
			if got, want := texts(t, kept), texts(t, git); !maps.Equal(got, want) || len(want) == 0 {
				t.Errorf("the files are %q, want %q", got, want)
			}
		})
	}
}

// A base branch that is gone since is known by its commit.
func TestToldOfABranchThatIsGone(t *testing.T) {
	origin, base, head := pullRequest(t)
	fork := origin.git("rev-parse", "main~1")
	w := cutOff(func(t *testing.T) workTree { return checkout(t, origin, head) })(t)
	origin.git("checkout", "--quiet", "--detach")
	origin.git("branch", "--quiet", "-D", "main")
	o := Options{Getenv: payload(t, "pull_request", map[string]string{"HEAD_SHA": head, "BASE_SHA": base})}
	got, _, err := keep(t, w, o, &gitRemote{repository: origin})
	wantBase(t, got, err, fork)
}

// A workspace that has no git is what the workflow runs on, or nothing is
// compared.
func TestToldWithoutGit(t *testing.T) {
	origin, base, head := pullRequest(t)
	merge := origin.git("rev-parse", "refs/pull/1/merge")
	commits := map[string]string{"HEAD_SHA": head, "BASE_SHA": base, "MERGE_SHA": merge}
	write := func(name string) func(workTree) { return func(w workTree) { w.write(name, "other") } }
	for _, c := range []struct {
		name, sha, ref string
		change         func(w workTree)
		want           string
	}{
		{"the merge commit", merge, "refs/pull/1/merge", nil, base},
		{"one more file", merge, "refs/pull/1/merge", write("four"), base},
		{"another file", merge, "refs/pull/1/merge", write("two"), "two is missing, or not as in"},
		{"its head", merge, head, nil, "two is missing, or not as in"},
		{"no commit", "", "refs/pull/1/merge", nil, "GITHUB_SHA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := checkout(t, origin, c.ref)
			if err := os.RemoveAll(w.dir + "/.git"); err != nil {
				t.Fatal(err)
			}
			if c.change != nil {
				c.change(w)
			}
			event := payload(t, "pull_request", commits)
			getenv := func(name string) string {
				if name == "GITHUB_SHA" {
					return c.sha
				}
				return event(name)
			}
			got, _, err := keep(t, w, Options{Getenv: getenv}, &gitRemote{repository: origin})
			wantBase(t, got, err, c.want)
		})
	}
}

// Only what differs is asked for, and what comes must be it.
func TestKeepAsksForWhatDiffers(t *testing.T) {
	origin := newWorkTree(t)
	origin.write("same", "1")
	origin.write("gone", "1")
	origin.write("dir/now a file", "1")
	base := origin.commit("changed", "1")
	origin.git("checkout", "--quiet", "-b", "feature")
	origin.git("rm", "--quiet", "-r", "gone", "dir")
	origin.write("dir", "1")
	origin.write("new", "1")
	head := origin.commit("changed", "2")
	getenv := action(t, "pull_request", `{"pull_request": {"head": {"sha": "`+head+`"}, "base": {"ref": "main", "sha": "`+base+`"}}}`)
	o := Options{Getenv: getenv}

	w := cutOff(func(t *testing.T) workTree { return checkout(t, origin, head) })(t)
	remote := &gitRemote{repository: origin}
	_, dir, err := keep(t, w, o, remote)
	if err != nil || len(remote.asked) != 1 {
		t.Errorf("%v; asked for %v, want it once: all that differs is 1", err, remote.asked)
	}
	o.Kept = dir
	kept, err := find(t, w, o)
	wantBase(t, kept, err, base)
	want := map[string]string{"same": "1", "gone": "1", "dir/now a file": "1", "changed": "1"}
	if got := texts(t, kept); !maps.Equal(got, want) {
		t.Errorf("the files are %q, want %q", got, want)
	}

	// What a step changes after the base was fetched is not taken for the base.
	if err := os.Remove(dir + "/" + gitHash(base, "1")); err != nil {
		t.Fatal(err)
	}
	w.write("same", "3")
	kept, err = find(t, w, o)
	wantBase(t, kept, err, base)
	tree, err := kept.FS(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if text, err := fs.ReadFile(tree, "same"); err == nil || !strings.Contains(err.Error(), "was changed since the base was fetched") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestKeepRefuses(t *testing.T) {
	origin, base, head := pullRequest(t)
	commits := map[string]string{"HEAD_SHA": head, "BASE_SHA": base, "MERGE_SHA": head}
	o := Options{Getenv: payload(t, "pull_request", commits)}
	at := func() workTree { return checkout(t, origin, head) }
	w := at()
	w.write("one", "other than on main, so that it is asked for")
	_, _, err := keep(t, w, o, &gitRemote{repository: origin, forged: []byte("forged")})
	wantBase(t, nil, err, "the API gives content with hash")
	_, _, err = keep(t, at(), o, &gitRemote{repository: origin, truncated: errors.New("too many")})
	wantBase(t, nil, err, "too many")
	_, _, err = keep(t, at(), Options{Getenv: o.Getenv, Ref: "none"}, &gitRemote{repository: origin})
	wantBase(t, nil, err, "single revision")

	many := newWorkTree(t)
	for i := range maxKept + 1 {
		many.write("f"+strconv.Itoa(i), strconv.Itoa(i))
	}
	first := many.commit("one", "1")
	many.git("checkout", "--quiet", "-b", "feature")
	many.git("rm", "--quiet", "f*")
	last := many.commit("two", "1")
	w = checkout(t, many, last)
	getenv := action(t, "pull_request", `{"pull_request": {"head": {"sha": "`+last+`"}, "base": {"ref": "main", "sha": "`+first+`"}}}`)
	_, _, err = keep(t, w, Options{Getenv: getenv}, &gitRemote{repository: many})
	wantBase(t, nil, err, "301 files are other than in main")

	if _, err := find(t, w, Options{Kept: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "the base that was fetched") {
		t.Errorf("an empty directory: %v", err)
	}
}

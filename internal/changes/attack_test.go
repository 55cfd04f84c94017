package changes

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A trap is a program that must not run: it leaves a mark.
type trap struct {
	t          *testing.T
	path, mark string
}

func newTrap(t *testing.T) trap {
	t.Helper()
	dir := t.TempDir()
	p := trap{t, filepath.Join(dir, "trap"), filepath.Join(dir, "mark")}
	text := "#!/bin/sh\n(echo \"$0 $*\"; env) >>'" + p.mark + "'\nexit 1\n"
	if err := os.WriteFile(p.path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return p
}

// armed makes sure that git alone has run the trap, which is then set again.
func (p trap) armed() {
	p.t.Helper()
	if _, err := os.Stat(p.mark); err != nil {
		p.t.Fatal("git alone does not run the trap, so the test says nothing")
	}
	if err := os.Remove(p.mark); err != nil {
		p.t.Fatal(err)
	}
}

func (p trap) untouched() {
	p.t.Helper()
	if text, err := os.ReadFile(p.mark); err == nil {
		p.t.Errorf("a program of the branch ran:\n%s", text)
	}
}

// tryGit runs git as people do, whatever comes of it.
func (w workTree) tryGit(args ...string) {
	cmd := w.command(args...)
	_ = cmd.Run()
}

// askEverything uses a repository in every way that there is.
func askEverything(t *testing.T, w workTree, o Options) (*Base, error) {
	t.Helper()
	base, err := find(t, w, o)
	if err != nil {
		return nil, err
	}
	texts(t, base)
	mentions := openSearch(t, base, nil, "likely")
	for _, word := range []string{"x", "b", "c", "d", "likely"} { // the last one reads all files
		mentions.Mentions(context.Background(), word)
	}
	if _, _, err := base.Versions(context.Background(), "one", 5); err != nil {
		t.Error(err)
	}
	if _, err := base.Committed(context.Background()); err != nil {
		t.Error(err)
	}
	base.Ignored(context.Background(), []string{"one", "two"})
	return base, nil
}

// Settings of a checkout name programs in many ways, and may come from files that a
// branch writes. None counts; the commits do.
func TestSettingsRunNothing(t *testing.T) {
	origin, base, head := pullRequest(t)
	payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main", "sha": "` + base + `"}}}`
	for name, set := range map[string]func(w workTree, p trap){
		"core.hooksPath": func(w workTree, p trap) {
			for _, hook := range []string{"reference-transaction", "post-checkout", "pre-auto-gc", "post-index-change", "fsmonitor-watchman", "post-rewrite"} {
				w.write(".husky/"+hook, "#!/bin/sh\nexec "+p.path+"\n")
				w.executable(".husky/" + hook)
			}
			w.git("config", "core.hooksPath", ".husky")
			w.tryGit("update-ref", "refs/heads/x", "HEAD")
		},
		"hooks of the repository": func(w workTree, p trap) {
			w.write(".git/hooks/reference-transaction", "#!/bin/sh\nexec "+p.path+"\n")
			w.executable(".git/hooks/reference-transaction")
			w.tryGit("update-ref", "refs/heads/x", "HEAD")
		},
		"include.path": func(w workTree, p trap) {
			w.write(".gitconfig", "[core]\n\thooksPath = .husky\n[remote \"origin\"]\n\tuploadpack = "+p.path+"\n")
			w.git("config", "include.path", "../.gitconfig")
			w.tryGit("fetch", "origin")
		},
		"remote.origin.uploadpack": func(w workTree, p trap) {
			w.git("config", "remote.origin.uploadpack", p.path)
			w.tryGit("fetch", "origin")
		},
		"url.insteadOf with ext::": func(w workTree, p trap) {
			w.git("config", "url.ext::"+p.path+" .insteadOf", "file://")
			w.git("config", "protocol.ext.allow", "always")
			w.tryGit("fetch", "origin")
		},
		"remote.origin.vcs": func(w workTree, p trap) {
			w.git("config", "remote.origin.vcs", "ext")
			w.git("config", "protocol.ext.allow", "always")
			w.git("config", "remote.origin.url", p.path)
			w.tryGit("fetch", "origin")
			w.git("config", "remote.origin.url", "file://"+origin.dir)
		},
		"core.fsmonitor": func(w workTree, p trap) {
			w.git("config", "core.fsmonitor", p.path)
			w.git("status")
		},
		"core.alternateRefsCommand": func(w workTree, p trap) {
			other := origin.clone("--bare")
			w.write(".git/objects/info/alternates", other.dir+"/objects\n")
			w.git("config", "core.alternateRefsCommand", p.path)
			w.tryGit("fetch", "origin")
		},
		"textconv and diff.external": func(w workTree, p trap) {
			w.write(".gitattributes", "* diff=trap\n")
			w.git("config", "diff.trap.textconv", p.path)
			w.git("config", "diff.external", p.path)
			w.git("config", "grep.fullName", "true")
			w.tryGit("grep", "--textconv", "1", "HEAD")
		},
		"log.showSignature": func(w workTree, p trap) {
			w.git("config", "log.showSignature", "true")
			w.git("config", "gpg.program", p.path)
			w.tryGit("log", "-1", w.signed())
		},
		"core.worktree": func(w workTree, p trap) {
			w.git("config", "core.fsmonitor", p.path)
			w.git("status")
			w.git("config", "core.worktree", "/")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := checkout(t, origin, "refs/pull/1/merge")
			p := newTrap(t)
			set(w, p)
			p.armed()
			got, err := askEverything(t, w, Options{Getenv: action(t, "pull_request", payload), Token: "secret", Server: "https://example.com"})
			p.untouched()
			if err != nil || got.Commit != base {
				t.Errorf("base %v, %v, want %s", got, err, shortHash(base))
			}
		})
	}
}

// The address of origin is the checkout's own, and still starts nothing but ssh.
func TestOriginRunsNothing(t *testing.T) {
	for name, set := range map[string]func(w workTree, p trap){
		"core.sshCommand": func(w workTree, p trap) {
			w.git("config", "core.sshCommand", p.path)
			w.git("config", "remote.origin.url", "ssh://nobody@127.0.0.1:1/x")
			w.tryGit("fetch", "origin")
		},
		"core.gitProxy": func(w workTree, p trap) {
			w.git("config", "core.gitProxy", p.path)
			w.git("config", "remote.origin.url", "git://127.0.0.1:1/x")
			w.tryGit("fetch", "origin")
		},
		"credential.helper and core.askPass": func(w workTree, p trap) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
				w.WriteHeader(http.StatusUnauthorized)
			}))
			w.t.Cleanup(server.Close)
			w.git("config", "credential.helper", p.path)
			w.git("config", "core.askPass", p.path)
			w.git("config", "remote.origin.url", server.URL+"/.git")
			w.tryGit("fetch", "origin")
		},
		"ext::": func(w workTree, p trap) {
			w.git("config", "protocol.ext.allow", "always")
			w.git("config", "remote.origin.url", "ext::"+p.path)
			w.tryGit("fetch", "origin")
		},
	} {
		t.Run(name, func(t *testing.T) {
			origin, base, head := pullRequest(t)
			payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main", "sha": "` + base + `"}}}`
			w := checkout(t, origin, "refs/pull/1/merge")
			p := newTrap(t)
			set(w, p)
			p.armed()
			if _, err := askEverything(t, w, Options{Getenv: action(t, "pull_request", payload)}); err == nil || !strings.Contains(err.Error(), "fetch-depth: 0") {
				t.Errorf("%v, want the way out of a clone that is too shallow", err)
			}
			p.untouched()
		})
	}
}

// signed makes a commit with a signature, of HEAD's tree.
func (w workTree) signed() string {
	w.t.Helper()
	text := "tree " + w.git("rev-parse", "HEAD^{tree}") + "\nauthor Ada <a@example.com> 1700000000 +0000\ncommitter Ada <a@example.com> 1700000000 +0000\n" +
		"gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEz\n -----END PGP SIGNATURE-----\n\nsigned\n"
	w.write(".git/signed", text)
	return w.git("hash-object", "-w", "-t", "commit", filepath.Join(w.dir, ".git", "signed"))
}

func (w workTree) executable(name string) {
	w.t.Helper()
	if err := os.Chmod(filepath.Join(w.dir, name), 0o755); err != nil {
		w.t.Fatal(err)
	}
}

// bareRepository commits a repository into the work tree, as anybody can. Its
// settings would run the trap.
func (w workTree) bareRepository(dir string, p trap) {
	w.t.Helper()
	bare := newWorkTree(w.t)
	bare.commit("x", "1")
	w.write(dir+"/HEAD", "ref: refs/heads/main\n")
	w.write(dir+"/refs/heads/main", bare.git("rev-parse", "HEAD")+"\n")
	w.write(dir+"/config", "[core]\n\tbare = false\n\tworktree = .\n\tsshCommand = "+p.path+"\n\tfsmonitor = "+p.path+"\n[remote \"origin\"]\n\turl = ssh://x/y\n")
	if err := os.CopyFS(filepath.Join(w.dir, dir, "objects"), os.DirFS(filepath.Join(bare.dir, ".git", "objects"))); err != nil {
		w.t.Fatal(err)
	}
}

func TestEmbeddedRepositoryIsNone(t *testing.T) {
	origin := newWorkTree(t)
	p := newTrap(t)
	want := origin.commit("one", "1")
	origin.git("checkout", "--quiet", "-b", "feature")
	origin.bareRepository("db", p)
	origin.write("db/migrations/0001.sql", "DROP TABLE people;")
	origin.commit("two", "2")
	workTree{t, filepath.Join(origin.dir, "db")}.tryGit("-c", "protocol.ssh.allow=always", "fetch", "origin")
	p.armed()

	db := workTree{t, filepath.Join(origin.dir, "db")}
	if root, err := Root(db.dir, env(nil)); err != nil || root != realDir(t, origin.dir) {
		t.Errorf("the root is %q, %v", root, err)
	}
	got, err := askEverything(t, db, Options{Ref: "main"})
	if err != nil || got.Commit != want {
		t.Errorf("base %v, %v, want %s", got, err, shortHash(want))
	}

	// Without .git, and inside of a job's workspace, there is none further up either.
	if err := os.Rename(filepath.Join(origin.dir, ".git"), filepath.Join(t.TempDir(), "git")); err != nil {
		t.Fatal(err)
	}
	if _, err := askEverything(t, db, Options{Ref: "main"}); !errors.Is(err, ErrNoRepository) {
		t.Errorf("without .git: %v", err)
	}
	p.untouched()
}

func realDir(t *testing.T, dir string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// A workspace without a repository does not belong to one that is around it.
func TestWorkspaceBoundsTheSearch(t *testing.T) {
	w := newWorkTree(t)
	w.commit("job/migrations/0001.sql", "1")
	job := filepath.Join(w.dir, "job")
	for _, variable := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		getenv := env(map[string]string{variable: job})
		if root, err := Root(filepath.Join(job, "migrations"), getenv); !errors.Is(err, ErrNoRepository) {
			t.Errorf("%s: the root is %q, %v", variable, root, err)
		}
	}
	if root, err := Root(filepath.Join(job, "migrations"), env(nil)); err != nil || root != realDir(t, w.dir) {
		t.Errorf("without a job the root is %q, %v", root, err)
	}
}

// .git may be a file: of a linked worktree, or of a submodule.
func TestGitFiles(t *testing.T) {
	origin := newWorkTree(t)
	base := origin.commit("one", "1")
	linked := workTree{t, filepath.Join(t.TempDir(), "linked")}
	origin.git("worktree", "add", "--quiet", "-b", "feature", linked.dir)
	linked.commit("two", "2")
	mustFind(t, linked, Options{}, base)

	outer := newWorkTree(t)
	outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "file://"+origin.dir, "sub")
	outer.commit("one", "1")
	sub := workTree{t, filepath.Join(outer.dir, "sub")}
	mustFind(t, sub, Options{Ref: "HEAD"}, base)
	job := env(map[string]string{"CI": "true", "GITHUB_WORKSPACE": outer.dir})
	if got, err := find(t, sub, Options{Ref: "main", Getenv: job}); err == nil || !strings.Contains(err.Error(), "is a submodule") {
		t.Errorf("a submodule in a job: %v, %v", got, err)
	}

	p := newTrap(t)
	pointed := newWorkTree(t)
	pointed.bareRepository("db", p)
	if err := os.RemoveAll(filepath.Join(pointed.dir, ".git")); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{"db", "./db", filepath.Join(pointed.dir, "db")} {
		pointed.write(".git", "gitdir: "+target+"\n")
		pointed.tryGit("status")
		p.armed()
		if got, err := find(t, pointed, Options{Ref: "main"}); err == nil || !strings.Contains(err.Error(), "could have written git's settings") {
			t.Errorf("gitdir: %s: %v, %v", target, got, err)
		}
		p.untouched()
	}
	for _, text := range []string{"", "gitdir: none\n", "gitdir:\n", "x", strings.Repeat("x", 1<<20)} {
		pointed.write(".git", text)
		if got, err := find(t, pointed, Options{Ref: "main"}); !errors.Is(err, ErrNoRepository) && !errors.Is(err, os.ErrNotExist) {
			t.Errorf(".git is %.20q: %v, %v", text, got, err)
		}
	}
}

// A tag, or a branch called like one of origin, does not become the base.
func TestNamesThatShadow(t *testing.T) {
	origin := newWorkTree(t)
	fork := origin.commit("one", "1")
	w := origin.clone()
	w.git("checkout", "--quiet", "-b", "feature")
	w.commit("0001.sql", "DROP TABLE people;")
	for _, name := range []string{"main", "origin/main", "refs/heads/main", "refs/remotes/origin/main"} {
		w.git("update-ref", "refs/tags/"+name, "HEAD")
	}
	w.git("update-ref", "refs/heads/origin/main", "HEAD")
	ci := map[string]string{"CI": "true"}
	for _, ref := range []string{"main", "origin/main", "refs/heads/main", "refs/remotes/origin/main", "main~0"} {
		mustFind(t, w, Options{Ref: ref}, fork)
		got, err := find(t, w, Options{Ref: ref, Getenv: env(ci)})
		short := !strings.HasPrefix(ref, "refs/")
		if short && (err == nil || !strings.Contains(err.Error(), "is a branch") || !strings.Contains(err.Error(), "and a tag")) {
			t.Errorf("--base %s in CI: %v, %v", ref, got, err)
		}
		if !short && (err != nil || got.Commit != fork) {
			t.Errorf("--base %s in CI: %v, %v", ref, got, err)
		}
	}
	if got, err := find(t, w, Options{Ref: "refs/tags/main", Getenv: env(ci)}); !errors.Is(err, ErrNoBase) || !strings.Contains(err.Error(), "nothing would be new") {
		t.Errorf("a base that is HEAD, in CI: %v, %v", got, err)
	}
}

// git is given a list of variables, and the token only for a fetch.
func TestGitSeesNoSecrets(t *testing.T) {
	origin, base, head := pullRequest(t)
	payload := `{"pull_request": {"head": {"sha": "` + head + `"}, "base": {"ref": "main", "sha": "` + base + `"}}}`
	w := checkout(t, origin, "refs/pull/1/merge")
	calls := filepath.Join(t.TempDir(), "calls")
	real := w.command("version").Path
	bin := t.TempDir()
	script := "#!/bin/sh\n{ echo \"= $*\"; env; } >>'" + calls + "'\nexec '" + real + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	secrets := map[string]string{
		"MIGVET_GITHUB_TOKEN": "SECRET", "MIGVET_DATABASE_URL": "SECRET", "AWS_KEY": "SECRET", "GIT_ASKPASS": "SECRET", "SSH_ASKPASS": "SECRET",
		"GIT_CONFIG_GLOBAL": "SECRET", "GIT_CONFIG_PARAMETERS": "'core.fsmonitor'='SECRET'", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": "SECRET",
		"GIT_DIR": "SECRET", "GIT_EXTERNAL_DIFF": "SECRET", "GIT_TRACE": "SECRET", "GIT_PROXY_COMMAND": "SECRET", "HOME": "SECRET", "LD_PRELOAD": "SECRET",
	}
	event := action(t, "pull_request", payload)
	getenv := func(name string) string {
		if secrets[name] != "" {
			return secrets[name]
		}
		if name == "PATH" {
			return bin + string(filepath.ListSeparator) + os.Getenv("PATH")
		}
		return event(name)
	}
	got, err := askEverything(t, w, Options{Getenv: getenv, Token: "ghs_token", Server: "https://example.com"})
	if err != nil || got.Commit != base {
		t.Fatalf("base %v, %v", got, err)
	}
	text, err := os.ReadFile(calls)
	if err != nil {
		t.Fatal(err)
	}
	var verbs []string
	for call := range strings.SplitSeq(strings.TrimPrefix(string(text), "= "), "\n= ") {
		line, _, _ := strings.Cut(call, "\n")
		fetches := strings.Contains(line, " fetch ")
		if fetches {
			verbs = append(verbs, "fetch")
		}
		if strings.Contains(call, "SECRET") {
			t.Errorf("git sees\n%s", call)
		}
		if strings.Contains(call, "GIT_CONFIG_VALUE_0") != fetches {
			t.Errorf("the token is, or is not, in the environment of git %s", line)
		}
	}
	if len(verbs) == 0 {
		t.Error("nothing was fetched, so the test says nothing")
	}
}

// A partial clone lacks content that git fetches when it is asked for.
func TestPartialClone(t *testing.T) {
	origin := newWorkTree(t)
	origin.git("config", "uploadpack.allowFilter", "true")
	origin.git("config", "uploadpack.allowAnySHA1InWant", "true")
	base := origin.commit("one", "of the base")
	origin.git("checkout", "--quiet", "-b", "feature")
	origin.commit("one", "of the branch")
	w := origin.clone("--filter=blob:none", "--branch=feature")
	got := mustFind(t, w, Options{Ref: "origin/main"}, base)
	if got := texts(t, got); got["one"] != "of the base" {
		t.Errorf("the files are %q", got)
	}
}

// A git that lies in the checkout is not run, wherever PATH leads.
func TestGitOfTheCheckout(t *testing.T) {
	w := newWorkTree(t)
	base := w.commit("one", "1")
	p := newTrap(t)
	w.write("node_modules/.bin/git", "#!/bin/sh\nexec "+p.path+"\n")
	w.executable("node_modules/.bin/git")
	w.branchOff()
	bin := filepath.Join(w.dir, "node_modules", ".bin")
	getenv := env(map[string]string{
		"PATH": bin + string(filepath.ListSeparator) + os.Getenv("PATH"), "GIT_EXEC_PATH": bin, "GIT_SSH": filepath.Join(bin, "git"),
	})
	mustFind(t, w, Options{Getenv: getenv}, base)
	p.untouched()
	for _, variable := range gitEnvironment(getenv, "/", []string{w.dir}) {
		if strings.Contains(variable, bin) {
			t.Errorf("git is given %s", variable)
		}
	}
}

// What is read is the repository's, and nothing is written into it but what is
// fetched.
func TestReadingLeavesNothing(t *testing.T) {
	w := newWorkTree(t)
	w.commit("one", "1")
	w.branchOff()
	t.Setenv("TMPDIR", t.TempDir())
	before := names(t, filepath.Join(w.dir, ".git"))
	base, err := Find(context.Background(), Options{Dir: w.dir, Getenv: env(nil)})
	if err != nil {
		t.Fatal(err)
	}
	texts(t, base)
	if err := base.Close(); err != nil {
		t.Error(err)
	}
	if after := names(t, filepath.Join(w.dir, ".git")); !maps.Equal(before, after) {
		t.Errorf("the repository had %v and has %v", before, after)
	}
	if left := names(t, os.TempDir()); len(left) > 0 {
		t.Errorf("%v are left", slices.Sorted(maps.Keys(left)))
	}
}

// names are all files below a directory, with their sizes and times.
func names(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			all[path] = fmt.Sprint(info.Size(), info.ModTime())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

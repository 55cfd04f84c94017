package changes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/program"
)

// ErrNoRepository says that the directory belongs to no git repository, or
// that there is no git.
var ErrNoRepository = errors.New("not a git repository")

// dotGit is the name that git checks out nowhere, so that no branch can make it.
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectNTFS
const dotGit = ".git"

// A gitLayout is a work tree and where git keeps its data. It is found without
// git, which takes a bare repository that a branch has committed, a directory
// with HEAD, objects and refs, for the one that it is asked about.
type gitLayout struct {
	top    string // of the work tree, without symbolic links
	gitDir string // HEAD is here
	common string // objects and refs are here; another directory in linked worktrees
}

// Root returns the top directory of the work tree that dir is in, without
// symbolic links. The error is ErrNoRepository when there is none.
func Root(dir string, getenv func(string) string) (string, error) {
	c, err := findLayout(dir, getenv)
	return c.top, err
}

// findLayout looks for .git from a directory upwards. Inside of a job's
// workspace it looks no further than that.
func findLayout(dir string, getenv func(string) string) (gitLayout, error) {
	dir, err := realPath(dir)
	if err != nil {
		return gitLayout{}, err
	}
	workspace := workspaceOf(dir, getenv)
	for top := dir; ; top = filepath.Dir(top) {
		_, err := os.Lstat(filepath.Join(top, dotGit))
		if err == nil {
			return openLayout(top, workspace)
		}
		if !errors.Is(err, os.ErrNotExist) {
			return gitLayout{}, err
		}
		if top == workspace || top == filepath.Dir(top) {
			return gitLayout{}, fmt.Errorf("%s: %w", dir, ErrNoRepository)
		}
	}
}

// workspaceOf returns the directory that the job, whose checkout dir belongs to,
// works in; "" when dir is in none.
func workspaceOf(dir string, getenv func(string) string) string {
	for _, name := range program.Workspaces(getenv) {
		if workspace, err := realPath(name); err == nil && isBelow(dir, workspace) {
			return workspace
		}
	}
	return ""
}

// openLayout follows what .git says, which is a directory, or in linked
// worktrees and submodules a file: "gitdir: ../main/.git/worktrees/x".
func openLayout(top, workspace string) (gitLayout, error) {
	gitDir, err := gitDirectory(filepath.Join(top, dotGit))
	if err != nil {
		return gitLayout{}, fmt.Errorf("%s: %w: %w", top, ErrNoRepository, err)
	}
	c := gitLayout{top: top, gitDir: gitDir, common: gitDir}
	if name, err := firstLine(filepath.Join(gitDir, "commondir")); err == nil {
		if c.common, err = realPath(joinPath(gitDir, name)); err != nil {
			return gitLayout{}, err
		}
	}
	return c, c.trustworthy(workspace)
}

func gitDirectory(entry string) (string, error) {
	info, err := os.Stat(entry)
	if err != nil {
		return "", err
	}
	if info.IsDir() {
		return realPath(entry)
	}
	line, err := firstLine(entry)
	if err != nil {
		return "", err
	}
	target, ok := strings.CutPrefix(line, "gitdir: ")
	if !ok {
		return "", fmt.Errorf("%s is neither a directory nor names one", entry)
	}
	return realPath(joinPath(filepath.Dir(entry), target))
}

// trustworthy refuses data that a branch can have written: what lies in a work
// tree, unless below a directory named .git. And in a job it refuses a submodule:
// who moves it chooses history and base alike.
func (c gitLayout) trustworthy(workspace string) error {
	for _, dir := range []string{c.gitDir, c.common} {
		if couldBeCommitted(dir, c.top) || workspace != "" && couldBeCommitted(dir, workspace) {
			return fmt.Errorf("%s: .git leads to %s, whose files belong to a work tree, so a branch could have written git's settings; remove %s, or clone anew", c.top, dir, filepath.Join(c.top, dotGit))
		}
	}
	for _, file := range []string{filepath.Join(c.gitDir, "HEAD"), filepath.Join(c.common, "objects")} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s: %w: %w", c.top, ErrNoRepository, err)
		}
	}
	if workspace != "" && strings.Contains(filepath.ToSlash(c.gitDir), "/"+dotGit+"/modules/") {
		return fmt.Errorf("%s is a submodule, whose commits do not tell what a pull request of the repository around it changes; check it out as a repository of its own, with the input path of actions/checkout", c.top)
	}
	return nil
}

func couldBeCommitted(path, tree string) bool {
	rel, err := filepath.Rel(tree, path)
	return err == nil && isBelow(path, tree) && !slices.Contains(strings.Split(filepath.ToSlash(rel), "/"), dotGit)
}

func isBelow(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func realPath(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// joinPath resolves a path as it stands in a file of a directory.
func joinPath(dir, path string) string {
	if path = filepath.FromSlash(path); filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// maxPointer is more than a file that holds one path or hash has, in bytes.
const maxPointer = 8 << 10

func firstLine(file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxPointer))
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return strings.TrimRight(string(line), "\r"), err
}

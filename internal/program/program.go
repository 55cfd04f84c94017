// Package program finds the programs that migvet starts. Whoever opens a pull
// request chooses what lies in the checkout: no program is taken from there,
// whatever PATH says.
package program

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Find looks for a program in the absolute directories of PATH, as the shell
// does, and passes over those in the directories outside, which others can write
// to: the repository under review, for example. A relative directory of PATH
// leads there as well. The error tells where a program was passed over, and why.
// On Windows, PATHEXT has the endings that a program may have.
func Find(name string, getenv func(string) string, outside ...string) (string, error) {
	if name == "" || name != filepath.Base(name) {
		return "", fmt.Errorf("%.80q is not the name of a program", name)
	}
	var refused error // the first
	for _, dir := range filepath.SplitList(getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		path, err := Executable(filepath.Join(dir, name), getenv)
		if err != nil {
			continue
		}
		if err := Check(path, outside...); err != nil {
			refused = cmp.Or(refused, err)
			continue
		}
		return path, nil
	}
	if refused != nil {
		return "", fmt.Errorf("%s is in PATH, but %w", name, refused)
	}
	return "", fmt.Errorf("%s is not in PATH", name)
}

// SearchPath is PATH without its relative directories and those in the
// directories outside: what programs may start others from.
func SearchPath(getenv func(string) string, outside ...string) string {
	var kept []string
	for _, dir := range filepath.SplitList(getenv("PATH")) {
		if filepath.IsAbs(dir) && Check(dir, outside...) == nil {
			kept = append(kept, dir)
		}
	}
	return strings.Join(kept, string(filepath.ListSeparator))
}

// Check returns an error when an absolute path leads into one of the directories
// outside: directly, by a symbolic link, or through one that lies there and
// leads out again. A directory outside that does not exist holds nothing, and of a
// path that does not exist the way counts as far as it goes.
func Check(path string, outside ...string) error {
	var dirs []fs.FileInfo
	for _, dir := range outside {
		if info, err := os.Stat(dir); err == nil {
			dirs = append(dirs, info)
		}
	}
	return Follow(path, func(place string, info fs.FileInfo) error {
		for _, dir := range dirs {
			if os.SameFile(info, dir) {
				return fmt.Errorf("%s is not used: it lies in %s, whose content is under review", path, place)
			}
		}
		return nil
	})
}

// Workspaces are the directories that CI checks repositories out into.
func Workspaces(getenv func(string) string) []string {
	var dirs []string
	for _, name := range []string{"GITHUB_WORKSPACE", "CI_PROJECT_DIR"} {
		if dir := getenv(name); filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// Executable completes the path of a program by its ending, on Windows, and
// makes sure that it can be executed.
func Executable(path string, getenv func(string) string) (string, error) {
	for _, ending := range programEndings(path, getenv) {
		info, err := os.Stat(path + ending)
		if err == nil && info.Mode().IsRegular() && (runtime.GOOS == "windows" || info.Mode().Perm()&0o111 != 0) {
			return path + ending, nil
		}
	}
	return "", fmt.Errorf("%s is no program: %w", path, fs.ErrNotExist)
}

// programEndings are the endings that the system tries: .EXE, .CMD on Windows.
func programEndings(path string, getenv func(string) string) []string {
	if runtime.GOOS != "windows" {
		return []string{""}
	}
	return windowsEndings(path, getenv("PATHEXT"))
}

// windowsEndings take a name as it is only when it ends as programs do.
func windowsEndings(path, pathext string) []string {
	if pathext == "" {
		pathext = ".COM;.EXE;.BAT;.CMD" // as cmd.exe and Go have it
	}
	var list []string
	for _, ending := range strings.Split(strings.ToLower(pathext), ";") {
		if ending == "" {
			continue
		}
		if ending[0] != '.' {
			ending = "." + ending
		}
		if strings.EqualFold(filepath.Ext(path), ending) {
			return []string{""}
		}
		list = append(list, ending)
	}
	return list
}

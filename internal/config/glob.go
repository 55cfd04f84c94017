package config

import (
	"errors"
	"path"
	"slices"
	"strings"
)

// A glob is a pattern for paths, cut at its slashes. In a segment *, ? and
// [a-z] mean what they mean to path.Match; the segment ** stands for any
// number of segments. A pattern that names a directory covers what is in it.
type glob []string

var (
	errOutside = errors.New("paths are relative to the directory of this file and stay below it")
	errGit     = errors.New("what git keeps in .git is not a file of the repository")
)

func parseGlob(pattern string) (glob, error) {
	clean, err := cleanLocalPath(pattern)
	if err != nil {
		return nil, err
	}
	if clean == "." {
		return glob{"**"}, nil
	}
	segments := strings.Split(clean, "/")
	for _, s := range segments {
		if _, err := path.Match(s, ""); err != nil {
			return nil, errors.New("the pattern is malformed: a [ without its ], or a \\ at the end")
		}
	}
	return segments, nil
}

// cleanLocalPath cleans a path and refuses those that leave the directory they start
// from, and those into git's own files: .git/config holds the token of
// actions/checkout.
func cleanLocalPath(p string) (string, error) {
	clean := path.Clean(p)
	if p == "" || path.IsAbs(p) || clean == ".." || strings.HasPrefix(clean, "../") {
		return "", errOutside
	}
	if slices.ContainsFunc(strings.Split(clean, "/"), isGit) {
		return "", errGit
	}
	return clean, nil
}

// isGit reports whether some file system takes a name for .git. Git itself checks no
// such names out.
// https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectNTFS
func isGit(name string) bool {
	return strings.EqualFold(strings.TrimRight(name, " ."), ".git") || strings.EqualFold(name, "git~1")
}

// match takes time proportional to the lengths of pattern and path multiplied,
// however many ** there are.
func (g glob) match(p string) bool {
	names := strings.Split(p, "/")
	reached := make([]bool, len(names)+1) // reached[i]: the pattern so far matches the first i names
	reached[0] = true
	for _, segment := range g {
		reached = matchSegment(reached, segment, names)
	}
	return slices.Contains(reached[1:], true)
}

func matchSegment(reached []bool, segment string, names []string) []bool {
	next := make([]bool, len(reached))
	if segment == "**" {
		for i := range reached {
			next[i] = reached[i] || (i > 0 && next[i-1])
		}
		return next
	}
	for i, name := range names {
		if ok, err := path.Match(segment, name); reached[i] && ok && err == nil {
			next[i+1] = true
		}
	}
	return next
}

// pathBelow returns a path as it is written from a directory above it.
func pathBelow(dir, p string) (string, bool) {
	if dir == "." {
		return p, true
	}
	return strings.CutPrefix(p, dir+"/")
}

// matchBelow tells whether one of some patterns, which start from a directory, matches a path.
func matchBelow(globs []glob, dir, p string) bool {
	inside, ok := pathBelow(dir, p)
	return ok && slices.ContainsFunc(globs, func(g glob) bool { return g.match(inside) })
}

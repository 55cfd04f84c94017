package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/migvet/migvet/lint"
)

// A Problem is one mistake in a file.
type Problem struct {
	Path         string
	Line, Column int // from 1; 0 when the place is not known
	Message      string
}

func (p *Problem) Error() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.Path, p.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Line, p.Column, p.Message)
}

// maxProblems bounds what one file can make migvet print.
const maxProblems = 50

type problems struct {
	path string
	list []*Problem
}

func (p *problems) at(n *yaml.Node, format string, args ...any) {
	p.list = append(p.list, &Problem{p.path, n.Line, n.Column, fmt.Sprintf(format, args...)})
}

// err joins the problems in the order of their places.
func (p *problems) err() error {
	slices.SortStableFunc(p.list, func(a, b *Problem) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	var all []error
	for i, problem := range p.list {
		if i == maxProblems {
			all = append(all, fmt.Errorf("%s: and %d more", p.path, len(p.list)-i))
			break
		}
		all = append(all, problem)
	}
	return errors.Join(all...)
}

// syntaxProblem turns an error of the YAML parser into a problem at its place.
func syntaxProblem(path string, err error) error {
	var load *yaml.LoadError
	if !errors.As(err, &load) {
		return &Problem{Path: path, Message: "not YAML: " + err.Error()}
	}
	at := load.Mark
	if load.ContextMsg != "" && load.ContextMark.Line > 0 {
		return &Problem{path, load.ContextMark.Line, load.ContextMark.Column, "not YAML: " + load.ContextMsg + ": " + load.Message + wayToYAML(load.Message)}
	}
	return &Problem{path, at.Line, at.Column, "not YAML: " + load.Message + wayToYAML(load.Message)}
}

// maxQuoted is how much of a stranger's word is repeated, in bytes.
const maxQuoted = 60

func quoteExcerpt(text string) string {
	if len(text) > maxQuoted {
		return fmt.Sprintf("%q…", strings.ToValidUTF8(text[:maxQuoted], ""))
	}
	return fmt.Sprintf("%q", text)
}

// suggestInstead ends a message about an unknown word with the nearest known one, or
// with all of them when they are few.
func suggestInstead(word string, known []string) string {
	if len(word) <= maxQuoted {
		if suggestion := lint.DidYouMean(word, known); suggestion != "" {
			return suggestion
		}
	}
	if len(known) == 0 || len(known) > 10 {
		return ""
	}
	return "; use " + joinWithOr(known)
}

// joinWithOr joins words: "a, b or c".
func joinWithOr(words []string) string {
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// wayToYAML tells of the characters that begin nothing: most often somebody has indented
// with a tab.
func wayToYAML(message string) string {
	if !strings.Contains(message, "cannot start any token") {
		return ""
	}
	return "; indent with spaces instead of tabs, and put quotes around what begins with @ or `"
}

package source

import (
	"errors"
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A gitConfig is what a file in the syntax of git-config sets, by "section.key" or
// "section.subsection.key"; sections and keys in lower case.
//
// Sqitch does not read its files with git, but with Config::GitLike, which reads
// some shapes otherwise: it keeps blanks at the end of a value and a # in the middle
// of a word. A file is refused where the two part about where things begin and end,
// and a value where they part about it.
// https://git-scm.com/docs/git-config#_syntax
// https://metacpan.org/release/Config-GitLike/source/lib/Config/GitLike.pm
type gitConfig struct {
	values   map[string]string
	doubtful map[string]error // values that cannot be known, by key
}

// get returns a value, "" for one that is not set.
func (c gitConfig) get(key string) (string, error) {
	if err := c.doubtful[key]; err != nil {
		return "", fmt.Errorf("%s %w", key, err)
	}
	return c.values[key], nil
}

var (
	gitSection = lazyregexp.New(`^\[([A-Za-z0-9.-]+)(?:[ \t]+"([^"\\\n]*)")?\]`)
	gitKey     = lazyregexp.New(`^([A-Za-z][A-Za-z0-9_-]*)[ \t]*`)
)

var (
	errGitNoValue = errors.New("has no value")
	errGitTwice   = errors.New("is set twice, of which git takes the last one and Sqitch none")
	errGitBlanks  = errors.New("has blanks at an end or several in a row, which git and Sqitch read differently")
)

func parseGitConfig(text string) (gitConfig, error) {
	p := gitConfigParser{rest: text, config: gitConfig{map[string]string{}, map[string]error{}}}
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' || r == '\ufeff' || r == 0x7f }) {
		return p.config, errors.New("holds a byte order mark, line ends of Windows or other control characters")
	}
	for p.skip(); p.rest != ""; p.skip() {
		if err := p.element(); err != nil {
			line := 1 + strings.Count(text[:len(text)-len(p.rest)], "\n")
			return p.config, fmt.Errorf("line %d %w", line, err)
		}
	}
	return p.config, nil
}

type gitConfigParser struct {
	rest    string
	section string
	config  gitConfig
}

// skip passes over white space, empty lines and comments.
func (p *gitConfigParser) skip() {
	for {
		p.rest = strings.TrimLeft(p.rest, " \t\n")
		if !strings.HasPrefix(p.rest, "#") && !strings.HasPrefix(p.rest, ";") {
			return
		}
		p.rest = p.rest[endOfLine(p.rest):]
	}
}

func endOfLine(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// element takes a header of a section, or a key with its value.
func (p *gitConfigParser) element() error {
	if p.rest[0] == '[' {
		return p.header()
	}
	m := gitKey.FindStringSubmatch(p.rest)
	switch {
	case m == nil:
		return errors.New("begins with neither a section, a key nor a comment")
	case p.section == "":
		return errors.New("stands before the first section")
	}
	key := p.section + "." + strings.ToLower(m[1])
	p.rest = p.rest[len(m[0]):]
	if p.rest == "" || p.rest[0] == '\n' {
		p.set(key, "", errGitNoValue)
		return nil
	}
	if p.rest[0] != '=' {
		return errors.New("has no = behind its key")
	}
	p.rest = strings.TrimLeft(p.rest[1:], " \t")
	value, doubt, err := p.value()
	if err != nil {
		return err
	}
	p.set(key, value, doubt)
	return nil
}

func (p *gitConfigParser) header() error {
	m := gitSection.FindStringSubmatch(p.rest)
	if m == nil {
		return errors.New("is no header of a section")
	}
	p.section = strings.ToLower(m[1])
	if p.section == "include" || strings.HasPrefix(p.section, "includeif") {
		return errors.New("includes another file, which git follows and Sqitch does not")
	}
	if m[2] != "" {
		p.section += "." + m[2]
	}
	p.rest = p.rest[len(m[0]):]
	return nil
}

// set notes a value.
func (p *gitConfigParser) set(key, value string, doubt error) {
	if _, twice := p.config.values[key]; twice {
		doubt = errGitTwice
	}
	p.config.values[key] = value
	if doubt != nil {
		p.config.doubtful[key] = doubt
	}
}

// value takes words up to the end of the line or a comment.
func (p *gitConfigParser) value() (value string, doubt, err error) {
	blank := ""
	for {
		n := len(p.rest) - len(strings.TrimLeft(p.rest, " \t"))
		blank, p.rest = blank+p.rest[:n], p.rest[n:]
		switch {
		case p.rest == "" || p.rest[0] == '\n':
			if blank != "" {
				doubt = errGitBlanks
			}
			return value, doubt, nil
		case p.rest[0] == '#' || p.rest[0] == ';':
			if value != "" && blank == "" {
				return "", nil, errors.New("has a comment behind a value without a blank between, which Sqitch takes for a part of the value")
			}
			p.rest = p.rest[endOfLine(p.rest):]
			return value, doubt, nil
		case strings.HasPrefix(p.rest, "\\\n"):
			p.rest = p.rest[len("\\\n"):]
			continue
		}
		if value != "" && blank == "" {
			return "", nil, errors.New("has quotes or escapes in the middle of a word")
		}
		if blank != "" && (blank != " " || value == "") {
			doubt = errGitBlanks
		}
		word, err := p.word()
		if err != nil {
			return "", nil, err
		}
		value, blank = value+blank+word, ""
	}
}

// word takes a word, with or without quotes.
func (p *gitConfigParser) word() (string, error) {
	if inner, quoted := strings.CutPrefix(p.rest, `"`); quoted {
		end := strings.IndexAny(inner, "\"\\\n")
		if end < 0 || inner[end] != '"' {
			return "", errors.New("has a quoted value with an escape in it, or without an end")
		}
		p.rest = inner[end+1:]
		return inner[:end], nil
	}
	end := strings.IndexAny(p.rest, " \t\n\\\"#;")
	if end < 0 {
		end = len(p.rest)
	}
	if end == 0 {
		return "", errors.New("has an escape in its value")
	}
	word := p.rest[:end]
	p.rest = p.rest[end:]
	return word, nil
}

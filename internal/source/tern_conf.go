package source

import (
	"errors"
	"fmt"
	"strings"
	"text/template/parse"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// ternConf is what tern.conf sets, by section and key. Values that templates make
// hold templateValue.
type ternConf map[string]map[string]string

// https://github.com/vaughan0/go-ini/blob/master/ini.go, which tern reads it with
var (
	ternSection    = lazyregexp.New(`^\[(.*)\]$`)
	ternAssignment = lazyregexp.New(`^([^=]+)=(.*)$`)
)

// parseTernConf reads tern.conf as tern does: first as a template, then line by
// line. A comment is a line of its own.
func parseTernConf(text string) (ternConf, error) {
	text, err := withoutActions(text)
	if err != nil {
		return nil, err
	}
	conf, section, number := ternConf{}, "", 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == ';' || line[0] == '#' {
			continue
		}
		if m := ternAssignment.FindStringSubmatch(line); m != nil {
			conf.set(section, strings.TrimSpace(m[1]), strings.TrimSpace(m[2]))
		} else if m := ternSection.FindStringSubmatch(line); m != nil {
			section = strings.TrimSpace(m[1])
		} else {
			return nil, fmt.Errorf("line %d is no setting, no [section] and no comment", number)
		}
	}
	return conf, nil
}

func (c ternConf) set(section, key, value string) {
	if c[section] == nil {
		c[section] = map[string]string{}
	}
	c[section][key] = value
}

// templateValue stands for what a template prints where tern runs.
const templateValue = "{{}}"

// withoutActions puts templateValue in the place of what a template prints, and
// refuses one that decides which lines there are.
func withoutActions(text string) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	t := parse.New("tern.conf")
	t.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := t.Parse(text, "", "", trees); err != nil {
		return "", fmt.Errorf("is no template: %s", ternReason(err))
	}
	if t.Root == nil || len(trees) > 1 {
		return "", errTernConfDecides
	}
	var b strings.Builder
	for _, node := range t.Root.Nodes {
		switch n := node.(type) {
		case *parse.TextNode:
			b.Write(n.Text)
		case *parse.ActionNode:
			b.WriteString(templateValue)
		default:
			return "", errTernConfDecides
		}
	}
	return b.String(), nil
}

var errTernConfDecides = errors.New("is a template with conditions, loops or other templates, so what it sets depends on where tern runs")

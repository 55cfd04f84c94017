package source

import (
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// A sqitchPlan is what sqitch.plan says: which changes there are, in which
// order. https://sqitch.org/docs/manual/sqitchplan/
type sqitchPlan struct {
	project, uri string
	changes      []sqitchChange

	wrong string // why Sqitch refuses the plan; "" when it does not
	at    lint.Span
}

// A sqitchChange is one line of the plan.
type sqitchChange struct {
	name, date, planner, email, note string
	requires, conflicts              []string
	tags                             []string // the tags that stand on it
	reworked                         []string // tags between it and the next change of its name, the newest first
	occurrence                       int      // from 0: how many changes of this name are before it
	id                               string
	line                             lint.Span
}

var (
	sqitchPragma = lazyregexp.New(`^\s*%\s*([\w-]+)(?:\s*=\s*(.+?))?\s*$`)
	sqitchLine   = lazyregexp.New(`^\s*(?:(@)|[+-]\s*)?([^\s@:#\\\[]+)\s+(?:\[([^\]]+)\]\s*)?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s*([^<]+?)\s+<([^>]+)>\s*$`)
	sqitchNote   = strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\r`, "\r")
)

func parseSqitchPlan(text string) *sqitchPlan {
	p := &sqitchPlan{}
	for at := range textLines(text) {
		line, note, _ := strings.Cut(strings.TrimRight(text[at.Start:at.End], "\r\n"), "#")
		if p.wrong == "" && strings.TrimSpace(line) != "" {
			p.add(line, sqitchNote.Replace(strings.TrimSpace(note)), at)
		}
	}
	if p.project == "" && p.wrong == "" {
		p.fail(lint.Span{Start: 0, End: len(text)}, "has no %project line")
	}
	p.checkConflicts()
	return p
}

func (p *sqitchPlan) fail(at lint.Span, why string) { p.wrong, p.at = why, at }

func (p *sqitchPlan) add(line, note string, at lint.Span) {
	if m := sqitchPragma.FindStringSubmatch(line); m != nil {
		p.pragma(m[1], m[2])
		return
	}
	m := sqitchLine.FindStringSubmatch(line)
	switch {
	case m == nil:
		p.fail(at, "has a line that is neither a change nor a tag with its time and planner ("+strings.TrimSpace(line)+")")
	case m[1] == "@":
		p.tag(m[2], at)
	default:
		p.change(sqitchChange{name: m[2], date: m[4], planner: m[5], email: m[6], note: note, line: at}, strings.Fields(m[3]))
	}
}

func (p *sqitchPlan) pragma(name, value string) {
	switch name {
	case "project":
		p.project = value
	case "uri":
		p.uri = value
	}
}

func (p *sqitchPlan) tag(name string, at lint.Span) {
	switch {
	case len(p.changes) == 0:
		p.fail(at, "has the tag @"+name+" before any change")
	case slices.ContainsFunc(p.changes, func(c sqitchChange) bool { return slices.Contains(c.tags, name) }):
		p.fail(at, "has the tag @"+name+" twice")
	default:
		last := &p.changes[len(p.changes)-1]
		last.tags = append(last.tags, name)
	}
}

func (p *sqitchPlan) change(c sqitchChange, dependencies []string) {
	for _, d := range dependencies {
		if conflict, found := strings.CutPrefix(d, "!"); found {
			c.conflicts = append(c.conflicts, p.own(conflict))
			continue
		}
		c.requires = append(c.requires, p.own(d))
		if !p.knows(p.own(d)) {
			p.fail(c.line, "has "+c.name+", which requires "+d+", and that is not before it")
			return
		}
	}
	if earlier := p.latest(c.name); earlier != nil {
		c.occurrence = earlier.occurrence + 1
		if earlier.reworked = p.tagsSince(earlier); len(earlier.reworked) == 0 {
			p.fail(c.line, "has the change "+c.name+" twice without a tag between")
			return
		}
	}
	c.id = p.id(c)
	p.changes = append(p.changes, c)
}

// checkConflicts looks for conflicts that Sqitch cannot find, which may stand
// behind the change, and for those that are deployed before it.
func (p *sqitchPlan) checkConflicts() {
	before := sqitchPlan{project: p.project}
	for _, c := range p.changes {
		for _, conflict := range c.conflicts {
			switch {
			case p.wrong != "" || strings.Contains(conflict, ":"):
			case before.knows(conflict):
				p.fail(c.line, "has "+c.name+", which conflicts with "+conflict+" before it")
			case !p.knows(conflict):
				p.fail(c.line, "has "+c.name+", which conflicts with "+conflict+", a change that it does not have")
			}
		}
		before.changes = append(before.changes, c)
	}
}

// own writes a dependency on a change of this project without the project.
func (p *sqitchPlan) own(dependency string) string {
	return strings.TrimPrefix(dependency, p.project+":")
}

// knows tells whether a dependency is in the plan so far. Those of other
// projects are taken for granted.
func (p *sqitchPlan) knows(dependency string) bool {
	if strings.Contains(dependency, ":") {
		return true
	}
	name, tag, _ := strings.Cut(dependency, "@")
	named := name == ""
	tagged := tag == "" || tag == "HEAD" || tag == "ROOT"
	for _, c := range p.changes {
		named = named || c.name == name || c.id == name
		tagged = tagged || slices.Contains(c.tags, tag)
	}
	return named && tagged
}

func (p *sqitchPlan) latest(name string) *sqitchChange {
	for i := len(p.changes) - 1; i >= 0; i-- {
		if p.changes[i].name == name {
			return &p.changes[i]
		}
	}
	return nil
}

func (p *sqitchPlan) tagsSince(c *sqitchChange) []string {
	var tags []string
	for i := len(p.changes) - 1; i >= 0; i-- {
		tags = append(tags, p.changes[i].tags...)
		if &p.changes[i] == c {
			break
		}
	}
	return tags
}

// id is what Sqitch knows a change by: a hash of its line and of the change
// before it, so of all before it.
// https://sqitch.org/docs/manual/sqitchchanges/
func (p *sqitchPlan) id(c sqitchChange) string {
	info := []string{"project " + p.project}
	if p.uri != "" {
		info = append(info, "uri "+p.uri)
	}
	info = append(info, "change "+c.name)
	if len(p.changes) > 0 {
		info = append(info, "parent "+p.changes[len(p.changes)-1].id)
	}
	info = append(info, "planner "+c.planner+" <"+c.email+">", "date "+c.date)
	if len(c.requires) > 0 {
		info = append(info, "requires\n  + "+strings.Join(c.requires, "\n  + "))
	}
	if len(c.conflicts) > 0 {
		info = append(info, "conflicts\n  - "+strings.Join(c.conflicts, "\n  - "))
	}
	if c.note != "" {
		info = append(info, "", c.note)
	}
	text := strings.Join(info, "\n")
	return fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "change %d\x00%s", len(text), text)))
}

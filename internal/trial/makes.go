package trial

import (
	"regexp"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// What migrations make themselves is missing for want of order, not for want of what
// production has from elsewhere.

// A making is what one migration makes.
type making struct {
	names []facts.Name
	code  []string // of which nobody sees what it makes: DO, functions, what has no tree
}

// makes reports whether some migration makes an object, as far as its text tells: then
// it is a matter of their order.
func (t *trial) makes(o object) bool {
	if o.kind == "parameter" || o.kind == "privilege" {
		return false
	}
	for _, m := range t.Source.Head {
		// Constraints and serial columns make relations whose names no text has.
		if o.kind != "relation" && !strings.Contains(strings.ToLower(m.Source), strings.ToLower(o.name)) {
			continue
		}
		made := t.makingOf(m)
		if slices.ContainsFunc(made.names, o.mayBe) || slices.ContainsFunc(made.code, o.isMadeIn) {
			return true
		}
	}
	return false
}

// makingOf reads a migration once.
func (t *trial) makingOf(m *lint.Migration) making {
	if made, read := t.making[m]; read {
		return made
	}
	var made making
	for _, s := range withBodies(m.Statements()) {
		if s.Node == nil || runsCode(s) || s.Node.GetSelectStmt() != nil {
			made.code = append(made.code, s.SQL)
		}
		for _, f := range s.Facts() {
			switch {
			case f.Verb&facts.Made != 0:
				made.names = append(made.names, f.Name)
			case f.Verb&(facts.Renamed|facts.Moved) != 0 && f.To != nil:
				made.names = append(made.names, *f.To)
			}
		}
	}
	if t.making == nil {
		t.making = map[*lint.Migration]making{}
	}
	t.making[m] = made
	return made
}

// mayBe reports whether a name can mean the object. A schema that one of them does not
// say is any: that is up to the search_path. A table has a type of its name.
func (o object) mayBe(n facts.Name) bool {
	if n.Name != o.name || n.Schema != "" && o.schema != "" && n.Schema != o.schema {
		return false
	}
	return isCalled(n.Kind.Space(), o.kind) || o.kind == "type" && n.Kind.IsRelation()
}

// wordsOfCreate are the words of CREATE in front of the name of an object.
var wordsOfCreate = map[string]string{
	"role":     `create\s+(?:role|user|group)`,
	"schema":   `create\s+schema`,
	"type":     `create\s+(?:type|domain)`,
	"function": `create\s+(?:or\s+replace\s+)?(?:function|procedure|aggregate)`,
	"relation": `create\s+(?:or\s+replace\s+)?(?:(?:global|local|temp|temporary|unlogged|foreign|materialized|recursive|unique)\s+)*(?:table|view|sequence|index)(?:\s+concurrently)?|rename\s+to`,
	"language": `create\s+(?:trusted\s+)?language`,
}

// isMadeIn reports whether code has the words that make the object: EXECUTE format('CREATE
// TABLE events_2024 (LIKE %I)', parent).
func (o object) isMadeIn(code string) bool {
	words := wordsOfCreate[o.kind]
	if words == "" || !strings.Contains(strings.ToLower(code), strings.ToLower(o.name)) {
		return false
	}
	return regexp.MustCompile(`(?i)\b(?:` + words + `)\s+(?:if\s+not\s+exists\s+)?(?:"?\w+"?\s*\.\s*)?"?` + regexp.QuoteMeta(o.name) + `(?:"|\W|$)`).MatchString(code)
}

// madeNames are the names of a kind that migrations make, as far as their text tells.
func (t *trial) madeNames(kind string) (names []string) {
	for _, m := range t.Source.Head {
		for _, n := range t.makingOf(m).names {
			if !n.Kind.IsPart() && n.Name != "" && isCalled(n.Kind.Space(), kind) {
				names = append(names, n.Name)
			}
		}
	}
	return names
}

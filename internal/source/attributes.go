package source

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// changingAttributes may give a deploy other bytes than migvet reads: with ident the
// checkout has a hash where the commit has $Id$, with export-subst an archive does.
// A file of Git LFS is told where it is read.
// https://git-scm.com/docs/gitattributes
var changingAttributes = []string{"working-tree-encoding", "filter", "ident", "export-subst"}

// attributed tells of new migrations that such an attribute holds for, but for those
// for which it did on the base.
func (r *review) attributed() []Unchecked {
	var all []Unchecked
	now, before := attributesOf(r.to), attributesOf(r.from)
	for i := range r.to.steps {
		s := &r.to.steps[i]
		if r.new[s] == nil || s.unreadable {
			continue
		}
		for _, attribute := range now.setFor(s.path) {
			if !slices.Contains(before.setFor(s.path), attribute) {
				all = append(all, Unchecked{Path: s.path, Reason: fmt.Sprintf(
					".gitattributes sets %s for it, which this branch adds: checkout, commit and archive may then hold other SQL, and only the checkout was read; remove the attribute", attribute)})
			}
		}
	}
	return all
}

// attributes are what the files called .gitattributes set, by their directories.
type attributes struct {
	folder *Folder
	rules  map[string][]attributeRule
	macros map[string]bool // attributes that set one that changes files
}

type attributeRule struct {
	pattern *regexp.Regexp // of the path below the directory
	sets    []string       // "filter=x", "-filter"
}

var everyFile = regexp.MustCompile("")

func attributesOf(f *Folder) attributes {
	return attributes{folder: f, rules: map[string][]attributeRule{}, macros: map[string]bool{}}
}

// setFor returns the attributes that hold for a file.
func (a attributes) setFor(file string) []string {
	if a.folder == nil || a.folder.fsys == nil {
		return nil
	}
	set := map[string]string{}
	for _, dir := range rootDownTo(path.Dir(file)) {
		below := strings.TrimPrefix(strings.TrimPrefix(file, dir), "/")
		if dir == "." {
			below = file
		}
		for _, rule := range a.read(dir) {
			if rule.pattern.MatchString(below) {
				a.apply(set, rule.sets)
			}
		}
	}
	var all []string
	for _, value := range set {
		if value != "" && value != "filter=lfs" {
			all = append(all, value)
		}
	}
	slices.Sort(all)
	return all
}

// apply notes what a line sets of the attributes that count, and tells whether it
// does; an attribute with a - or ! before it is none.
func (a attributes) apply(set map[string]string, sets []string) bool {
	counts := false
	for _, attribute := range sets {
		name, _, _ := strings.Cut(strings.TrimLeft(attribute, "-!"), "=")
		if !slices.Contains(changingAttributes, name) && !a.macros[name] {
			continue
		}
		counts = true
		set[name] = ""
		if !strings.HasPrefix(attribute, "-") && !strings.HasPrefix(attribute, "!") {
			set[name] = attribute
		}
	}
	return counts
}

// rootDownTo are the directories that a directory is in, the root first, and itself.
func rootDownTo(dir string) []string {
	all := []string{dir}
	for dir != "." {
		dir = path.Dir(dir)
		all = append(all, dir)
	}
	slices.Reverse(all)
	return all
}

func (a attributes) read(dir string) []attributeRule {
	if rules, known := a.rules[dir]; known {
		return rules
	}
	a.rules[dir] = nil
	d, err := openDirectory(a.folder.fsys, dir)
	if err != nil {
		return nil
	}
	lines := attributeLines(d.text(".gitattributes"))
	for _, line := range lines {
		if macro, ok := strings.CutPrefix(line[0], "[attr]"); ok {
			a.define(macro, line[1:])
		}
	}
	for _, line := range lines {
		if a.apply(map[string]string{}, line[1:]) && !strings.HasPrefix(line[0], "[attr]") {
			a.add(dir, attributeRule{gitPattern(line[0]), line[1:]})
		}
	}
	return a.rules[dir]
}

// attributeLines are the lines that set something, in words.
func attributeLines(text string) [][]string {
	var all [][]string
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 1 && !strings.HasPrefix(words[0], "#") {
			all = append(all, words)
		}
	}
	return all
}

// maxAttributeRules is how many lines of one file may set attributes that count.
const maxAttributeRules = 200

// add keeps a line. Of a file with too many of them, none is taken to fit no file.
func (a attributes) add(dir string, rule attributeRule) {
	switch n := len(a.rules[dir]); {
	case n < maxAttributeRules:
		a.rules[dir] = append(a.rules[dir], rule)
	case n == maxAttributeRules:
		a.rules[dir] = append(a.rules[dir], attributeRule{everyFile, []string{"filter=more-lines-than-migvet-reads"}})
	}
}

// define takes a macro that sets one of the attributes for one of them.
func (a attributes) define(macro string, sets []string) {
	set := map[string]string{}
	a.apply(set, sets)
	for _, value := range set {
		if value != "" {
			a.macros[macro] = true
		}
	}
}

// gitPattern makes a regular expression of a pattern of .gitattributes. One with
// quotes or escapes, which few write, and one that is very long are taken to fit every file.
// https://git-scm.com/docs/gitignore#_pattern_format
func gitPattern(pattern string) *regexp.Regexp {
	if strings.ContainsAny(pattern, `"\`) || len(pattern) > 1000 {
		return everyFile
	}
	anchored := strings.Contains(pattern, "/")
	pattern = strings.TrimPrefix(pattern, "/")
	var b strings.Builder
	b.WriteString(`(?s)^`)
	if !anchored {
		b.WriteString(`(?:.*/)?`)
	}
	for pattern != "" {
		pattern = pattern[gitPatternPart(&b, pattern):]
	}
	b.WriteString(`$`)
	compiled, err := regexp.Compile(b.String())
	if err != nil {
		return everyFile
	}
	return compiled
}

// gitPatternPart writes what a pattern begins with, and returns how long that is.
func gitPatternPart(b *strings.Builder, pattern string) int {
	switch {
	case strings.HasPrefix(pattern, "**/"):
		b.WriteString(`(?:.*/)?`)
		return len("**/")
	case strings.HasPrefix(pattern, "**"):
		b.WriteString(`.*`)
		return len("**")
	case pattern[0] == '*':
		b.WriteString(`[^/]*`)
	case pattern[0] == '?':
		b.WriteString(`[^/]`)
	case pattern[0] == '[':
		return copyClass(b, pattern)
	default:
		b.WriteString(regexp.QuoteMeta(pattern[:1]))
	}
	return 1
}

// copyClass copies [a-z], or one that negates with !, and returns its length.
func copyClass(b *strings.Builder, pattern string) int {
	end := strings.IndexByte(pattern[1:], ']')
	if end < 1 {
		b.WriteString(`\[`)
		return 1
	}
	inner := pattern[1 : 1+end]
	if rest, negated := strings.CutPrefix(inner, "!"); negated {
		inner = "^" + rest
	}
	b.WriteString("[" + inner + "]")
	return end + 2
}

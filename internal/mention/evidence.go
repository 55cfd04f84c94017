package mention

import (
	"regexp"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// How far evidence reaches, in lines.
const (
	nearCommon = 6  // of a word of the language: its statement
	nearOther  = 25 // of another name: its function
)

// Lines returns the numbers, from 1, of the lines of a file that are about the subject.
func (s *Subject) Lines(file, text string) []int {
	kind := KindOf(file)
	if kind == Nothing || isGenerated(text) {
		return nil
	}
	r := &reading{Subject: s, kind: kind, lines: lines(file, text)}
	words := s.Words()
	var found []int
	for i, l := range r.lines {
		if l.indent >= 0 && containsAny(l.code, words) && r.isAbout(i, words) {
			found = append(found, i+1)
		}
	}
	return found
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// A reading is a subject in one file.
type reading struct {
	*Subject
	kind  Kind
	lines []line
}

func (r *reading) isAbout(i int, words []string) bool {
	if r.IsTable() && r.isStrong(i) && r.kind != Prose {
		return true
	}
	for _, w := range words {
		for _, p := range placesOf(w, r.lines[i].code) {
			if r.isPlaceAbout(i, p) {
				return true
			}
		}
	}
	return false
}

// A place is where a line has a word.
type place struct {
	code       string
	start, end int
}

func placesOf(word, code string) (found []place) {
	for from := 0; ; {
		next := strings.Index(code[from:], word)
		if next < 0 {
			return found
		}
		start, end := from+next, from+next+len(word)
		from = end
		if (start == 0 || !isWord(code[start-1])) && (end == len(code) || !isWord(code[end])) {
			found = append(found, place{code, start, end})
		}
	}
}

func (r *reading) isPlaceAbout(i int, p place) bool {
	switch q := p.qualifier(); {
	case r.kind != Code:
		return !isOneWord(r.Name) || q != "" && q == r.Table
	case p.isInPath() || p.isProse():
		return false
	case r.IsTable():
		return !isOneWord(r.Table) && p.word() == r.Table
	case r.Table == "":
		return !isOneWord(r.Name) || p.isQuoted() || hasSQL(p.code)
	case q != "":
		return r.isColumnOf(q, i)
	case p.isCall() && isOneWord(r.Name) && !hasSQL(p.code):
		return false
	}
	return isTelling(r.Name) || r.isNear(i)
}

// isColumnOf tells whether what stands before a dot is the table, or a variable of code
// that is about the table.
func (r *reading) isColumnOf(qualifier string, i int) bool {
	if table, is := r.tableOf(qualifier, i); is {
		return table == r.Table
	}
	if r.isTableWord(qualifier) {
		isPlural := r.Table != singular(r.Table)
		return !isCommon(r.Name) || qualifier == r.Table && (isPlural || !isCommon(r.Table)) || r.isNear(i)
	}
	return isTelling(r.Name) || !isCommon(r.Name) && r.isNear(i)
}

// alias is FROM orders AS o, JOIN "app"."orders" o.
var alias = lazyregexp.New(`(?i)\b(?:from|join|update|into|using)\s+(?:only\s+)?(?:"?\w+"?\.)?"?(\w+)"?\s+(?:as\s+)?"?(\w+)"?`)

// tableOf returns the table that a query near a line gives an alias.
func (r *reading) tableOf(qualifier string, i int) (table string, is bool) {
	for at := max(0, i-nearOther); at < min(len(r.lines), i+nearOther); at++ {
		code := r.lines[at].code
		if !strings.Contains(code, qualifier) {
			continue
		}
		for _, m := range alias.FindAllStringSubmatch(code, -1) {
			if m[2] == qualifier {
				return m[1], true
			}
		}
	}
	return "", false
}

func (r *reading) isTableWord(word string) bool {
	if r.weak == nil {
		r.weak = map[string]bool{}
		for _, w := range r.TableWords() {
			r.weak[w] = true
		}
	}
	return r.weak[word]
}

// isNear tells whether the lines around one, and those that enclose it, are about the
// table.
func (r *reading) isNear(i int) bool {
	names, reach := r.names, nearOther
	if isCommon(r.Name) || isCommon(r.Table) {
		names, reach = r.isStrong, nearCommon
	}
	for at := max(0, i-reach); at <= min(len(r.lines)-1, i+reach); at++ {
		if names(at) {
			return true
		}
	}
	return r.isEnclosed(i, names)
}

// isEnclosed looks at the lines that enclose one: model Order { … status String }.
func (r *reading) isEnclosed(i int, names func(int) bool) bool {
	indent := r.lines[i].indent
	for at := i - 1; at >= 0 && indent > 0; at-- {
		if l := r.lines[at]; l.indent >= 0 && l.indent < indent {
			indent = l.indent
			if names(at) {
				return true
			}
		}
	}
	return false
}

// names tells whether a line has one of the table's names.
func (r *reading) names(i int) bool {
	code := r.lines[i].code
	for _, w := range r.TableWords() {
		for _, p := range placesOf(w, code) {
			if !p.isInPath() && !p.isProse() {
				return true
			}
		}
	}
	return false
}

// isStrong tells whether a line can only be about the table, whatever its name.
func (r *reading) isStrong(i int) bool {
	code := r.lines[i].code
	if r.Table == "" || !containsAny(code, r.TableWords()) {
		return false
	}
	if r.strong == nil {
		r.strong = r.strongForms()
	}
	return r.strong.MatchString(code)
}

// strongForms are FROM orders, from("orders"), @@map("orders"), prisma.order,
// db.query.orders, insert(orders),
// orders = pgTable(, model Order, class Order and Order.where.
func (s *Subject) strongForms() *regexp.Regexp {
	table := regexp.QuoteMeta(s.Table)
	models := []string{pascal(singular(s.Table))}
	accessors := []string{camel(s.Table), camel(singular(s.Table))}
	for _, m := range s.Models {
		models, accessors = append(models, m), append(accessors, m, camel(m))
	}
	model, accessor := alternatives(models), alternatives(accessors)
	return regexp.MustCompile(strings.Join([]string{
		`\b(?i:from|join|into|update|table|truncate|references|only)\s+(?i:only\s+|if (?:not )?exists\s+)*(?:"?\w+"?\.)?"?` + table + `\b`,
		`(?i:from|join|table\w*|into|insert|update|delete|map|relname|entity|rel)\w*["']?\s*(?:\[\w*\]|<\w*>)?[:=(]+\s*\(?["'` + "`:]" + `(?:\w+\.)?` + table + `\b(?:["'` + "`,]|$)",
		`["'` + "`]" + `\w+\.` + table + `["'` + "`]",
		`\b(?:prisma\w*|tx|trx|db|client|orm|query|knex)\.` + accessor + `\b`,
		`\b` + accessor + `\.(?:find|create|update|delete|upsert|count|aggregate|groupBy)\w*\(`,
		`\b(?:from|into|insert|update|delete|\w*[jJ]oin|references|query)\s*\(\s*(?:\(\)\s*=>\s*)?(?:\w+\.)?` + accessor + `\b`,
		`\b` + accessor + `\s*=\s*[\w.]*[tT]able\w*\(`,
		`\b(?:model|class|struct|entity)\s+` + model + `\b|\btype\s+` + model + `\s+struct\b`,
		`\b` + model + `\.(?:objects|where|find\w*|query|create\w*|all|select\w*|first|insert\w*|update\w*|delete\w*|count|joins|includes)\b`,
		`\b(?:query|select|getRepository|get|Model|exists)\(\s*` + model + `\b`,
	}, "|"))
}

func alternatives(names []string) string {
	var quoted []string
	for _, n := range distinct(names...) {
		quoted = append(quoted, regexp.QuoteMeta(n))
	}
	return "(?:" + strings.Join(quoted, "|") + ")"
}

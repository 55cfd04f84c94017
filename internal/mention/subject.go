package mention

import (
	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint/facts"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Subject is what is looked for. It is for one goroutine.
type Subject struct {
	Table  string   // without schema; empty for what is neither a table nor a part of one, as a function
	Name   string   // the column's or function's; the table's own where Table is the subject
	Models []string // names that code declares for the table, as [Declared] finds them

	strong *regexp.Regexp // made once
	weak   map[string]bool
}

// IsTable tells whether the subject is a table.
func (s *Subject) IsTable() bool { return s.Table != "" && s.Name == s.Table }

// Words are the words of which a file that is about the subject has one: sync_jobs,
// syncJobs, SyncJob and syncJob; due_on and dueOn.
func (s *Subject) Words() []string {
	if s.IsTable() {
		return s.TableWords()
	}
	return distinct(s.Name, camel(s.Name))
}

// TableWords are the words by which code may know the table.
func (s *Subject) TableWords() []string {
	if s.Table == "" {
		return nil
	}
	one := singular(s.Table)
	words := []string{s.Table, one, camel(s.Table), camel(one), pascal(one)}
	for _, model := range s.Models {
		words = append(words, model, camel(model))
	}
	return distinct(words...)
}

func distinct(words ...string) (found []string) {
	for _, w := range words {
		if w != "" && !slices.Contains(found, w) {
			found = append(found, w)
		}
	}
	return found
}

// parts are the words of a name: sync_jobs and SyncJobs have sync and jobs.
func parts(name string) (found []string) {
	start := 0
	for i, r := range name {
		isBorder := r == '_' || r == '-' || unicode.IsUpper(r) && i > start && !unicode.IsUpper(lastRune(name[:i]))
		if !isBorder {
			continue
		}
		if i > start {
			found = append(found, name[start:i])
		}
		start = i
		if r == '_' || r == '-' {
			start = i + 1
		}
	}
	if start < len(name) {
		found = append(found, name[start:])
	}
	return found
}

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

func pascal(name string) string {
	var b strings.Builder
	for _, part := range parts(name) {
		b.WriteString(upperFirst(part))
	}
	return b.String()
}

func camel(name string) string { return lowerFirst(pascal(name)) }

// singular is how models are named: companies, addresses, jobs.
func singular(name string) string {
	for _, ending := range []struct{ plural, one string }{{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"}} {
		if stem, ok := strings.CutSuffix(name, ending.plural); ok && len(stem) > 1 {
			return stem + ending.one
		}
	}
	if strings.HasSuffix(name, "ss") || strings.HasSuffix(name, "us") || strings.HasSuffix(name, "is") || len(name) < 4 {
		return name
	}
	return strings.TrimSuffix(name, "s")
}

// isOneWord tells whether a name is not put together of several, as due_on and dueOn are.
func isOneWord(name string) bool { return len(parts(name)) < 2 }

// sharedParts are first and last parts of names that many tables' columns have.
var sharedParts = []string{"id", "ids", "uuid", "at", "by", "url", "name", "type", "date", "time", "count", "status", "is", "has", "key", "code"}

// isTelling tells whether a name says by itself which column it is: legacy_discount does,
// customer_id and isActive do not.
func isTelling(name string) bool {
	words := parts(strings.ToLower(snake(name)))
	return len(words) > 1 && !slices.Contains(sharedParts, words[0]) && !slices.Contains(sharedParts, words[len(words)-1])
}

func snake(name string) string { return strings.Join(parts(name), "_") }

// Two ways in which code declares its own name for a table.
var (
	drizzleTable = lazyregexp.New(`(\w+)\s*=\s*[\w.]*[tT]able\w*\(\s*["'` + "`]([^\"'`]+)[\"'`]")
	prismaModel  = lazyregexp.New(`(?s)\bmodel\s+(\w+)\s*\{[^}]*?@@map\("([^"]+)"\)`)
)

// Declared returns the names that a text declares for a table: SyncJob for
// model SyncJob { … @@map("jobs") }, and jobsTable for jobsTable = pgTable("jobs", …).
func Declared(text, table string) (names []string) {
	for _, declaration := range []*lazyregexp.Regexp{drizzleTable, prismaModel} {
		for _, m := range declaration.FindAllStringSubmatch(text, -1) {
			if m[2] == table {
				names = append(names, m[1])
			}
		}
	}
	return distinct(names...)
}

// Of returns the subject that an object is.
func Of(n facts.Name) *Subject {
	switch {
	case n.Kind.IsRelation():
		return &Subject{Table: n.Name, Name: n.Name}
	case n.Kind.IsPart():
		return &Subject{Table: n.Relation().GetRelname(), Name: n.Name}
	}
	return &Subject{Name: n.Name}
}

// IsTelling tells whether the name says by itself what it is.
func (s *Subject) IsTelling() bool { return isTelling(s.Name) }

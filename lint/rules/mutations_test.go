package rules_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/internal/mutate"
	"github.com/migvet/migvet/lint"
)

func TestRulesAfterRename(t *testing.T)     { testMutated(t, mutate.Renamed()) }
func TestRulesInAnotherSchema(t *testing.T) { testMutated(t, mutate.Moved()) }
func TestRulesWithQuotedNames(t *testing.T) { testMutated(t, mutate.Quoted()) }
func TestRulesBySearchPath(t *testing.T)    { testMutated(t, mutate.Reached()) }

// testMutated runs every case once more with its objects called otherwise, and
// wants all findings of all rules to be the same, with the new names.
func testMutated(t *testing.T, m mutate.Mutation) {
	for _, c := range loadCases(t) {
		if c.except[m.Name] != "" {
			continue
		}
		t.Run(c.rule+"/"+c.name, func(t *testing.T) {
			mutant, names := c.mutated(t, m)
			want, got := c.told(), mutant.told()
			for _, finding := range without(want, got, m.Undo) {
				t.Errorf("lost: %s", finding)
			}
			for _, finding := range without(got, want, m.Undo) {
				t.Errorf("only %s: %s", m.Name, finding)
			}
			for _, finding := range got {
				checkNames(t, finding, names)
			}
			mutant.checkRepairs(t)
			if t.Failed() {
				t.Log("\n" + mutant.text())
			}
		})
	}
}

// checkNames looks for names that are not the new ones, and in the SQL that a
// finding quotes for names that want quotes.
func checkNames(t *testing.T, finding string, names map[string]string) {
	t.Helper()
	for before, now := range names {
		if !strings.Contains(finding, before) && !strings.Contains(finding, now) {
			continue
		}
		rest := strings.ReplaceAll(finding, now, "")
		if !proseWords[before] && asWord(before, now).MatchString(rest) {
			t.Errorf("says %s, which is %s now: %s", before, now, finding)
		}
		if now != strings.ToLower(now) && inSQL(now).MatchString(finding) {
			t.Errorf("writes %s without quotes in SQL: %s", now, finding)
		}
	}
}

// asWord finds a name, in no other one (orders-id) nor, when only its schema is new,
// in another schema.
func asWord(before, now string) *regexp.Regexp {
	if strings.Contains(now, ".") {
		return regexp.MustCompile(`(^|[^\w".-])` + regexp.QuoteMeta(before) + `($|[^\w-])`)
	}
	return regexp.MustCompile(`(^|[^\w"-])` + regexp.QuoteMeta(before) + `($|[^\w-])`)
}

// inSQL finds an unquoted name behind a word of SQL, in brackets behind a name, or
// before a test: ON Orders, ON "Orders" (Id), CHECK (Id IS NOT NULL).
func inSQL(name string) *regexp.Regexp {
	return regexp.MustCompile(`\b(ANALYZE|COLUMN|CONSTRAINT|FROM|INDEX|INTO|ON|ONLY|REFERENCES|TABLE|UPDATE) ` + name + `\b|(ON|max)[^;]* ?\(` + name + `\b|\(` + name + ` (IS|IN|[<>=])|\b` + name + ` IS (NOT )?NULL`)
}

// proseWords are names in cases that are also words of the messages, where nobody can
// tell which they are; in SQL one can.
var proseWords = map[string]bool{
	"a": true, "body": true, "code": true, "never": true, "nothing": true, "plain": true, "state": true,
}

// script is the case as mutations take it.
func (c ruleCase) script() (s mutate.Script) {
	for _, f := range c.sections {
		if f.Name == "base.sql" {
			s.Base = string(f.Data)
			continue
		}
		s.New = append(s.New, string(f.Data))
	}
	return s
}

// mutated is the case with its objects called otherwise, and the new names.
func (c ruleCase) mutated(t *testing.T, m mutate.Mutation) (ruleCase, map[string]string) {
	t.Helper()
	after := m.Apply(c.script())
	a := &txtar.Archive{Files: []txtar.File{{Name: "base.sql", Data: []byte(after.Base)}}}
	for _, f := range c.sections {
		if f.Name != "base.sql" {
			a.Files = append(a.Files, txtar.File{Name: f.Name, Data: []byte(after.New[len(a.Files)-1])})
		}
	}
	cases, err := parseCases(c.rule, a)
	if err != nil {
		t.Fatal(err)
	}
	cases[0].searchPath = after.SearchPath
	return cases[0], after.Names
}

// checkRepairs makes the repairs of each finding, and wants to read what they write.
func (c ruleCase) checkRepairs(t *testing.T) {
	t.Helper()
	for _, f := range lint.Run([]*lint.History{c.history()}, nil, options(c.rule)) {
		for _, m := range c.new {
			if m.Path != f.Path || len(f.Edits) == 0 {
				continue
			}
			repaired, _ := lint.ApplyEdits(m.Source, f.Edits)
			if unread(repaired) > unread(m.Source) {
				t.Errorf("repairs of %s write what is no SQL:\n%s", f.Rule, repaired)
			}
		}
	}
}

// unread counts the statements of a text that the parser refuses.
func unread(text string) (n int) {
	statements, _ := lint.Parse(text)
	for _, s := range statements {
		if s.ParseError != nil {
			n++
		}
	}
	return n
}

// text is the SQL of the case, for who has to see why it fails.
func (c ruleCase) text() string {
	var b strings.Builder
	for _, f := range c.sections {
		b.WriteString("-- " + f.Name + " --\n" + string(f.Data))
	}
	return b.String()
}

// told lists all findings of all rules, a line each, and the SQL that their
// repairs write.
func (c ruleCase) told() []string {
	findings := lint.Run([]*lint.History{c.history()}, nil, options(c.rule))
	var lines []string
	for _, m := range c.new {
		at := lint.NewLines(m.Source)
		for _, f := range findings {
			if f.Path != m.Path {
				continue
			}
			place := fmt.Sprintf("%s:%d: %s", m.Name, at.Position(max(f.Start, 0)).Line, f.Rule)
			lines = append(lines, place+": "+f.Message)
			for _, e := range f.Edits {
				lines = append(lines, place+": writes "+e.Text)
			}
		}
	}
	return lines
}

// without returns the lines of one list that are not in the other, as far as
// undo sees.
func without(lines, other []string, undo func(string) string) (missing []string) {
	known := map[string]bool{}
	for _, line := range other {
		known[undo(line)] = true
	}
	for _, line := range lines {
		if !known[undo(line)] {
			missing = append(missing, line)
		}
	}
	return missing
}

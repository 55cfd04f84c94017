package source

import (
	"maps"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

var (
	liquibaseExpression = lazyregexp.New(`\$\{([^}\n]+)\}`)
	liquibaseName       = lazyregexp.New(`^[\w.-]+$`) // that a property or an option has
)

// fillChangeset turns the step of a whole file into the step of one changeset: it
// blanks the other ones, cuts the rest into messages, and finds the rollback.
func (f *Folder) fillChangeset(s *step, properties ...map[string]string) {
	c := changesetOf(s)
	s.name, s.key = c.author+":"+c.id, c.file+"::"+c.id+"::"+c.author
	s.aliases = []string{c.id, c.id + "::" + c.author}
	s.listed, s.repeatable, s.always = c.line, c.onChange || c.always, c.always
	known := map[string]string{}
	for _, p := range properties {
		maps.Copy(known, p)
	}
	if len(c.rollback) > 0 {
		whole := *s
		s.down = func() *step {
			back := whole
			f.sendParts(&back, c.rollback, known)
			return &back
		}
	}
	f.sendParts(s, c.body, known)
	s.raw = s.ownText()
	if c.program != "" {
		s.opaque = "it runs through " + c.program
	}
	if s.opaque != "" {
		s.chunks = nil
	}
}

// sendParts leaves of a step some parts of its file, and sends them statement
// by statement.
func (f *Folder) sendParts(s *step, parts []lint.Span, known map[string]string) {
	c := changesetOf(s)
	s.leave(parts)
	f.fillLiquibase(s, known)
	if s.opaque != "" {
		return
	}
	if c.noTx {
		s.tx = lint.TxNone
	}
	s.chunks = nil
	if len(parts) == 0 {
		return
	}
	all := trimmedSpan(s.text, lint.Span{Start: s.madeFrom(parts[0].Start), End: s.madeFrom(parts[len(parts)-1].End)})
	if c.whole {
		s.chunks = []lint.Span{all}
		return
	}
	s.chunks = splitLiquibase(s.text, all, c.delimiter)
}

// fillLiquibase replaces expressions. One that begins with a colon stands for
// itself without it.
func (f *Folder) fillLiquibase(s *step, known map[string]string) {
	var marks []mark
	values := maps.Clone(known)
	for _, m := range liquibaseExpression.FindAllStringSubmatchIndex(s.text, -1) {
		name := s.text[m[2]:m[3]]
		if literal, ok := strings.CutPrefix(name, ":"); ok {
			values[name] = "${" + literal + "}"
		}
		if _, known := values[name]; !known && !liquibaseName.MatchString(name) {
			continue // Liquibase leaves what it does not know: $${"heading": "a"}$$ is a dollar quote
		}
		marks = append(marks, mark{lint.Span{Start: m[0], End: m[1]}, name})
	}
	f.fill(s, marks, values)
}

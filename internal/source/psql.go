package source

import (
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// A psqlScript is what psql sees in a file beside SQL.
type psqlScript struct {
	commands  []lint.Span // each from its backslash to the end of the line
	rows      []lint.Span // behind COPY … FROM STDIN, with the line \. that ends them
	variables []lint.Span // :name, :'name', :"name"
}

var (
	stdinWord    = lazyregexp.New(`(?i)\bSTDIN\b`) // saves the reading of files without COPY
	copyStdin    = lazyregexp.New(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*COPY\b.*\bFROM\s+P?STDIN\b`)
	endOfRows    = lazyregexp.New(`(?m)^\\\.\r?$\n?`)
	psqlVariable = lazyregexp.New(`^:(?:[A-Za-z_]\w*|'\w+'|"\w+")`)
)

// scanPsql reads a file as psql does. https://www.postgresql.org/docs/current/app-psql.html
func scanPsql(text string) psqlScript {
	p := psqlScript{}
	begin, parens := 0, 0
	for i := 0; i < len(text); {
		if n := notCode(text, i); n > 0 {
			i += n
			continue
		}
		switch text[i] {
		case '(':
			parens++
		case ')':
			parens--
		case '\\':
			end := i + lineLength(text[i:])
			p.commands = append(p.commands, lint.Span{Start: i, End: end})
			i = end
			continue
		case ':':
			n := p.colon(text, i)
			i += n
			continue
		case ';':
			if parens <= 0 && copyStdin.MatchString(text[begin:i]) {
				i = p.behindCopy(text, i)
				begin = i
				continue
			}
			begin, parens = i+1, 0
		}
		i++
	}
	return p
}

// colon reads what may be a variable and returns its length.
func (p *psqlScript) colon(text string, i int) int {
	if strings.HasPrefix(text[i:], "::") || strings.HasPrefix(text[i:], ":=") {
		return 2
	}
	n := len(psqlVariable.FindString(text[i:]))
	if n > 0 {
		p.variables = append(p.variables, lint.Span{Start: i, End: i + n})
	}
	return max(n, 1)
}

// behindCopy notes the rows behind the semicolon at i and returns their end.
func (p *psqlScript) behindCopy(text string, i int) int {
	start := i + lineLength(text[i:])
	if start < len(text) {
		start++ // the line feed
	}
	end := len(text)
	if at := endOfRows.FindStringIndex(text[start:]); at != nil {
		end = start + at[1]
	}
	p.rows = append(p.rows, lint.Span{Start: start, End: end})
	return end
}

// sendRows lets the rows behind COPY … FROM STDIN be sent as such, as psql and
// Flyway do. The statements of the step are sent one by one then.
func (s *step) sendRows(rows []lint.Span) {
	var data []string
	for _, r := range rows {
		data = append(data, strings.TrimSuffix(s.text[r.Start:r.End], endOfRows.FindString(s.text[r.Start:r.End])))
	}
	s.text = blankSpans(s.text, rows)
	s.copyRows = data
}

// rows returns what goes behind each message that is a COPY … FROM STDIN, by the
// index of the message.
func (s *step) rows() map[int]string {
	if len(s.copyRows) == 0 {
		return nil
	}
	rows := map[int]string{}
	next := 0
	for i, c := range s.chunks {
		if next < len(s.copyRows) && copyStdin.MatchString(s.text[c.Start:c.End]) {
			rows[i] = s.copyRows[next]
			next++
		}
	}
	return rows
}

// runByPsql makes of a step what psql sends: statement by statement, with its
// variables filled in. A command of psql that would change what runs makes the
// step opaque.
func (f *Folder) runByPsql(s *step, known map[string]string) {
	s.dropMark()
	p := scanPsql(s.text)
	for _, c := range p.commands {
		if reason := psqlCommand(s.text[c.Start:c.End], known); reason != "" {
			s.opaque = reason
			s.chunks = nil
			return
		}
	}
	s.text = blankSpans(s.text, p.commands)
	s.sendRows(p.rows)
	f.fillVariables(s, p.variables, known)
	if s.opaque != "" {
		s.chunks = nil
		return
	}
	s.sendStatements()
}

var (
	psqlHarmless = lazyregexp.New(`^\\(echo|qecho|warn|pset|timing|x|t|a|f|H|C|T|unset|encoding|errverbose|prompt)\b`)
	psqlReads    = lazyregexp.New(`^\\(i|ir|include|include_relative|copy|gexec)\b`)
	psqlSet      = lazyregexp.New(`^\\set\s+(\w+)(?:\s+('(?:[^'\\]|'')*'|[^\s'"\x60:\\]+))?\s*$`)
	psqlOn       = lazyregexp.New(`^(ON_ERROR_STOP (on|1|true)|AUTOCOMMIT (on|1|true)|(QUIET|ECHO|ECHO_HIDDEN|VERBOSITY|SHOW_CONTEXT) .*)$`)
	psqlSettings = lazyregexp.New(`^(ON_ERROR_STOP|ON_ERROR_ROLLBACK|AUTOCOMMIT|SINGLESTEP|SINGLELINE|IGNOREEOF|FETCH_COUNT) `)
)

// psqlCommand notes what \set says. It returns why nobody knows what the file
// does behind the command; "" when that is known.
func psqlCommand(command string, known map[string]string) string {
	command = strings.TrimSpace(command)
	if psqlHarmless.MatchString(command) {
		return ""
	}
	m := psqlSet.FindStringSubmatch(command)
	switch {
	case m == nil:
		if psqlReads.MatchString(command) {
			command, _, _ = strings.Cut(command, " ") // many files have one reason
		}
		return fmt.Sprintf("it has the psql command %s, which migvet does not run; write SQL in its place", command)
	case psqlOn.MatchString(m[1] + " " + m[2]):
		return ""
	case psqlSettings.MatchString(m[1] + " "):
		return fmt.Sprintf("it changes with %s how psql runs it; remove the line", command)
	}
	known[m[1]] = strings.ReplaceAll(strings.Trim(m[2], "'"), "''", "'")
	return ""
}

// fillVariables puts the values of psql's variables into a step, those of the
// configuration first.
func (f *Folder) fillVariables(s *step, variables []lint.Span, known map[string]string) {
	var all []substitution
	made := 0
	for _, v := range variables {
		name := s.text[v.Start+1 : v.End]
		bare := strings.Trim(name, `'"`)
		value, ok := f.Placeholders[bare]
		if !ok {
			value, ok = known[bare]
		}
		if !ok {
			s.opaque = f.unknownValue(s.text[v.Start:v.End], bare)
			return
		}
		switch name[0] {
		case '\'':
			value = string(quote.Text(value))
		case '"':
			value = `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
		}
		if made += len(value); made > maxFile { // each quoted value is a text of its own
			s.opaque = tooLongFilled
			return
		}
		all = append(all, substitution{v, value})
	}
	s.substitute(all)
}

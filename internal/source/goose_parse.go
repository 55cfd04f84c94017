package source

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

// gooseUp does what goose's parser does: line by line, a statement ends where
// the last word of a line ends with a semicolon, unless it stands between
// StatementBegin and StatementEnd.
// https://github.com/pressly/goose/blob/main/internal/sqlparser/parser.go
func gooseUp(f *Folder, s *step) {
	p := parseGoose(s.text, false)
	if len(p.expands) > 0 {
		if f.expandGoose(s, p.expands); s.opaque != "" {
			return
		}
		p = parseGoose(s.text, false)
	}
	if p.wrong != "" {
		f.refuse(s, p.at, p.wrong)
		return
	}
	if f.refuseCut(s, p.cutAt, p.cut) {
		return
	}
	whole := *s
	s.down = func() *step { return gooseDown(f, whole) }
	p.keep(s)
}

// gooseDown is the section that goes back; nil when the file has none.
func gooseDown(f *Folder, s step) *step {
	p := parseGoose(s.text, true)
	switch {
	case p.wrong != "":
		s.refused = p.wrong
	case p.cut != "" && f.Habits.sends(f.Tool) == "":
		s.refused = p.cut
	case !p.down:
		return nil
	case len(p.expands) > 0:
		s.opaque = "goose replaces environment variables in its down (ENVSUB ON)"
	}
	p.keep(&s)
	return &s
}

// keep leaves of a step what is sent.
func (p *gooseParser) keep(s *step) {
	s.tx, s.chunks = p.tx, p.chunks
	s.leave(p.kept)
}

func parseGoose(text string, back bool) gooseParser {
	p := gooseParser{text: text, back: back, tx: lint.TxFile}
	for line := range textLines(text) {
		p.line(line)
	}
	p.finish()
	p.checkCuts()
	return p
}

type gooseParser struct {
	text string
	back bool // the section that goes back is wanted, not the other one

	up, down bool // inside of
	block    bool // between StatementBegin and StatementEnd
	envsub   bool
	open     bool // a statement has begun
	begin    int  // where the next chunk begins

	kept    []lint.Span // lines that are sent, and comments between
	chunks  []lint.Span
	tx      lint.TxMode
	expands []lint.Span // lines in which environment variables are replaced
	wrong   string
	at      lint.Span
	cut     string // what cutWithin says
	cutAt   lint.Span
}

func (p *gooseParser) line(at lint.Span) {
	if p.wrong != "" {
		return
	}
	line := strings.TrimRight(p.text[at.Start:at.End], "\r\n")
	if strings.HasPrefix(strings.TrimSpace(line), "--") && strings.Contains(line, "+goose") {
		p.annotation(line, at)
		return
	}
	if !p.up && !p.down {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(strings.TrimSpace(line), "--") {
			p.fail(at, "has SQL before -- +goose Up, so goose fails on it")
		}
		return
	}
	if p.down != p.back {
		return
	}
	p.kept = append(p.kept, at)
	if !p.open && (line == "" || strings.HasPrefix(strings.TrimSpace(line), "--")) {
		return
	}
	p.open = p.open || strings.TrimSpace(line) != ""
	if p.envsub && strings.ContainsAny(line, `$\\`) {
		p.expands = append(p.expands, lint.Span{Start: at.Start, End: at.Start + len(line)})
	}
	if !p.block && endsStatement(line) {
		p.end(at.End)
	}
}

func (p *gooseParser) annotation(line string, at lint.Span) {
	words := strings.TrimSpace(strings.Replace(strings.ReplaceAll(line, "--", ""), "+goose", "", 1))
	switch command := strings.ToUpper(words); {
	case line[0] == ' ' || line[0] == '\t':
		p.fail(at, "has an annotation that does not begin its line, so goose fails on it")
	case command == "UP" && !p.up && !p.down:
		p.up, p.begin = true, at.End
	case command == "DOWN" && p.up && !p.block:
		p.finish()
		p.up, p.down, p.begin = false, true, at.End
	case command == "STATEMENTBEGIN" && (p.up || p.down) && !p.block:
		p.block = true
	case command == "STATEMENTEND" && p.block:
		p.block = false
		if p.down == p.back {
			p.end(at.Start)
		}
	case command == "NO TRANSACTION":
		p.tx = lint.TxNone
	case command == "ENVSUB ON":
		p.envsub = true
	case command == "ENVSUB OFF":
		p.envsub = false
	default:
		p.fail(at, "has an annotation out of place or of no meaning to goose ("+words+"), so goose fails on it")
	}
}

func (p *gooseParser) end(at int) {
	if p.open {
		p.chunks = append(p.chunks, lint.Span{Start: p.begin, End: at})
		p.begin = at
	}
	p.open = false
}

func (p *gooseParser) finish() {
	switch {
	case p.wrong != "":
	case !p.up && !p.down:
		p.fail(wholeFile, "has no -- +goose Up, so goose fails on it")
	case p.block:
		p.fail(wholeFile, "has a StatementBegin without its StatementEnd, so goose fails on it")
	case p.open:
		p.fail(lint.Span{Start: p.begin, End: len(p.text)}, "has a statement without its semicolon at the end of a line, so goose fails on it")
	}
}

// checkCuts looks for statements that are cut where they do not end.
func (p *gooseParser) checkCuts() {
	if p.wrong == "" {
		p.cut, p.cutAt = cutWithin("goose", "+goose", p.text, p.chunks)
	}
}

func (p *gooseParser) fail(at lint.Span, why string) { p.wrong, p.at = why, at }

// endsStatement tells whether the last word before a comment ends with a
// semicolon.
func endsStatement(line string) bool {
	last := ""
	for _, word := range strings.Fields(line) {
		if strings.HasPrefix(word, "--") {
			break
		}
		last = word
	}
	return strings.HasSuffix(last, ";")
}

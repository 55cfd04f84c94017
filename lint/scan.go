package lint

import (
	"errors"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
)

// scanWindow is how much text is scanned at once, in bytes. A token takes 200
// bytes of memory, and a file may be nothing but tokens.
const scanWindow = 256 << 10

// unsettled is how many tokens at the end of a window may be others once more
// of the text is seen: the scanner takes U&'a' for three tokens until it sees
// the quote, and 'a' for all of a literal that goes on in a later line.
const unsettled = 4

// errTooSlow is why a text is not scanned.
var errTooSlow = errors.New("the operator characters in a row would take PostgreSQL's scanner too long; break them up")

// Scan returns the tokens of a text, comments among them. It returns an error
// for a text that PostgreSQL's scanner refuses, or would take too long for.
func Scan(text string) ([]*pg.ScanToken, error) {
	if slowRun(text) < len(text) {
		return nil, errTooSlow
	}
	return scan(text)
}

func scan(text string) ([]*pg.ScanToken, error) {
	if text == "" {
		return nil, nil
	}
	result, err := pg.Scan(text)
	if err != nil {
		return nil, err
	}
	return result.Tokens, nil
}

// A tokens is a run of tokens with the place of the first byte they count from.
type tokens struct {
	list []*pg.ScanToken
	text string // that they were scanned from
	base int
}

// eachWindow yields the tokens of a text in the order they stand in, so many at
// a time, until visit is content. It returns where the scanner gave up, and why.
func eachWindow(text string, size int, visit func(tokens) (more bool)) (at int, err error) {
	for start, width := 0, size; start < len(text); {
		end := characterBoundary(text, start+width)
		part := text[start:end]
		list, err := scan(part)
		failed := len(part)
		if err != nil {
			failed = errorOffset(err, part)
			list, _ = scan(part[:failed])
		}
		if end == len(text) {
			visit(tokens{list, text[start : start+failed], start})
			return start + failed, err
		}
		n := settled(list)
		if n == 0 {
			width *= 2
			continue
		}
		if !visit(tokens{list[:n], part[:list[n].Start], start}) {
			return 0, nil
		}
		start, width = start+int(list[n].Start), size
	}
	return len(text), nil
}

// settled returns how many tokens stay what they are when more text follows.
func settled(list []*pg.ScanToken) int {
	open := 0
	for n := len(list) - 1; n > 0; n-- {
		if !isComment(list[n]) {
			open++
		}
		if open == unsettled {
			return n
		}
	}
	if open == 0 {
		return max(0, len(list)-1) // nothing but comments
	}
	return 0
}

func isComment(t *pg.ScanToken) bool {
	return t.Token == pg.Token_SQL_COMMENT || t.Token == pg.Token_C_COMMENT
}

// characterBoundary moves an offset back to where a character begins, and into
// the text.
func characterBoundary(text string, offset int) int {
	if offset >= len(text) {
		return len(text)
	}
	for offset > 0 && !utf8.RuneStart(text[offset]) {
		offset--
	}
	return offset
}

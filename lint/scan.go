package lint

import (
	"errors"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
	"github.com/pganalyze/pg_query_go/v5/parser"
	"google.golang.org/protobuf/encoding/protowire"
)

// scanWindow is how much text is scanned at once, in bytes. The scanner takes 100
// bytes of memory for a token, and a file may be nothing but tokens.
const scanWindow = 256 << 10

// unsettledTokens is how many tokens at the end of a window may be others once more
// of the text is seen: the scanner takes U&'a' for three tokens until it sees
// the quote, and 'a' for all of a literal that goes on in a later line.
const unsettledTokens = 4

// errTooSlow is why a text is not scanned.
var errTooSlow = errors.New("the operator characters in a row would take PostgreSQL's scanner too long; break them up")

// Scan returns the tokens of a text, comments among them. It returns an error
// for a text that PostgreSQL's scanner refuses, or would take too long for.
func Scan(text string) ([]*pg.ScanToken, error) {
	if slowRun(text) < len(text) {
		return nil, errTooSlow
	}
	result, err := pg.Scan(text)
	if err != nil {
		return nil, err
	}
	return result.Tokens, nil
}

// A token is a [pg.ScanToken] that takes 12 bytes in place of 72 and no
// allocation of its own: all of a file are looked at once.
type token struct {
	start, end int32
	kind       pg.Token
}

// scanTokens returns the tokens of a text, comments among them.
func scanTokens(text string) ([]token, error) {
	if text == "" {
		return nil, nil
	}
	message, err := parser.ScanToProtobuf(text)
	if err != nil {
		return nil, err
	}
	return decodeTokens(message, len(text)/5)
}

// The numbers of fields in pg_query.proto.
const (
	fieldTokens protowire.Number = 2 // of ScanResult
	fieldStart  protowire.Number = 1 // of ScanToken
	fieldEnd    protowire.Number = 2
	fieldToken  protowire.Number = 4
)

var errTokens = errors.New("the scanner's tokens cannot be decoded")

// decodeTokens reads a ScanResult of about so many tokens.
func decodeTokens(message []byte, about int) ([]token, error) {
	list := make([]token, 0, about)
	for len(message) > 0 {
		field, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil, errTokens
		}
		if field != fieldTokens {
			length := protowire.ConsumeFieldValue(field, kind, message[n:])
			if length < 0 {
				return nil, errTokens
			}
			message = message[n+length:]
			continue
		}
		content, length := protowire.ConsumeBytes(message[n:])
		if length < 0 {
			return nil, errTokens
		}
		t, err := decodeToken(content)
		if err != nil {
			return nil, err
		}
		list, message = append(list, t), message[n+length:]
	}
	return list, nil
}

// decodeToken reads a ScanToken, which has numbers only.
func decodeToken(message []byte) (t token, err error) {
	for len(message) > 1 {
		field := protowire.Number(message[0] >> 3) // the tag of a small number is one byte
		value, n := protowire.ConsumeVarint(message[1:])
		if n < 0 {
			return t, errTokens
		}
		message = message[1+n:]
		switch field {
		case fieldStart:
			t.start = int32(value)
		case fieldEnd:
			t.end = int32(value)
		case fieldToken:
			t.kind = pg.Token(value)
		}
	}
	return t, nil
}

// A tokens is a run of tokens with the place of the first byte they count from.
type tokens struct {
	list []token
	text string // that they were scanned from
	base int
}

// eachWindow yields the tokens of a text in the order they stand in, so many at
// a time, until visit is content. It returns where the scanner gave up, and why.
func eachWindow(text string, size int, visit func(tokens) (more bool)) (at int, err error) {
	for start, width := 0, size; start < len(text); {
		end := characterBoundary(text, start+width)
		part := text[start:end]
		list, err := scanTokens(part)
		failed := len(part)
		if err != nil {
			failed = errorOffset(err, part)
			list, _ = scanTokens(part[:failed])
		}
		if end == len(text) {
			visit(tokens{list, text[start : start+failed], start})
			return start + failed, err
		}
		n := settledTokens(list)
		if n == 0 {
			width *= 2
			continue
		}
		if !visit(tokens{list[:n], part[:list[n].start], start}) {
			return 0, nil
		}
		start, width = start+int(list[n].start), size
	}
	return len(text), nil
}

// settledTokens returns how many tokens stay what they are when more text follows.
func settledTokens(list []token) int {
	open := 0
	for n := len(list) - 1; n > 0; n-- {
		if !isComment(list[n].kind) {
			open++
		}
		if open == unsettledTokens {
			return n
		}
	}
	if open == 0 {
		return max(0, len(list)-1) // nothing but comments
	}
	return 0
}

func isComment(kind pg.Token) bool {
	return kind == pg.Token_SQL_COMMENT || kind == pg.Token_C_COMMENT
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

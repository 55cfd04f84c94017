package source

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

var (
	conflictStart  = lazyregexp.New(`(?m)^<{7}( .*)?\r?$`)
	conflictMiddle = lazyregexp.New(`(?m)^={7}\r?$`)
	conflictEnd    = lazyregexp.New(`(?m)^>{7}( .*)?\r?$`)
)

// byteOrderMark is what psql and Flyway remove, and others send to the server.
const byteOrderMark = "\ufeff"

const lfsPointer = "version https://git-lfs.github.com/spec/"

// conflictMarkers returns where an unresolved merge conflict begins.
func conflictMarkers(text string) (lint.Span, bool) {
	if !strings.Contains(text, "<<<<<<<") || !conflictMiddle.MatchString(text) || !conflictEnd.MatchString(text) {
		return lint.Span{}, false
	}
	at := conflictStart.FindStringIndex(text)
	if at == nil {
		return lint.Span{}, false
	}
	return lint.Span{Start: at[0], End: at[1]}, true
}

// whyUnreadable says why a text is no SQL, if so.
func whyUnreadable(path, text string) (lint.Finding, bool) {
	if at, found := conflictMarkers(text); found {
		return rules.FileUnreadable.At(path, at.Start, at.End, "merge conflict markers; the migration was not checked, resolve the conflict first"), true
	}
	var why string
	switch {
	case strings.HasPrefix(text, lfsPointer):
		why = "a Git LFS pointer, not the SQL itself; run git lfs pull before migvet (in Actions: actions/checkout with lfs: true)"
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"):
		why = "UTF-16, which PostgreSQL refuses; save the file as UTF-8"
	case strings.ContainsRune(text, 0):
		why = "it holds NUL bytes (binary, or UTF-16), which PostgreSQL refuses; save the file as UTF-8"
	case !utf8.ValidString(text):
		at := invalidByte(text)
		return rules.FileUnreadable.At(path, at, at+1, "not UTF-8 from here on, so PostgreSQL refuses it; save the file as UTF-8"), true
	default:
		return lint.Finding{}, false
	}
	return rules.FileUnreadable.AtFile(path, why), true
}

func invalidByte(text string) int {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return len(text)
}

// read fills in a step's text, or says why it has none. The chunks of a step
// that cannot be read stay empty: nothing of it may reach a server.
func (f *Folder) read(s *step, text string, chunks []lint.Span) {
	s.raw, s.text = text, text
	f.files[s.path] = text
	if finding, bad := whyUnreadable(s.path, text); bad {
		s.unreadable = true
		s.opaque = "it cannot be read as SQL"
		f.problems = append(f.problems, problem{finding, "unreadable " + s.path + "\n" + text})
		return
	}
	if len(chunks) > maxChunks {
		s.unreadable = true
		why := fmt.Sprintf("it is sent in %d messages, and migvet reads files of at most %d; split it", len(chunks), maxChunks)
		f.problems = append(f.problems, problem{rules.FileUnreadable.AtFile(s.path, why), "unreadable " + s.path})
		return
	}
	s.chunks = chunks
}

// maxChunks is far above what people write; each message is a round trip.
const maxChunks = 10_000

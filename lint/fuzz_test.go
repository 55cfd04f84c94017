package lint_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/lint"
)

// samples returns all SQL of the repository's testdata, by file.
func samples(tb testing.TB) []string {
	tb.Helper()
	var all []string
	err := filepath.WalkDir("../testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".sql":
			data, err := os.ReadFile(path)
			all = append(all, string(data))
			return err
		case ".txtar":
			archive, err := txtar.ParseFile(path)
			if err != nil {
				return err
			}
			for _, f := range archive.Files {
				all = append(all, string(f.Data))
			}
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	if len(all) < 100 {
		tb.Fatalf("only %d samples in testdata", len(all))
	}
	return all
}

// edges are what the samples do not hold.
var edges = []string{
	"", ";", bom, bom + "SELECT 1", "\x00", "SELECT '\xff'", "SELECT U&'a", "SELECT U&\"a\" ; x", "/*", "--", "$$", "'", `"`, "\\d",
	"SELECT x.begin atomic; SELECT 2", "CREATE FUNCTION f() BEGIN ATOMIC END END; SELECT (", "CASE ) ] END", "SELECT 0x; SELECT 1",
	"-- migvet:ignore", "/* migvet:ignore-file a, b c */", "COPY t FROM stdin;\n\\.\n", "SELECT 1\r\n;\r\n", "é;é", "BEGIN;COMMIT;ROLLBACK TO a",
}

func FuzzParse(f *testing.F) {
	for _, s := range append(samples(f), edges...) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) { checkParse(t, source) })
}

// checkParse holds Parse to its promises on any bytes.
func checkParse(tb testing.TB, source string) {
	tb.Helper()
	statements, comments := lint.Parse(source)
	end := 0
	for _, s := range statements {
		if s.Start < end || s.End <= s.Start || s.End > len(source) {
			tb.Fatalf("%q: [%d, %d) behind %d is no place", source, s.Start, s.End, end)
		}
		end = s.End
		if s.SQL != source[s.Start:s.End] {
			tb.Fatalf("%q: SQL is %q, at its place stands %q", source, s.SQL, source[s.Start:s.End])
		}
		checkStart(tb, source, s)
		s.Facts()
		if p := lint.PanickedOf(s); p != nil {
			tb.Fatalf("%q: %q panicked: %v\n%s", source, s.SQL, p, p.Stack)
		}
		if (s.Node == nil) && (s.ParseError == nil) {
			tb.Fatalf("%q: %q has neither a tree nor an error", source, s.SQL)
		}
		if e := s.ParseError; e != nil && (e.Offset < 0 || e.Offset > len(source) || e.Message == "") {
			tb.Fatalf("%q: error %q at %d", source, e.Message, e.Offset)
		}
	}
	end = 0
	for _, c := range comments {
		text := source[c.Start:c.End]
		if c.Start < end || !strings.HasPrefix(text, "--") && !strings.HasPrefix(text, "/*") {
			tb.Fatalf("%q: %q is no comment", source, text)
		}
		end = c.End
	}
}

// checkStart wants a token where a statement starts: neither space nor a whole
// comment.
func checkStart(tb testing.TB, source string, s *lint.Statement) {
	tb.Helper()
	first := s.SQL[0]
	if strings.IndexByte(" \t\r\n\f;", first) >= 0 {
		tb.Fatalf("%q: %q starts with space", source, s.SQL)
	}
	if s.Node != nil && (strings.HasPrefix(s.SQL, "--") || strings.HasPrefix(s.SQL, "/*")) {
		tb.Fatalf("%q: %q starts with a comment", source, s.SQL)
	}
	if !utf8.RuneStart(first) && utf8.ValidString(source) {
		tb.Fatalf("%q: %q starts inside a character", source, s.SQL)
	}
}

func FuzzLines(f *testing.F) {
	for i, s := range append(samples(f), edges...) {
		f.Add(s, i, i)
	}
	f.Fuzz(func(t *testing.T, source string, offset, characters int) {
		lines := lint.NewLines(source)
		checkPosition(t, lines, source, offset)
		last := lint.Position{}
		for i := range len(source) + 1 {
			if i > 2000 {
				break
			}
			at := checkPosition(t, lines, source, i)
			if at.Line < last.Line || at.Line == last.Line && at.Column < last.Column {
				t.Fatalf("%q: %v at %d comes behind %v", source, at, i, last)
			}
			last = at
		}
		if at := lint.CharacterOffset(source, characters); at < 0 || at > len(source) {
			t.Fatalf("%q: character %d is at byte %d", source, characters, at)
		}
	})
}

// checkPosition wants a place that an editor can go to.
func checkPosition(tb testing.TB, lines *lint.Lines, source string, offset int) lint.Position {
	tb.Helper()
	at := lines.Position(offset)
	if at.Line < 1 || at.Line > strings.Count(source, "\n")+1 || at.Column < 1 {
		tb.Fatalf("%q: %d is at %v", source, offset, at)
	}
	// One more than the line is long is its end; one more is a CR.
	if limit := utf8.RuneCountInString(lines.Text(at.Line)) + 2; at.Column > limit {
		tb.Fatalf("%q: %d is at %v, of a line with %d characters", source, offset, at, limit-2)
	}
	return at
}

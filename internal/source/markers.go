package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A downMarker is a line behind which a file goes back, for the tool that knows it.
// For others it is a comment.
type downMarker struct {
	tool string // as its makers write it
	line *lazyregexp.Regexp
}

// downMarkers are those of the tools that migvet knows, and of some that it does not.
var downMarkers = []downMarker{
	{Goose, lazyregexp.New(`(?im)^[ \t]*--[ \t]*\+goose[ \t]+Down\b.*$`)},
	{Dbmate, lazyregexp.New(`(?im)^[ \t]*--[ \t]*migrate:down\b.*$`)},
	{SQLMigrate, lazyregexp.New(`(?im)^[ \t]*--[ \t]*\+migrate[ \t]+Down\b.*$`)},
	{Tern, lazyregexp.New(`(?m)^---- create above / drop below ----`)},
	{NodePgMigrate, lazyregexp.New(`(?im)^[ \t]*--[ \t-]*down[ \t]+migration[ \t:.-]*\r?$`)},
	{"rambler", lazyregexp.New(`(?im)^[ \t]*--[ \t]*rambler[ \t]+down\b.*$`)},
	{"micrate", lazyregexp.New(`(?im)^[ \t]*--[ \t]*\+micrate[ \t]+Down\b.*$`)},
	{"MyBatis Migrations", lazyregexp.New(`(?im)^[ \t]*--[ \t]*//[ \t]*@UNDO\b.*$`)},
	{"Play evolutions", lazyregexp.New(`(?im)^[ \t]*--[ \t]*(?:---[ \t]*)?!Downs\b.*$`)},
	{"shmig", lazyregexp.New(`(?im)^[ \t]*--[ \t]*=+[ \t]*DOWN[ \t]*=+.*$`)},
}

// foreignMarkers reports new migrations that run on behind the marker of another
// tool. A plain folder may be one of a tool that migvet does not know, and so is a
// marker that the base has in the folder.
func (r *review) foreignMarkers(t tool) {
	for _, m := range downMarkers {
		_, known := toolNamed(m.tool)
		if m.tool == t.name || t.name == Plain && !known {
			continue
		}
		marked := slices.DeleteFunc(slices.Clone(r.added), func(s *step) bool { return m.find(s.text) == nil })
		if len(marked) == 0 || slices.ContainsFunc(r.before(), func(s *step) bool { return m.find(s.text) != nil }) {
			continue
		}
		for _, s := range marked {
			r.foreignMarker(t, m, s)
		}
	}
}

// find returns where the first such line begins and ends, nil where there is none.
// Only lines that are comments are matched, which takes the less time.
func (m downMarker) find(text string) []int {
	for at := 0; ; {
		dashes := strings.Index(text[at:], "--")
		if dashes < 0 {
			return nil
		}
		start := 1 + strings.LastIndexByte(text[:at+dashes], '\n')
		end := len(text)
		if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
			end = start + n
		}
		if found := m.line.FindStringIndex(text[start:end]); found != nil {
			return []int{start + found[0], start + found[1]}
		}
		at = end
	}
}

func (r *review) foreignMarker(t tool, m downMarker, s *step) {
	at := m.find(s.text)
	if at == nil || s.opaque != "" || s.refused != "" {
		return
	}
	behind := s.text[at[1]:]
	start, end := statementsIn(behind)
	if start < 0 {
		return
	}
	first := 1 + strings.Count(s.text[:at[1]+start], "\n")
	last := 1 + strings.Count(s.text[:at[1]+end], "\n")
	r.report(rules.MarkerForeign.At(s.path, at[0], at[1], fmt.Sprintf(
		"the marker means something to %s and nothing to %s, which takes it for a comment: %s as well; remove what is behind it, or name the tool in .migvet.yml if it is %s",
		m.tool, t.name, linesRun(first, last), m.tool)))
}

func linesRun(first, last int) string {
	if first == last {
		return fmt.Sprintf("line %d runs", first)
	}
	return fmt.Sprintf("lines %d to %d run", first, last)
}

// statementsIn returns where the first statement of a text begins and the last one
// ends; -1 when there is none.
func statementsIn(text string) (start, end int) {
	if !lint.HasStatement(text) {
		return -1, -1
	}
	end = len(strings.TrimRight(text, " \t\r\n"))
	for at := range textLines(text) {
		if line := strings.TrimSpace(text[at.Start:at.End]); line != "" && !strings.HasPrefix(line, "--") {
			return at.Start, end
		}
	}
	return 0, end
}

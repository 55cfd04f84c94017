package report

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

// maxSuggestion is in bytes: nobody reads longer ones in a comment.
const maxSuggestion = 4000

// suggestion returns the whole lines of a finding as they are after its edits,
// without the last line end; "" when it has no edits, or they reach beyond.
func (p *places) suggestion(f lint.Finding) string {
	source := p.sources[f.Path]
	if len(f.Edits) == 0 || f.Start < 0 || f.End > len(source) {
		return ""
	}
	from := strings.LastIndexByte(source[:f.Start], '\n') + 1
	to := len(source)
	if n := strings.IndexByte(source[max(f.Start, f.End):], '\n'); n >= 0 {
		to = max(f.Start, f.End) + n
	}
	var edits []lint.Edit
	for _, e := range f.Edits {
		if e.Start < from || e.End > to {
			return ""
		}
		e.Start, e.End = e.Start-from, e.End-from
		edits = append(edits, e)
	}
	text, _ := lint.ApplyEdits(source[from:to], edits)
	if len(text) > maxSuggestion {
		return ""
	}
	return strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\r")
}

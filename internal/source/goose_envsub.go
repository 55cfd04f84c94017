package source

import (
	"fmt"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// https://github.com/mfridman/interpolate/blob/main/parser.go
var gooseVariable = lazyregexp.New(`\\\\|\\\$|\$\$|\$\(|\$\{(\pL[\pL\pN_]*)(?:(:?-|\?)([^}$]*))?\}|\$(\pL[\pL\pN_]*)|\$`)

// expandGoose replaces environment variables in lines of a step. Dollar quotes
// are no exception: $$ is how a dollar sign is written there.
func (f *Folder) expandGoose(s *step, in []lint.Span) {
	var all []substitution
	for _, line := range in {
		text := s.text[line.Start:line.End]
		for _, m := range gooseVariable.FindAllStringSubmatchIndex(text, -1) {
			found := text[m[0]:m[1]]
			at := lint.Span{Start: line.Start + m[0], End: line.Start + m[1]}
			switch {
			case found == `\\`, found == `$(`, found == `$` && m[1] == len(text):
			case found == `\$`, found == `$$`:
				all = append(all, substitution{at, "$"})
			case found == `$`:
				s.opaque = fmt.Sprintf("goose replaces environment variables in it (ENVSUB ON), and migvet does not know this way to write one: %s", text[m[0]:])
				return
			default:
				value, ok := f.gooseValue(text, m)
				if !ok {
					s.opaque = f.unknownValue(found, gooseVariableName(text, m))
					return
				}
				all = append(all, substitution{at, value})
			}
		}
	}
	s.substitute(all)
}

func gooseVariableName(text string, m []int) string {
	if m[2] >= 0 {
		return text[m[2]:m[3]]
	}
	return text[m[8]:m[9]]
}

// gooseValue returns the configured value of a variable, or its default where
// the value is empty and ":-" gives one.
func (f *Folder) gooseValue(text string, m []int) (string, bool) {
	value, ok := f.Placeholders[gooseVariableName(text, m)]
	if ok && value == "" && m[4] >= 0 && text[m[4]:m[5]] == ":-" {
		return text[m[6]:m[7]], true
	}
	return value, ok
}

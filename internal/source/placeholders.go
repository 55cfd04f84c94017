package source

import (
	"errors"
	"fmt"
	"strings"

	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
)

// A mark is a placeholder in a file: a part that the tool replaces by a value
// before it sends the file.
type mark struct {
	at   lint.Span
	name string // by which the configuration gives the value
}

// A substitution is a part of a file and what the tool sends in its place.
type substitution struct {
	at   lint.Span
	text string
}

// fill puts the configured values into a step, so that everything after it
// sees what the tool sends. A step with a placeholder whose value is not known
// is opaque. The tool's own placeholders have their values in known, which may
// be nil.
func (f *Folder) fill(s *step, marks []mark, known map[string]string) {
	var all []substitution
	for _, m := range marks {
		value, ok := f.Placeholders[m.name]
		if !ok {
			value, ok = known[m.name]
		}
		if !ok {
			s.opaque = f.unknownValue(s.text[m.at.Start:m.at.End], m.name)
			return
		}
		all = append(all, substitution{m.at, value})
	}
	s.substitute(all)
}

// fillSQL puts the values of placeholders into SQL beside the migrations, as
// graphile-migrate does with that of its actions.
func (f *Folder) fillSQL(sql string) (string, error) {
	s := step{text: sql}
	f.fillBefore(f, &s)
	if s.opaque != "" {
		return "", errors.New(s.opaque)
	}
	return s.text, nil
}

// unknownValue says why a step is opaque, and the line of configuration that
// changes that.
func (f *Folder) unknownValue(placeholder, name string) string {
	return fmt.Sprintf("%s replaces %s in it by a value that migvet does not know; give it %s",
		f.Tool, placeholder, f.Place.Under(f.Dir, "placeholders: {"+yamltext.Scalar(name)+": …}"))
}

// substitute replaces parts of a step's text, which must be in order. It is
// called once for a step, before its parts are found.
func (s *step) substitute(all []substitution) {
	if len(all) == 0 {
		return
	}
	if size := s.sizeWith(all); size > maxFile {
		s.opaque = tooLongFilled
		return
	}
	var b strings.Builder
	rest := 0
	for _, sub := range all {
		b.WriteString(s.text[rest:sub.at.Start])
		made := lint.Span{Start: b.Len(), End: b.Len() + len(sub.text)}
		b.WriteString(sub.text)
		s.replaced = append(s.replaced, lint.Replacement{In: sub.at, Made: made})
		rest = sub.at.End
	}
	b.WriteString(s.text[rest:])
	s.text = b.String()
	s.chunks = []lint.Span{{Start: 0, End: len(s.text)}}
}

var tooLongFilled = fmt.Sprintf("with the values of its placeholders it has more than %d MiB, the most that migvet reads of a file", maxFile>>20)

// sizeWith returns how many bytes the text has with the substitutions. A value
// of a few bytes more in each of a million places fills memory.
func (s *step) sizeWith(all []substitution) int {
	size := len(s.text)
	for _, sub := range all {
		size += len(sub.text) - (sub.at.End - sub.at.Start)
	}
	return size
}

// madeFrom returns where in the step's text an offset of its file is. It is
// not asked for offsets inside of a placeholder.
func (s *step) madeFrom(offset int) int {
	moved := offset
	for _, r := range s.replaced {
		if offset < r.In.End {
			break
		}
		moved = offset - r.In.End + r.Made.End
	}
	return moved
}

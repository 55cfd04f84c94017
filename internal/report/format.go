package report

import (
	"fmt"
	"io"

	"github.com/migvet/migvet/lint"
)

// A Format writes a report.
type Format func(io.Writer, *Report) error

// allFormats is the one list of formats; its order is that of the documentation.
var allFormats = []struct {
	name string
	with func(TextOptions) Format
}{
	{"text", withOptions(Text)},
	{"json", ignoreOptions(JSON)},
	{"github", withOptions(GitHub)},
	{"markdown", ignoreOptions(Summary)},
	{"sarif", ignoreOptions(SARIF)},
	{"gitlab", ignoreOptions(GitLab)},
	{"junit", ignoreOptions(JUnit)},
	{"rdjsonl", ignoreOptions(RDJSONL)},
}

func ignoreOptions(f Format) func(TextOptions) Format {
	return func(TextOptions) Format { return f }
}

func withOptions(write func(io.Writer, *Report, TextOptions) error) func(TextOptions) Format {
	return func(o TextOptions) Format {
		return func(w io.Writer, r *Report) error { return write(w, r, o) }
	}
}

// Formats returns the names that ByName knows.
func Formats() []string {
	var names []string
	for _, f := range allFormats {
		names = append(names, f.name)
	}
	return names
}

// ByName returns a format. The options are for those that people read in a
// terminal or log; the others have none.
func ByName(name string, o TextOptions) (Format, error) {
	for _, f := range allFormats {
		if f.name == name {
			return f.with(o), nil
		}
	}
	return nil, fmt.Errorf("unknown format %q%s", name, lint.DidYouMean(name, Formats()))
}

package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A layout is how a tool that goes by the names of files reads its folder.
type layout struct {
	// list returns the paths that may be migrations, from the folder: "0001_a/up.sql".
	// nil takes the files in the folder itself that end in .sql.
	list func(d *directory) []string

	// name makes a step of a path, with name and key: "0001_a" and "1" of 0001_a.up.sql.
	// ok is false for what the tool passes over, such as 0001_a.down.sql.
	name func(file string) (s step, ok bool)

	// stray ends the finding on a file that name refuses: behind "notes.sql", "has no
	// number before its first underscore, so tern never runs it". "" reports none.
	stray string

	// knows tells of a file that name refuses whether the tool has another use for it;
	// nil where only what is called like a way back is no stray.
	knows func(file string) bool

	order func(a, b string) int // compares keys
	tx    lint.TxMode

	// up blanks what does not run forwards, such as the part behind "-- +goose Down",
	// and cuts the rest into the messages that are sent; nil sends the file as one.
	up func(f *Folder, s *step)

	// downs finds the file that takes a step back: 0001_a.down.sql for 0001_a.up.sql.
	// prepare is up for that file. nil for tools that keep both in one file, or have
	// no downs.
	downs   func(d *directory) findDown
	prepare func(f *Folder, back *step)

	// check looks at the folder as a whole, such as for gaps between the numbers; nil
	// where nothing can be wrong with it.
	check func(f *Folder, d *directory)
}

func (l layout) load(d *directory, found Found) (*Folder, error) {
	f := &Folder{Found: found, files: map[string]string{}, parse: l.parse}
	files := d.sql()
	if l.list != nil {
		files = l.list(d)
	}
	var find findDown
	if l.downs != nil {
		find = l.downs(d)
	}
	for _, file := range files {
		if err := l.add(f, d, file, find); err != nil {
			return nil, err
		}
	}
	flat := !slices.ContainsFunc(files, func(file string) bool { return strings.Contains(file, "/") })
	f.forward = l.downs != nil && flat && !slices.ContainsFunc(d.files, backwardFile.MatchString)
	slices.SortStableFunc(f.steps, func(a, b step) int { return l.order(a.key, b.key) })
	if l.check != nil {
		l.check(f, d)
	}
	return f, nil
}

func (l layout) add(f *Folder, d *directory, file string, down findDown) error {
	s, ok := l.name(file)
	if !ok {
		l.passOver(f, file)
		return nil
	}
	text, err := d.read(file)
	if err != nil {
		return err
	}
	s.path = path.Join(f.Dir, file)
	s.number = numberOf(s.name)
	s.listed = lint.Span{Start: lint.NoPos, End: lint.NoPos}
	l.parse(f, &s, text)
	if down != nil {
		l.downFile(f, d, &s, down)
	}
	f.steps = append(f.steps, s)
	return nil
}

// parse reads a step's file.
func (l layout) parse(f *Folder, s *step, text string) {
	s.tx = l.tx
	f.read(s, text, []lint.Span{{Start: 0, End: len(text)}})
	if !s.unreadable && s.opaque == "" && l.up != nil {
		l.up(f, s)
	}
	if len(s.chunks) == 0 && s.opaque == "" && s.refused == "" && strings.HasPrefix(text, byteOrderMark) {
		f.refuse(s, wholeFile, "")
	}
	if s.opaque != "" {
		s.chunks = nil
	}
}

func (l layout) passOver(f *Folder, file string) {
	if l.stray == "" || backwardFile.MatchString(file) || l.knows != nil && l.knows(file) {
		return
	}
	full := path.Join(f.Dir, file)
	f.problems = append(f.problems, problem{
		rules.MigrationOrphaned.AtFile(full, fmt.Sprintf("%s %s", path.Base(file), l.stray)), "orphan " + full,
	})
}

// refuse notes that the tool fails on a step before it sends anything. The
// sentence follows the name of the file: "has no -- migrate:up". A byte order mark
// is blamed for whatever is not found behind it.
func (f *Folder) refuse(s *step, at lint.Span, sentence string) {
	if strings.HasPrefix(s.raw, byteOrderMark) {
		at, sentence = lint.Span{Start: 0, End: len(byteOrderMark)}, "begins with a byte order mark, behind which "+f.Tool+" does not find its own marks; save it as UTF-8 without BOM"
	}
	s.refused = sentence
	s.chunks = nil
	f.problems = append(f.problems, problem{
		rules.FileUnreadable.At(s.path, at.Start, at.End, fmt.Sprintf("%s %s", s.file(), sentence)),
		"refused " + s.path + " " + sentence,
	})
}

// refuseAll notes that the tool reads all files before it runs any, and fails
// on this one.
func (f *Folder) refuseAll(s *step, at lint.Span, sentence string) {
	f.refuse(s, at, sentence)
	if f.broken == "" {
		f.broken = s.file() + " " + sentence
	}
}

// byNumber compares strings of digits of any length.
func byNumber(a, b string) int {
	switch {
	case numericallyAfter(a, b):
		return 1
	case numericallyAfter(b, a):
		return -1
	default:
		return 0
	}
}

package report

import "github.com/migvet/migvet/lint"

// places converts offsets to positions and remembers each file's lines.
type places struct {
	sources map[string]string
	lines   map[string]*lint.Lines
}

func newPlaces(r *Report) *places {
	return &places{r.Sources, map[string]*lint.Lines{}}
}

// file returns the lines of a file, nil when its text is not known.
func (p *places) file(path string) *lint.Lines {
	if l, ok := p.lines[path]; ok {
		return l
	}
	source, ok := p.sources[path]
	if !ok {
		return nil
	}
	p.lines[path] = lint.NewLines(source)
	return p.lines[path]
}

// at returns the position of an offset; the zero Position stands for the whole
// file.
func (p *places) at(path string, offset int) lint.Position {
	lines := p.file(path)
	if lines == nil || offset < 0 {
		return lint.Position{}
	}
	return lines.Position(offset)
}

// span returns where a finding starts and ends; both are zero for a whole file.
func (p *places) span(f lint.Finding) (start, end lint.Position) {
	start = p.at(f.Path, f.Start)
	if start.Line == 0 {
		return start, start
	}
	return start, p.at(f.Path, max(f.Start, f.End))
}

// A unit is what a format counts columns in: how it tells the place of an
// offset.
type unit func(*lint.Lines, int) lint.Position

// region is the place of a finding in units of columns, counted from 1; ok is
// false for a whole file.
func (p *places) region(f lint.Finding, u unit) (start, end lint.Position, ok bool) {
	lines := p.file(f.Path)
	if lines == nil || f.Start < 0 {
		return start, end, false
	}
	start, end = spanPositions(lines, lint.Span{Start: f.Start, End: max(f.Start, f.End)}, u)
	return start, end, true
}

func spanPositions(lines *lint.Lines, s lint.Span, u unit) (start, end lint.Position) {
	return u(lines, s.Start), u(lines, s.End)
}

func inBytes(lines *lint.Lines, offset int) lint.Position {
	line, before := lines.Before(offset)
	return lint.Position{Line: line, Column: len(before) + 1}
}

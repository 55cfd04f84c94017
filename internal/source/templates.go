package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// A template is filled in by a program before anything is sent: {{.prefix}}, {% if … %},
// <%= name %>, ${schema}, /* SCHEMA */."users".
var (
	templateMark = lazyregexp.New(`\{\{.*?\}\}|\{%.*?%\}|<%.*?%>|\$\{[^}\n]*\}`)

	// templateNoise is what may hold marks that are text: comments, literals.
	templateNoise = lazyregexp.New(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$\w*\$.*?\$\w*\$`)

	// templateName is one that stands for a value by its name.
	templateName = lazyregexp.New(`^(?:\{\{-?\s*\.?([\w.]+)\s*-?\}\}|<%=\s*@?(\w+)\s*%>|\$\{(\w+)\}|/\*\s*(\w+)\s*\*/)$`)

	// commentBeforeDot stands where the name of a schema has to.
	commentBeforeDot = lazyregexp.New(`(?:^|[\s(,'])(/\*\s*\w+\s*\*/)\.["\w]`)
)

// markBeginnings are in every text that has a mark. Others, such as DEFAULT '{}', need not be
// searched.
var markBeginnings = []string{"{{", "{%", "<%", "${", "*/."}

// templateMarks are the marks in SQL. Those in literals and comments are text, such as an
// e-mail's "Hello {{name}}".
func templateMarks(text string) (marks []lint.Span) {
	if !slices.ContainsFunc(markBeginnings, func(begins string) bool { return strings.Contains(text, begins) }) {
		return nil
	}
	noise := templateNoise.FindAllStringIndex(text, -1)
	for _, at := range templateMark.FindAllStringIndex(text, -1) {
		literal := slices.ContainsFunc(noise, func(n []int) bool { return n[0] < at[0] && at[1] <= n[1] })
		if !literal {
			marks = append(marks, lint.Span{Start: at[0], End: at[1]})
		}
	}
	return inPlace(append(marks, commentsBeforeDots(text)...))
}

// commentsBeforeDots are the comments that are no SQL until a name takes their place.
func commentsBeforeDots(text string) (marks []lint.Span) {
	for _, at := range commentBeforeDot.FindAllStringSubmatchIndex(text, -1) {
		marks = append(marks, lint.Span{Start: at[2], End: at[3]})
	}
	return marks
}

// TemplateMark is the first place in SQL that something fills in before a server sees it: {{
// name }}; "" where there is none.
func TemplateMark(sql string) string {
	for _, at := range templateMarks(sql) {
		return sql[at.Start:at.End]
	}
	return ""
}

func inPlace(marks []lint.Span) []lint.Span {
	slices.SortFunc(marks, func(a, b lint.Span) int { return cmp.Compare(a.Start, b.Start) })
	return marks
}

// everyMark are all of them: what fills a file in knows no literals.
func everyMark(text string) (marks []lint.Span) {
	for _, at := range templateMark.FindAllStringIndex(text, -1) {
		marks = append(marks, lint.Span{Start: at[0], End: at[1]})
	}
	return inPlace(append(marks, commentsBeforeDots(text)...))
}

// valueName is the name of the value that a mark stands for; "" for what decides or
// repeats, as {{if .postgres}} and {{end}} do.
func valueName(mark string) string {
	m := templateName.FindStringSubmatch(mark)
	if m == nil {
		return ""
	}
	name := m[1] + m[2] + m[3] + m[4]
	if slices.Contains([]string{"end", "else"}, name) {
		return ""
	}
	return name
}

// templates are the steps that something else than the tool fills in, where these are
// most, or are called so. A placeholder in one file of two is that file's mistake, unless
// it decides what runs.
func (f *Folder) templates() (marked []*step, decides bool) {
	if slices.Contains([]string{Tern, Flyway, Liquibase}, f.Tool) {
		return nil, false // which fill in what they know
	}
	for i := range f.steps {
		s := &f.steps[i]
		if len(s.replaced) > 0 || s.opaque != "" || s.unreadable {
			continue
		}
		marks := templateMarks(s.text)
		if len(marks) > 0 {
			marked = append(marked, s)
		}
		decides = decides || slices.ContainsFunc(marks, func(m lint.Span) bool { return valueName(s.text[m.Start:m.End]) == "" })
	}
	if 2*len(marked) < len(f.steps) || len(marked) < min(2, len(f.steps)) && !decides {
		return slices.DeleteFunc(marked, func(s *step) bool { return !IsTemplateOfSQL(s.path) }), decides
	}
	return marked, decides
}

// fillTemplates puts the configured values into steps that are templates. Those without
// are opaque, for one reason that holds for the folder.
func (f *Folder) fillTemplates() {
	marked, decides := f.templates()
	f.fillComments(marked)
	if len(marked) == 0 {
		return
	}
	why := f.whyTemplates(marked, decides)
	for _, s := range marked {
		f.fillTemplate(s, why)
		if down := s.down; down != nil {
			s.down = func() *step {
				back := down()
				if back != nil {
					f.fillTemplate(back, why)
				}
				return back
			}
		}
	}
	f.templateWhy = why
	f.forgiveTemplates(marked)
}

// forgiveTemplates takes back what was wrong with files that are not what the tool gets
// to see.
func (f *Folder) forgiveTemplates(marked []*step) {
	opaque := map[string]bool{}
	for _, s := range marked {
		if s.opaque != "" {
			opaque[s.path] = true
			s.refused, f.broken = "", ""
		}
	}
	f.problems = slices.DeleteFunc(f.problems, func(p problem) bool { return opaque[p.Path] && p.Rule == rules.FileUnreadable.ID })
}

// fillTemplate fills in one file; without a value for each mark it is opaque.
func (f *Folder) fillTemplate(s *step, why string) {
	var named []mark
	comments := commentsOf(s.text)
	for _, m := range everyMark(s.text) {
		name := valueName(s.text[m.Start:m.End])
		_, ok := f.Placeholders[name]
		if ok && name != "" && s.sentWhole() {
			named = append(named, mark{m, name})
			continue
		}
		if !isInside(m, comments) {
			s.opaque, s.chunks = why, nil
			return
		}
	}
	f.fillMarks(s, inOrder(append(named, commentMarks(s)...)))
}

// sentWhole tells whether the file is sent as one message, so that its parts cannot move.
func (s *step) sentWhole() bool {
	return len(s.chunks) == 1 && s.chunks[0] == lint.Span{Start: 0, End: len(s.text)}
}

// whyTemplates says why the files cannot be checked, and the way out.
func (f *Folder) whyTemplates(marked []*step, decides bool) string {
	first := marked[0]
	mark := templateMarks(first.text)[0]
	why := fmt.Sprintf("the files of %s are templates", f.Dir)
	if IsTemplateOfSQL(first.path) {
		why = fmt.Sprintf("the files of %s that end in %s are templates", f.Dir, path.Ext(first.path))
	}
	why = fmt.Sprintf("%s, which something else than %s fills in (%s in %s)", why, f.Tool, first.text[mark.Start:mark.End], path.Base(first.path))
	names := f.missingValues(marked)
	if decides || !first.sentWhole() || len(names) == 0 {
		return why + ", and what runs is known only when they are; render them, and name the folder of what comes of it: " + f.Place.Rendered(f.Dir)
	}
	return why + "; give the values " + f.Place.Under(f.Dir, "placeholders: {"+strings.Join(names, ": …, ")+": …}")
}

// missingValues are the names of values that the configuration does not give.
func (f *Folder) missingValues(marked []*step) (names []string) {
	for _, s := range marked {
		comments := commentsOf(s.text)
		for _, m := range everyMark(s.text) {
			name := valueName(s.text[m.Start:m.End])
			if _, ok := f.Placeholders[name]; !ok && name != "" && !isInside(m, comments) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

package source

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
)

// ternTemplates renders tern's files, which are Go templates. What is between
// the actions keeps its place in the file.
//
// They come from strangers: nothing in them repeats but calls of shared files,
// which are counted, and what they yield is bounded.
type ternTemplates struct {
	shared *template.Template // the files in directories below, by path
	calls  int                // of shared files, while one group is rendered
	broken error              // why a shared file is no template that migvet knows
	data   map[string]string
}

func newTernTemplates(d *directory, found Found) *ternTemplates {
	t := &ternTemplates{data: d.ternConf().data()}
	t.shared = template.New("shared").Option("missingkey=error").Funcs(template.FuncMap{
		"counted": t.count,
		"printf":  func(...any) (string, error) { return "", errors.New("printf is not rendered") },
	})
	maps.Copy(t.data, found.Placeholders)
	files := map[string]bool{}
	for _, file := range d.sqlBelow("") {
		if path.Dir(file) == "." || path.Ext(file) != ".sql" {
			continue
		}
		parsed, err := t.shared.New(file).Parse("{{counted}}" + d.text(file))
		switch {
		case err != nil:
			t.broken = err
		case parsed.Tree != nil && ternRepeats(parsed.Root):
			t.broken = errTernRange
		}
		files[file] = true
	}
	for _, other := range t.shared.Templates() {
		if !files[other.Name()] && other.Name() != "shared" {
			t.broken = errTernDefines
		}
	}
	return t
}

// parts parts a file at the line between up and down, and renders both.
func (t *ternTemplates) parts(f *Folder, s *step) {
	end := len(s.text)
	if at := strings.Index(s.text, ternDown); at >= 0 {
		end = at
		below := lint.Span{Start: at + len(ternDown), End: len(s.text)}
		if whole := *s; strings.TrimSpace(s.text[below.Start:]) != "" {
			s.down = func() *step {
				back := whole
				t.section(f, &back, below)
				return &back
			}
		}
	}
	if t.section(f, s, lint.Span{Start: 0, End: end}); s.opaque == "" && onlyComments(s.text) {
		f.refuseAll(s, wholeFile, "has no SQL that runs forwards, so tern refuses the whole folder (“no sql in forward migration step”)")
	}
}

// section leaves of a step one part of its file, rendered.
func (t *ternTemplates) section(f *Folder, s *step, at lint.Span) {
	s.keep(at)
	if t.render(f, s, at); s.opaque != "" {
		return
	}
	s.keep(trimmedSpan(s.text, lint.Span{Start: s.madeFrom(at.Start), End: s.madeFrom(at.End)}))
	if ternNoTx.MatchString(s.text[s.chunks[0].Start:s.chunks[0].End]) {
		s.tx = lint.TxNone
		s.sendStatements()
	}
}

// render puts what the template's actions yield into the step. Neighbouring
// actions are rendered together; a variable that one of them sets does not
// reach the next group, which makes the step opaque.
func (t *ternTemplates) render(f *Folder, s *step, at lint.Span) {
	text := s.text[at.Start:at.End]
	if !strings.Contains(text, "{{") {
		return
	}
	root, err := t.parse(text)
	if err != nil {
		s.opaque = "tern renders it as a template that migvet cannot read: " + ternReason(err)
		return
	}
	var all []substitution
	for _, g := range ternGroups(root, len(text)) {
		made, err := t.execute(g.nodes)
		if name := ternMissing(err); name != "" {
			s.opaque = f.unknownValue(strings.TrimSpace(text[g.at.Start:g.at.End]), name)
			return
		}
		if err != nil {
			s.opaque = "tern renders it as a template that migvet cannot run: " + ternReason(err)
			return
		}
		all = append(all, substitution{lint.Span{Start: at.Start + g.at.Start, End: at.Start + g.at.End}, made})
	}
	s.substitute(all)
}

func (t *ternTemplates) parse(text string) (*parse.ListNode, error) {
	if t.broken != nil {
		return nil, t.broken
	}
	main, err := template.Must(t.shared.Clone()).New("up").Parse(text)
	if err != nil {
		return nil, err
	}
	for _, other := range main.Templates() { // those that the file itself defines
		if t.shared.Lookup(other.Name()) == nil && other.Name() != "up" {
			return nil, errTernDefines
		}
	}
	switch {
	case main.Tree == nil:
		return &parse.ListNode{}, nil
	case ternRepeats(main.Root):
		return nil, errTernRange
	}
	return main.Root, nil
}

const (
	maxTernCalls = 10_000
	maxTernText  = 16 << 20
)

var (
	errTernRange   = errors.New("range is not rendered")
	errTernLarge   = errors.New("it yields too much")
	errTernDefines = errors.New("a file defines a template of its own")
)

func (t *ternTemplates) count() (string, error) {
	if t.calls++; t.calls > maxTernCalls {
		return "", errTernLarge
	}
	return "", nil
}

// ternRepeats tells whether there is a loop below a node.
func ternRepeats(list *parse.ListNode) bool {
	if list == nil {
		return false
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.RangeNode:
			return true
		case *parse.IfNode:
			if ternRepeats(n.List) || ternRepeats(n.ElseList) {
				return true
			}
		case *parse.WithNode:
			if ternRepeats(n.List) || ternRepeats(n.ElseList) {
				return true
			}
		}
	}
	return false
}

// ternOutput refuses more than a migration can be.
type ternOutput struct{ bytes.Buffer }

func (o *ternOutput) Write(b []byte) (int, error) {
	if o.Len()+len(b) > maxTernText {
		return 0, errTernLarge
	}
	return o.Buffer.Write(b)
}

// A ternGroup is what stands between two pieces of plain text.
type ternGroup struct {
	at    lint.Span // white space that the actions trim included
	nodes []parse.Node
}

func ternGroups(root *parse.ListNode, end int) []ternGroup {
	var groups []ternGroup
	var nodes []parse.Node
	from := 0
	add := func(to int) {
		if from < to {
			groups = append(groups, ternGroup{lint.Span{Start: from, End: to}, nodes})
		}
		nodes = nil
	}
	for _, n := range root.Nodes {
		text, ok := n.(*parse.TextNode)
		if !ok {
			nodes = append(nodes, n)
			continue
		}
		add(int(text.Pos))
		from = int(text.Pos) + len(text.Text)
	}
	add(end)
	return groups
}

func (t *ternTemplates) execute(nodes []parse.Node) (string, error) {
	if len(nodes) == 0 {
		return "", nil // a comment
	}
	group := template.Must(t.shared.Clone())
	list := &parse.ListNode{NodeType: parse.NodeList, Nodes: nodes}
	group, err := group.AddParseTree("group", &parse.Tree{Name: "group", Root: list})
	if err != nil {
		return "", err
	}
	t.calls = 0
	var out ternOutput
	err = group.Execute(&out, t.data)
	return out.String(), err
}

var (
	ternMissingKey = lazyregexp.New(`map has no entry for key "([^"]*)"`)
	ternWhere      = lazyregexp.New(`^template: [^ ]*:\d+(?::\d+)?: (?:executing "[^"]*" )?`)
)

// ternMissing returns the name of a value that is not known, if that is what
// went wrong.
func ternMissing(err error) string {
	if err == nil {
		return ""
	}
	if m := ternMissingKey.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return ""
}

func ternReason(err error) string {
	return ternWhere.ReplaceAllString(fmt.Sprint(err), "")
}

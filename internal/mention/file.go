package mention

import (
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A Kind of file says how much a word in it says.
type Kind int

// Code breaks, Data is read by it, Prose breaks nowhere; Nothing is made by a program or
// for a browser, and goes with what it was made from.
const (
	Code Kind = iota
	Data
	Prose
	Nothing
)

var (
	proseEndings   = []string{".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt", ".html", ".svg", ".ipynb", ".po", ".pot", ".xlf", ".xliff", ".arb"}
	dataEndings    = []string{".json", ".json5", ".jsonc", ".csv", ".tsv", ".snap", ".lock"}
	nothingEndings = []string{".css", ".scss", ".sass", ".less", ".styl", ".map", ".min.js", ".min.css", ".pb.go", "_pb2.py", ".generated.ts", ".gen.ts", ".gen.go", "_gen.go", ".d.ts"}

	proseFolders   = []string{"docs", "doc", "i18n", "l10n", "locale", "locales", "lang", "langs", "translation", "translations"}
	nothingFolders = []string{"node_modules", "vendor", "dist", "generated", "__generated__", "__snapshots__"}

	// messageFile is a translation by its name: messages/ca.json, messages/pt-BR.json.
	messageFile = lazyregexp.New(`(?:^|/)(?:messages|strings)/[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?\.\w+$`)

	// generatedBy is what programs write at the top of their files. Supabase's types have
	// no such line, but one way to begin.
	generatedBy = lazyregexp.New(`(?i)@generated|(?:auto-?|automatically |code )generated|generated (?:by|code|from|file)|do not (?:edit|modify)|^export type Json =`)
)

// KindOf tells the kind of a file by its name.
func KindOf(file string) Kind {
	dirs := strings.Split(path.Dir(file), "/")
	isIn := func(folders []string) bool {
		return slices.ContainsFunc(dirs, func(dir string) bool { return slices.Contains(folders, dir) })
	}
	ends := func(endings []string) bool {
		return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(strings.ToLower(file), e) })
	}
	switch {
	case isIn(nothingFolders) || ends(nothingEndings):
		return Nothing
	case isIn(proseFolders) || ends(proseEndings) || messageFile.MatchString(file):
		return Prose
	case ends(dataEndings):
		return Data
	}
	return Code
}

// isGenerated tells whether a program wrote a text, by what its first lines say.
func isGenerated(text string) bool {
	const head = 600 // bytes
	return generatedBy.MatchString(text[:min(len(text), head)])
}

// A line of code without its comments.
type line struct {
	code   string
	indent int // -1 of a line without code
}

// longestLine is the length above which a line was written by a program.
const longestLine = 2000 // bytes

// lines returns the lines of a text without comments.
func lines(file, text string) (found []line) {
	c := comments{ending: strings.ToLower(path.Ext(file))}
	for raw := range strings.SplitSeq(text, "\n") {
		l := line{indent: -1}
		if len(raw) <= longestLine {
			l.code = c.cut(strings.TrimRight(raw, " \t\r"))
		}
		if trimmed := strings.TrimLeft(l.code, " \t"); trimmed != "" {
			l.indent = len(l.code) - len(trimmed)
		}
		found = append(found, l)
	}
	return found
}

// comments cuts comments out of lines, one after the other.
type comments struct {
	ending  string
	isInOne bool // between /* and */, or <!-- and -->
}

var (
	hashEndings = []string{".py", ".rb", ".sh", ".bash", ".yml", ".yaml", ".toml", ".ex", ".exs", ".pl", ".r", ".tf", ".cr", ".nim", ".jl", ""}
	dashEndings = []string{".sql", ".psql", ".lua", ".hs", ".elm", ".pgsql"}
)

func (c *comments) cut(text string) string {
	if c.isInOne {
		_, rest, ends := strings.Cut(text, c.end())
		if !ends {
			return ""
		}
		c.isInOne, text = false, rest
	}
	if at := strings.Index(text, c.start()); at >= 0 && !isInString(text, at) {
		before, rest := text[:at], text[at:]
		c.isInOne = true
		return before + c.cut(rest[len(c.start()):])
	}
	for _, mark := range c.lineMarks() {
		if at := markAt(text, mark); at >= 0 {
			text = text[:at]
		}
	}
	return text
}

func (c *comments) isMarkup() bool {
	return c.ending == ".html" || c.ending == ".xml" || c.ending == ".vue" || c.ending == ".svelte"
}

func (c *comments) start() string {
	if c.isMarkup() {
		return "<!--"
	}
	return "/*"
}

func (c *comments) end() string {
	if c.isMarkup() {
		return "-->"
	}
	return "*/"
}

func (c *comments) lineMarks() []string {
	switch {
	case slices.Contains(hashEndings, c.ending):
		return []string{"#"}
	case slices.Contains(dashEndings, c.ending):
		return []string{"--"}
	case c.ending == ".php":
		return []string{"//", "#"}
	}
	return []string{"//"}
}

// markAt finds where a comment begins: at the start of the line, or behind a space and
// outside strings, so that neither http://example.org nor "#1" begins one.
func markAt(text, mark string) int {
	for from := 0; ; {
		next := strings.Index(text[from:], mark)
		if next < 0 {
			return -1
		}
		at := from + next
		if (at == 0 || text[at-1] == ' ' || text[at-1] == '\t' || text[at-1] == ';') && !isInString(text, at) {
			return at
		}
		from = at + len(mark)
	}
}

// isInString tells whether a place of a line is within quotes that both are in the line.
func isInString(text string, at int) bool {
	_, _, is := stringAround(text, at)
	return is
}

// stringAround returns the inside of the quotes around a place of a line.
func stringAround(text string, at int) (start, end int, is bool) {
	for i := 0; i < at; i++ {
		quote := text[i]
		if quote != '"' && quote != '\'' && quote != '`' || quote == '\'' && i > 0 && isLetter(text[i-1]) {
			continue
		}
		closing := closingQuote(text, i)
		if closing < 0 {
			continue
		}
		if closing >= at {
			return i + 1, closing, true
		}
		i = closing
	}
	return 0, 0, false
}

func closingQuote(text string, open int) int {
	for i := open + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[open]:
			return i
		}
	}
	return -1
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80 }

func isWord(c byte) bool { return isLetter(c) || c == '_' || '0' <= c && c <= '9' }

package rules

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// everydayWords words stand in most code bases for many things besides the one
// object that is dropped: alone they tell nothing about it.
var everydayWords = wordSet(`
	active amount body code color comment content count created data date default deleted description
	email enabled end error event file first format group hash height icon image index info item items
	json key kind label language last left length level link list locale message meta metadata method
	mode model name next node notes number object options order page params parent password path
	payload phone position price public reason record ref result right role root rows schema score size
	slug sort source start state status string summary table tags target test text time title token
	total type update updated url user username users uuid value values version view weight width`)

// minWord is the length below which a name alone is more often something else.
const minWord = 4

// stillMentioned says which files of the base branch, and so of the code that
// runs until the deploy, have an object's name: "; a.ts, b.ts and 3 more files
// mention titles". It is empty when the name is too common to mean anything.
func stillMentioned(p *lint.Pass, o facts.Name) string {
	word := o.Name
	files := codeBeforePages(mentionsOf(p, word, o))
	verb := "mention"
	if len(files) == 1 {
		verb = "mentions"
	}
	const most = 3
	shown := files
	if len(files) > most {
		shown = append(files[:most:most], noun.Count(len(files)-most, "more file"))
	}
	if len(shown) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s %s %s", listed(shown), verb, word)
}

// codeBeforePages puts pages of documentation behind the code that breaks.
func codeBeforePages(files []string) []string {
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(proseRank(a), proseRank(b)) })
	return files
}

var proseEndings = []string{".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt", ".html", ".svg", ".ipynb"}

// proseRank is 1 for a page of documentation, 0 for what may be code.
func proseRank(file string) int {
	inDocs := slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(dir string) bool { return dir == "docs" || dir == "doc" })
	if inDocs || slices.Contains(proseEndings, strings.ToLower(path.Ext(file))) {
		return 1
	}
	return 0
}

// mentionsOf leaves out common words, but for columns and other parts of a
// table in files that have the table's name as well.
func mentionsOf(p *lint.Pass, word string, o facts.Name) []string {
	if !isCommonWord(word) {
		return p.Mentions(word)
	}
	table := o.Relation().GetRelname()
	if !o.Kind.IsPart() || isCommonWord(table) {
		return nil
	}
	beside := p.Mentions(table)
	if len(beside) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.Mentions(word)), func(file string) bool { return !slices.Contains(beside, file) })
}

// isCommonWord tells whether a word is in so much code that to find it says
// nothing.
func isCommonWord(word string) bool {
	return utf8.RuneCountInString(word) < minWord || everydayWords[strings.ToLower(word)]
}

package rules

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/migvet/migvet/internal/lazyregexp"
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

// mostMentions is the number of files from which on a name of one word, such as
// settings, is taken for a word of the language.
const mostMentions = 30

// stillMentioned says which files have an object's name: "; a.ts, b.ts and 3 more files
// mention titles", and apart from them which ones have it on the base branch alone, and
// so in the code that runs until the deploy: "; a.ts still mentions titles, and on the
// base branch schema.ts does". It is empty when the name is too common to mean anything, when
// something else takes it in the review, which the files then mean, and when only
// documentation and translations have it.
func stillMentioned(p *lint.Pass, o facts.Name) string {
	if p.ComesBack(o) != nil {
		return ""
	}
	files := mentionsOf(p, o)
	if !slices.ContainsFunc(files, func(file string) bool { return wordsRank(file) < wordsOnly }) {
		return ""
	}
	here, gone := byVersion(p, byRelevance(p, files, o), o.Name)
	switch {
	case len(here)+len(gone) == 0:
		return ""
	case len(gone) == 0:
		return fmt.Sprintf("; %s %s %s", fewOf(here), agreeing(here, "mentions", "mention"), o.Name)
	case len(here) == 0:
		return fmt.Sprintf("; on the base branch %s %s %s", fewOf(gone), agreeing(gone, "mentions", "mention"), o.Name)
	}
	return fmt.Sprintf("; %s still %s %s, and on the base branch %s %s", fewOf(here), agreeing(here, "mentions", "mention"), o.Name,
		fewOf(gone), agreeing(gone, "does", "do"))
}

// byVersion tells apart the files that still have a word from those that have it on the
// base branch alone. Where it is not known of one, all are together.
func byVersion(p *lint.Pass, files []string, word string) (here, gone []string) {
	for _, file := range files {
		still, known := p.StillMentions(file, word)
		if !known {
			return files, nil
		}
		if still {
			here = append(here, file)
		} else {
			gone = append(gone, file)
		}
	}
	return here, gone
}

// fewOf lists three files and counts the rest.
func fewOf(files []string) string {
	const most = 3
	if len(files) > most {
		files = append(files[:most:most], noun.Count(len(files)-most, "more file"))
	}
	return listed(files)
}

func agreeing(files []string, singular, plural string) string {
	if len(files) == 1 {
		return singular
	}
	return plural
}

// byRelevance puts code that names the table of a column first, and pages of
// documentation behind the code that breaks.
func byRelevance(p *lint.Pass, files []string, o facts.Name) []string {
	var beside []string
	if o.Kind.IsPart() && len(files) > 1 {
		beside = p.Mentions(o.Relation().GetRelname())
	}
	rank := func(file string) int {
		if _, found := slices.BinarySearch(beside, file); found {
			return 2 * wordsRank(file)
		}
		return 2*wordsRank(file) + 1
	}
	files = slices.Clone(files)
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	return files
}

var (
	proseEndings = []string{".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt", ".html", ".svg", ".ipynb", ".po", ".pot", ".xlf", ".xliff", ".arb"}
	dataEndings  = []string{".json", ".json5", ".jsonc", ".csv", ".tsv", ".snap", ".lock"}

	proseFolders = []string{"docs", "doc", "i18n", "l10n", "locale", "locales", "lang", "langs", "translation", "translations"}

	// messageFile is a translation by its name: messages/ca.json, messages/pt-BR.json.
	messageFile = lazyregexp.New(`(?:^|/)(?:messages|strings)/[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?\.\w+$`)
)

// wordsOnly is the rank of files that break nowhere.
const wordsOnly = 2

// wordsRank is 0 for what may be code, 1 for documents of data, and wordsOnly for
// documentation and translations.
func wordsRank(file string) int {
	inProse := slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(dir string) bool { return slices.Contains(proseFolders, dir) })
	ending := strings.ToLower(path.Ext(file))
	switch {
	case inProse || slices.Contains(proseEndings, ending) || messageFile.MatchString(file):
		return wordsOnly
	case slices.Contains(dataEndings, ending):
		return 1
	}
	return 0
}

// mentionsOf leaves out common words, but for columns and other parts of a
// table in files that have the table's name as well.
func mentionsOf(p *lint.Pass, o facts.Name) []string {
	if isCommonWord(o.Name) {
		return besideTable(p, o)
	}
	files := usingFiles(p.Mentions(o.Name))
	if len(files) > mostMentions && isOneWord(o.Name) {
		files = besideTable(p, o)
	}
	if len(files) > mostMentions && isOneWord(o.Name) {
		return nil
	}
	return files
}

// besideTable returns the files that have the name of a part of a table and the table's
// own.
func besideTable(p *lint.Pass, o facts.Name) []string {
	table := o.Relation().GetRelname()
	if !o.Kind.IsPart() || isCommonWord(table) {
		return nil
	}
	beside := p.Mentions(table)
	if len(beside) == 0 {
		return nil
	}
	return slices.DeleteFunc(usingFiles(p.Mentions(o.Name)), func(file string) bool { return !slices.Contains(beside, file) })
}

// usingFiles leaves out what configures programs other than the one with the database,
// such as .gitignore and .github/workflows.
func usingFiles(files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool { return strings.HasPrefix(file, ".") || strings.Contains(file, "/.") })
}

// isOneWord tells whether a name is not put together of several, as due_on and dueOn are.
func isOneWord(name string) bool {
	return !strings.ContainsFunc(name[1:], func(r rune) bool { return r == '_' || unicode.IsUpper(r) })
}

// isCommonWord tells whether a word is in so much code that to find it says
// nothing.
func isCommonWord(word string) bool {
	return utf8.RuneCountInString(word) < minWord || everydayWords[strings.ToLower(word)]
}

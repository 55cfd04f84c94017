package rules

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/mention"
	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// Bounds of what is read for one object, in files.
const (
	mostRead   = 150
	mostModels = 20 // for the names that code declares for its table
)

// stillMentioned says where files have an object's name: "; a.ts:7, b.ts:12 and 3 more
// files mention titles", and apart from them which ones have it on the base branch alone,
// and so in the code that runs until the deploy: "; a.ts:7 still mentions titles, and on
// the base branch schema.ts:3 does". It is empty when nothing shows that the word means this
// object, when something else takes the name in the review, which the files then mean, and
// when only documentation and translations have it.
func stillMentioned(p *lint.Pass, o facts.Name) string {
	if p.ComesBack(o) != nil {
		return ""
	}
	m := mentionsOf(p, o)
	here, gone := m.here, m.gone
	switch {
	case !m.inCode:
		return ""
	case len(gone) == 0:
		return fmt.Sprintf("; %s %s %s", fewOf(here), agreeing(here, "mentions", "mention"), o.Name)
	case len(here) == 0:
		return fmt.Sprintf("; on the base branch %s %s %s", fewOf(gone), agreeing(gone, "mentions", "mention"), o.Name)
	}
	return fmt.Sprintf("; %s still %s %s, and on the base branch %s %s", fewOf(here), agreeing(here, "mentions", "mention"), o.Name,
		fewOf(gone), agreeing(gone, "does", "do"))
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

// mentions are the files with an object's name, each with its first line: "a.ts:7". Where
// the version under review is not known of one, all are in here.
type mentions struct {
	here, gone []string
	inCode     bool // one of them may break
}

func mentionsOf(p *lint.Pass, o facts.Name) (m mentions) {
	s := mention.Of(o)
	s.Models = modelsOf(p, s)
	isKnown := true
	for _, file := range likelyFiles(p, s) {
		base, head, known := p.MentionTexts(file)
		isKnown = isKnown && known
		switch before := s.Lines(file, base); {
		case !known && s.IsTelling():
			m.here = append(m.here, file)
		case len(before) == 0:
			continue
		default:
			m.add(file, before, s.Lines(file, head))
		}
		m.inCode = m.inCode || mention.KindOf(file) < mention.Prose
	}
	if !isKnown {
		m.here, m.gone = append(m.here, m.gone...), nil
	}
	return m
}

func (m *mentions) add(file string, before, after []int) {
	if len(after) > 0 {
		m.here = append(m.here, fmt.Sprintf("%s:%d", file, after[0]))
		return
	}
	m.gone = append(m.gone, fmt.Sprintf("%s:%d", file, before[0]))
}

// modelsOf returns the names that files of Drizzle and Prisma declare for the table.
func modelsOf(p *lint.Pass, s *mention.Subject) (models []string) {
	if s.Table == "" {
		return nil
	}
	declaring := slices.DeleteFunc(usingFiles(p.Mentions(s.Table)), func(file string) bool {
		return !slices.Contains([]string{".ts", ".mts", ".js", ".mjs", ".prisma"}, path.Ext(file))
	})
	for _, file := range declaring[:min(len(declaring), mostModels)] {
		base, _, _ := p.MentionTexts(file)
		models = append(models, mention.Declared(base, s.Table)...)
	}
	return models
}

// likelyFiles returns the files that may mention an object: code before data and pages of
// documentation, and first what has the name of a part's table, too.
func likelyFiles(p *lint.Pass, s *mention.Subject) []string {
	files := slices.DeleteFunc(usingFiles(p.Mentions(s.Words()...)), func(file string) bool { return mention.KindOf(file) == mention.Nothing })
	var beside []string
	if s.Table != "" && !s.IsTable() && len(files) > 1 {
		beside = p.Mentions(s.TableWords()...)
	}
	rank := func(file string) int {
		if _, found := slices.BinarySearch(beside, file); found {
			return 2 * int(mention.KindOf(file))
		}
		return 2*int(mention.KindOf(file)) + 1
	}
	slices.SortStableFunc(files, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	return files[:min(len(files), mostRead)]
}

// usingFiles leaves out what configures programs other than the one with the database,
// such as .gitignore and .github/workflows.
func usingFiles(files []string) []string {
	return slices.DeleteFunc(slices.Clone(files), func(file string) bool { return strings.HasPrefix(file, ".") || strings.Contains(file, "/.") })
}

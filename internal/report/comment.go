package report

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

// MaxComment is the size in bytes that comments keep to. GitHub refuses those
// above 65,536 characters.
const MaxComment = 60_000

// Comment writes the document in GitHub's Markdown for a comment on the pull
// request: what a reviewer has to know, without what each statement did. blob
// is the address of the repository's files at the commit under review, which
// lines link to; "" for no links.
func (d *Document) Comment(blob string) string {
	r := d.report()
	c := &comment{document: d, blob: blob, page: page{limit: MaxComment}}
	c.page.add("## " + resultSigns[d.Result] + " migvet: " + escapeMarkdown(r.verdict()) + "\n\n")
	if d.Base != "" {
		c.page.add("Compared with " + codeHTML(d.Base) + c.tried(r) + ".\n\n")
	}
	for _, file := range groupByKey(d.Findings, func(f jsonFinding) string { return f.Path }) {
		c.page.table("### "+codeHTML(shortenRunes(file[0].Path, maxCell))+"\n\n", []string{"", "Line", "Finding", "Rule"}, convertAll(file, c.finding), "")
	}
	c.page.table("### Not checked\n\n", []string{"File", "Reason"}, convertAll(d.NotChecked, func(u jsonUnchecked) []string {
		return []string{codeHTML(shortenRunes(u.Path, maxCell)), escapeMarkdown(shortenRunes(u.Reason, maxCell))}
	}), "")
	for _, n := range d.Notes {
		c.page.add("ℹ️ " + escapeMarkdown(shortenRunes(n, maxCell)) + "\n\n")
	}
	c.accepted()
	return c.page.finish()
}

type comment struct {
	document *Document
	blob     string
	page     page
}

func (c *comment) tried(r *Report) string {
	if c.document.Trial == nil {
		return ""
	}
	r.Trial = &Trial{}
	if !r.tried() {
		return ""
	}
	return ", tried on PostgreSQL " + escapeMarkdown(c.document.Trial.Postgres)
}

func (c *comment) finding(f jsonFinding) []string {
	return []string{severitySigns[f.Severity], c.line(f), findingCell(f.Message, f.Evidence), ruleLink(f.Rule)}
}

// findingCell is what a finding says, with what was measured in small print. GitHub's
// style gives sub and sup no height, so that their lines would overlap.
func findingCell(message, evidence string) string {
	text := escapeMarkdown(shortenRunes(message, maxCell))
	if evidence != "" {
		text += "<br><small>" + escapeMarkdown(shortenRunes(evidence, maxCell)) + "</small>"
	}
	return text
}

// ruleLink leads to the documentation of a rule that there is.
func ruleLink(rule string) string { return fmt.Sprintf("[%s](%s#%s)", codeHTML(rule), rulesPage, rule) }

func (c *comment) line(f jsonFinding) string {
	switch {
	case f.Line == 0:
		return ""
	case c.blob == "":
		return fmt.Sprint(f.Line)
	}
	return fmt.Sprintf("[%d](%s/%s#L%d)", f.Line, c.blob, linkPath(f.Path), f.Line)
}

// linkPath is a path in the address of a Markdown link, which parentheses and
// bars would end.
func linkPath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "*", "%2A", "~", "%7E", "@", "%40", "$", "%24", ":", "%3A", "&", "%26", "=", "%3D", "+", "%2B", "!", "%21", "'", "%27").
		Replace(strings.Join(segments, "/"))
}

func (c *comment) accepted() {
	title := fmt.Sprintf("<details><summary>%s accepted</summary>\n\n", noun.Count(len(c.document.Accepted), "finding"))
	c.page.table(title, []string{"File", "Line", "Rule", "Reason"}, convertAll(c.document.Accepted, func(f jsonFinding) []string {
		return []string{codeHTML(shortenRunes(f.Path, maxCell)), c.line(f), codeHTML(f.Rule), escapeMarkdown(shortenRunes(f.Reason, maxCell))}
	}), "\n</details>\n\n")
}

// A Remark is a finding as a comment on its lines.
type Remark struct {
	Fingerprint   string
	Path          string
	Line, EndLine int // from 1
	Severity      lint.Severity
	Body          string // Markdown
	Suggestion    string // what the lines should be instead; "" for none
}

// Remarks are the findings that have lines, the worst first.
func (d *Document) Remarks() []Remark {
	var remarks []Remark
	for _, s := range severitiesWorstFirst {
		for _, f := range d.Findings {
			if f.Severity != s || f.Line == 0 {
				continue
			}
			remarks = append(remarks, Remark{
				Fingerprint: f.Fingerprint, Path: f.Path, Line: f.Line, EndLine: max(f.Line, f.EndLine), Severity: s, Suggestion: f.Suggestion,
				Body: fmt.Sprintf("%s: %s\n\n%s", severitySigns[s], findingCell(f.Message, f.Evidence), ruleLink(f.Rule)),
			})
		}
	}
	return remarks
}

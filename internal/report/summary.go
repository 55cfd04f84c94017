package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
)

// MaxSummary is the size in bytes that Summary keeps to. GitHub drops a step's
// summaries altogether when they exceed 1 MiB; the rest is left to others.
const MaxSummary = 900 << 10

// Summary writes a report in GitHub's Markdown, for the summary of a step.
func Summary(w io.Writer, r *Report) error {
	s := &summary{report: r, places: newPlaces(r), page: page{limit: MaxSummary}}
	s.head()
	s.findings()
	s.migrations()
	s.schemaChanges()
	s.unchecked()
	s.notes()
	s.statements()
	s.accepted()
	_, err := io.WriteString(w, s.page.finish())
	return err
}

// Limits of a single cell, in characters: what is longer is read in the SQL.
const (
	maxCell = 2000
	maxSQL  = 200
)

type summary struct {
	report *Report
	places *places
	page   page
}

var resultSigns = map[Result]string{Passed: "✅", Findings: "❌", NotApplied: "❌", NotChecked: "⚠️"}

func (s *summary) head() {
	r := s.report
	s.page.add("## " + resultSigns[r.Result] + " migvet: " + escapeMarkdown(r.verdict()) + "\n\n")
	var facts []string
	if r.Base != "" {
		facts = append(facts, "Compared with "+codeHTML(r.Base))
	}
	if r.tried() {
		facts = append(facts, "Tried on PostgreSQL "+escapeMarkdown(r.Trial.Postgres))
	}
	if len(facts) > 0 {
		s.page.add(strings.Join(facts, ". ") + "." + "\n\n")
	}
}

// findings is one table for each file.
func (s *summary) findings() {
	files := groupByKey(s.report.Findings, func(f lint.Finding) string { return f.Path })
	for _, file := range files {
		s.page.table("### "+codeHTML(shortenRunes(file[0].Path, maxCell))+"\n\n", []string{"", "Line", "Finding", "Rule"}, convertAll(file, s.finding), "")
	}
}

// The spaces do not break, or narrow columns would.
var severitySigns = map[lint.Severity]string{lint.Error: "🔴\u00a0error", lint.Warning: "🟠\u00a0warning", lint.Notice: "🔵\u00a0notice"}

func (s *summary) finding(f lint.Finding) []string {
	rule := codeHTML(f.Rule)
	if s.report.helpURL(f.Rule) != "" {
		rule = ruleLink(f.Rule)
	}
	return []string{severitySigns[f.Severity], s.line(f.Path, f.Start), findingCell(f.Message, f.Evidence), rule}
}

func (s *summary) line(path string, offset int) string {
	at := s.places.at(path, offset)
	if at.Line == 0 {
		return ""
	}
	return fmt.Sprint(at.Line)
}

func (s *summary) migrations() {
	var rows [][]string
	for _, m := range s.report.listed() {
		rows = append(rows, []string{codeHTML(shortenRunes(m.label, maxCell)), escapeMarkdown(m.Tool), escapeMarkdown(string(m.Status)), escapeMarkdown(s.report.outcome(m.Migration))})
	}
	s.page.table("### Migrations\n\n", []string{"Migration", "Tool", "Status", "Trial"}, rows, "")
}

// statements says what each statement did, folded, a table for each file.
func (s *summary) statements() {
	if s.report.Trial == nil {
		return
	}
	for _, file := range groupByKey(s.report.Trial.Statements, func(st Statement) string { return st.Path }) {
		title := fmt.Sprintf("<details><summary>What %s did to tables with rows, in %s</summary>\n\n", codeHTML(shortenRunes(file[0].Path, maxCell)), noun.Count(len(file), "statement"))
		s.page.table(title, []string{"Line", "Statement", "What it did", "Time"}, convertAll(file, s.statement), "\n</details>\n\n")
	}
}

func (s *summary) statement(st Statement) []string {
	e := st.Effect
	if e == nil {
		e = &lint.Effect{}
	}
	sql := strings.Join(strings.Fields(st.SQL), " ")
	return []string{s.line(st.Path, st.Start), codeHTML(shortenRunes(sql, maxSQL)), effectCell(e), strings.ReplaceAll(milliseconds(e.Duration), " ", "\u00a0")}
}

// effectCell says what a statement did, in one column: more of them do not fit into
// the width of GitHub's page. What weighs most comes first.
func effectCell(e *lint.Effect) string {
	var out []string
	if e.Err != nil {
		out = append(out, "❌ "+escapeMarkdown(shortenRunes(e.Err.Error(), maxCell)))
	}
	if len(e.Rewritten) > 0 {
		out = append(out, "rewrote "+codeListHTML(e.Rewritten))
	}
	if len(e.Scanned) > 0 {
		out = append(out, "read in full: "+codeListHTML(e.Scanned))
	}
	out = append(out, lockLines(e.Locks)...)
	return joinItems(append(out, objectCells(e)...), "<br>")
}

// lockLines names those that somebody could wait for, a line for each mode;
// reading locks block nothing but DROP and ALTER.
func lockLines(all []lint.Lock) []string {
	blocking := slices.DeleteFunc(slices.Clone(all), func(l lint.Lock) bool {
		return l.Index || l.Mode.Strength() <= lint.RowShare.Strength()
	})
	var out []string
	for _, held := range groupByKey(blocking, func(l lint.Lock) string { return string(l.Mode) }) {
		out = append(out, codeHTML(string(held[0].Mode))+" on "+joinItems(convertAll(held, func(l lint.Lock) string { return codeHTML(l.Object) }), ", "))
	}
	return out
}

func objectCells(e *lint.Effect) []string {
	var out []string
	for _, o := range e.Created {
		out = append(out, "created "+objectHTML(o))
	}
	for _, o := range e.Altered {
		out = append(out, "altered "+objectHTML(o))
	}
	for _, o := range e.Dropped {
		out = append(out, "dropped "+objectHTML(o)+byCascade(o))
	}
	return out
}

func objectHTML(o lint.CatalogObject) string { return escapeMarkdown(o.Kind) + " " + codeHTML(o.Name) }

func byCascade(o lint.CatalogObject) string {
	switch {
	case o.Cascade:
		return " through CASCADE"
	case o.Auto:
		return " with its parent"
	}
	return ""
}

// maxItems keeps a CASCADE through a thousand objects readable.
const maxItems = 25

func joinItems(items []string, separator string) string {
	if len(items) > maxItems {
		more := len(items) - maxItems
		items = append(items[:maxItems:maxItems], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(items, separator)
}

func (s *summary) unchecked() {
	s.page.table("### Not checked\n\n", []string{"File", "Line", "Reason"}, convertAll(s.report.unchecked(), func(u Unchecked) []string {
		return []string{codeHTML(shortenRunes(u.Path, maxCell)), s.line(u.Path, u.Start), escapeMarkdown(shortenRunes(u.Reason, maxCell))}
	}), "")
}

// notes are about the check; they stand alone, so that a table would be wide
// and empty.
func (s *summary) notes() {
	for _, n := range s.report.allNotes() {
		s.page.add("ℹ️ " + escapeMarkdown(shortenRunes(n, maxCell)) + "\n\n")
	}
}

func (s *summary) accepted() {
	title := fmt.Sprintf("<details><summary>%s accepted</summary>\n\n", noun.Count(len(s.report.Accepted), "finding"))
	s.page.table(title, []string{"File", "Line", "Rule", "Finding", "Reason"}, convertAll(s.report.Accepted, func(f lint.Finding) []string {
		return []string{codeHTML(shortenRunes(f.Path, maxCell)), s.line(f.Path, f.Start), codeHTML(f.Rule), escapeMarkdown(shortenRunes(f.Message, maxCell)), escapeMarkdown(shortenRunes(f.Accepted, maxCell))}
	}), "\n</details>\n\n")
}

// groupByKey splits a list into runs of one key, in order of first appearance.
func groupByKey[T any](list []T, key func(T) string) [][]T {
	index := map[string]int{}
	var out [][]T
	for _, item := range list {
		k := key(item)
		i, ok := index[k]
		if !ok {
			i = len(out)
			index[k] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], item)
	}
	return out
}

package report

import (
	"github.com/migvet/migvet/internal/schema"
)

// schemaChanges is folded: a list, the diagram of the tables, and what undoing
// it by hand would take.
func (s *summary) schemaChanges() {
	for i := range s.report.Schema {
		c := &s.report.Schema[i]
		title := s.report.schemaTitle(c)
		if len(c.Changes) == 0 {
			s.page.add(escapeMarkdown(title+": "+c.none()) + ".\n\n")
			continue
		}
		if s.page.add("<details><summary>" + escapeMarkdown(title+": "+c.counts()) + "</summary>\n\n") {
			s.schemaChange(c)
			s.page.close("</details>\n\n")
		}
	}
}

func (s *summary) schemaChange(c *SchemaChange) {
	outline, lines := c.lines()
	for i, line := range lines {
		s.page.add("- " + string(outline[i].What) + " " + escapeMarkdown(shortenRunes(line, maxCell)) + "\n")
	}
	s.page.add("\n")
	if diagram := schema.Diagram(c.Before, c.After, c.Changes); diagram != "" {
		s.page.add("```mermaid\n" + diagram + "```\n\n")
	}
	restore := c.restore()
	if len(restore) == 0 {
		return
	}
	s.page.add("To undo this by hand, since there are no downs, restore:\n\n")
	for _, line := range restore {
		s.page.add("- " + escapeMarkdown(shortenRunes(line, maxCell)) + "\n")
	}
	s.page.add("\n")
}

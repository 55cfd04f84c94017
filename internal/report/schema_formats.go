package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/migvet/migvet/internal/schema"
	"github.com/migvet/migvet/lint"
)

// schemaFormats are those in which the difference of schemas stands alone.
var schemaFormats = map[string]Format{
	"text": schemaText, "json": schemaJSON, "markdown": schemaMarkdown, "mermaid": schemaMermaid,
}

// SchemaFormat returns a format that writes the difference of schemas alone:
// text, json, markdown or mermaid.
func SchemaFormat(name string) (Format, error) {
	if f := schemaFormats[name]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("unknown format %q; use text, json, markdown or mermaid%s", name, lint.DidYouMean(name, []string{"text", "json", "markdown", "mermaid"}))
}

func schemaText(w io.Writer, r *Report) error {
	var out strings.Builder
	for i := range r.Schema {
		c := &r.Schema[i]
		if len(r.Schema) > 1 {
			fmt.Fprintf(&out, "%s:\n", oneLine(c.Dir))
		}
		outline, lines := c.lines()
		for j, line := range lines {
			fmt.Fprintf(&out, "%s %s\n", changeSigns[outline[j].What], oneLine(line))
		}
		if len(lines) == 0 {
			out.WriteString("no change at all\n")
		}
	}
	if len(r.Schema) == 0 {
		out.WriteString("no new migrations" + oneLine(r.since()) + "\n")
	}
	_, err := io.WriteString(w, defuseCommands(out.String()))
	return err
}

func schemaMarkdown(w io.Writer, r *Report) error {
	s := &summary{report: r, places: newPlaces(r), page: page{limit: MaxSummary}}
	if len(r.Schema) == 0 {
		s.page.add("No new migrations" + escapeMarkdown(r.since()) + ".\n")
	}
	for i := range r.Schema {
		c := &r.Schema[i]
		s.page.add("### " + escapeMarkdown("Schema change in "+c.Dir+": "+c.counts()) + "\n\n")
		s.schemaChange(c)
	}
	_, err := io.WriteString(w, s.page.finish())
	return err
}

func schemaMermaid(w io.Writer, r *Report) error {
	for i := range r.Schema {
		c := &r.Schema[i]
		diagram := schema.Diagram(c.Before, c.After, c.Changes)
		if diagram == "" {
			diagram = "erDiagram\n    %% no table differs\n"
		}
		if _, err := io.WriteString(w, diagram); err != nil {
			return err
		}
	}
	return nil
}

// schemaJSON has the keys of the whole report that are about the difference.
func schemaJSON(w io.Writer, r *Report) error {
	return writeJSON(w, struct {
		Version       int                `json:"version"`
		Tool          string             `json:"tool"`
		Base          string             `json:"base"`
		SchemaChanges []jsonSchemaChange `json:"schemaChanges"`
	}{jsonVersion, "migvet " + r.Version, r.Base, newSchemaChanges(r)}, "  ")
}

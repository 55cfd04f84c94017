package report

import (
	"strings"
	"unicode/utf8"
)

// escapeMarkdown shows text as it is, in one line, wherever GitHub's Markdown may
// stand: it can open no HTML, link, table cell, fence, emphasis, formula or
// mention. Entities are never markup.
// https://github.github.com/gfm/#entity-and-numeric-character-references
func escapeMarkdown(text string) string { return markdownEscapes.Replace(oneLine(text)) }

var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;",
	"|", "&#124;", `\`, "&#92;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", "(", "&#40;", ")", "&#41;", "{", "&#123;", "}", "&#125;",
	"#", "&#35;", "!", "&#33;", "+", "&#43;", "=", "&#61;", "^", "&#94;",
	"@", "&#64;"+zeroWidth, // GitHub looks for mentions after it has resolved entities
	"$", "<span>&#36;</span>", // so does its mathematics
	"://", "&#58;"+zeroWidth+"//", "www.", "www"+zeroWidth+".", // and links
	":", "&#58;", "\t", " ",
)

// codeHTML shows text in a fixed-width font. HTML instead of backticks, which
// neither hold every text nor survive in tables.
func codeHTML(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return "<code>" + escapeMarkdown(text) + "</code>"
}

func codeListHTML(texts []string) string {
	var out []string
	for _, t := range texts {
		out = append(out, codeHTML(t))
	}
	return joinItems(out, ", ")
}

// shortenRunes cuts text to a number of characters.
func shortenRunes(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	n := 0
	for i := range text {
		if n == limit-1 {
			return text[:i] + "…"
		}
		n++
	}
	return text
}

// tableRow is a line of a table.
func tableRow(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

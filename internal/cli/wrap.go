package cli

import "strings"

// explainWidth is how wide explanations are, in characters.
const explainWidth = 100

// wrapMarkdown breaks the lines of Markdown between words. Code in fences stays as it
// is; what follows a bullet is indented below it.
func wrapMarkdown(text string, width int) string {
	var out []string
	code := false
	for _, line := range strings.Split(text, "\n") {
		fence := strings.HasPrefix(line, "```")
		if fence {
			code = !code
		}
		if code || fence {
			out = append(out, line)
			continue
		}
		out = append(out, wrapLine(line, width)...)
	}
	return strings.Join(out, "\n")
}

func wrapLine(line string, width int) []string {
	indent := ""
	if strings.HasPrefix(line, "* ") {
		indent = "  "
	}
	var lines []string
	current, length := "", 0
	for _, word := range strings.Fields(line) {
		n := len([]rune(word))
		switch {
		case current == "":
			current, length = word, n
		case length+1+n > width:
			lines = append(lines, current)
			current, length = indent+word, len(indent)+n
		default:
			current, length = current+" "+word, length+1+n
		}
	}
	return append(lines, current)
}

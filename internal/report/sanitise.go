package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sanitise makes text from strangers safe to write to a log: it keeps its
// lines and tabs, shows other control characters and bidirectional marks as
// escapes, and takes the power from what GitHub's runner would obey as a
// workflow command. The runner obeys "::name::" at the start of a line and
// "##[name]" anywhere in it.
// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
func Sanitise(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = oneLine(line)
	}
	return defuseCommands(strings.Join(lines, "\n"))
}

// oneLine shows what would not be seen, or would move what is around it:
// control characters, line ends, bidirectional marks, broken UTF-8.
func oneLine(text string) string {
	if !strings.ContainsFunc(text, isUnseen) && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		_, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case isUnseen(r) && r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case isUnseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isUnseen(r rune) bool {
	if ' ' <= r && r < '\x7f' { // nearly all
		return false
	}
	return r != '\t' && unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
}

// zeroWidth splits the runner's markers where readers do not see it.
const zeroWidth = "\u200b"

// defuseCommands breaks the markers of workflow commands in complete lines.
func defuseCommands(text string) string {
	text = strings.ReplaceAll(text, "##[", "##"+zeroWidth+"[")
	if !strings.Contains(text, "::") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
		if strings.HasPrefix(trimmed, "::") {
			indent := line[:len(line)-len(trimmed)]
			lines[i] = indent + ":" + zeroWidth + trimmed[1:]
		}
	}
	return strings.Join(lines, "\n")
}

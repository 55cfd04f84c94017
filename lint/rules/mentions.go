package rules

import (
	"fmt"

	"github.com/migvet/migvet/lint"
)

// mentioned says which files of the repository contain a word, in words that
// fit behind what happens to it: " (src/tasks.ts and 2 more files mention it)".
func mentioned(p *lint.Pass, word string) string {
	switch files := p.Mentions(word); len(files) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" (%s mentions it)", files[0])
	case 2:
		return fmt.Sprintf(" (%s and %s mention it)", files[0], files[1])
	default:
		return fmt.Sprintf(" (%s and %d more files mention it)", files[0], len(files)-1)
	}
}

package cli_test

import (
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	firstBlock = regexp.MustCompile("(?s)```\n(.*?)```\n\n([^\n]*)")
	shortness  = regexp.MustCompile(`shortened by (\w+) findings and (\w+) sections, \*([^*]+)\* and \*([^*]+)\*`)
	aFinding   = regexp.MustCompile(`(?m)^\S+: (error|warning|notice): .*\[[a-z-]+\]$`)

	// eachRun is what is otherwise in each run, or on each machine.
	eachRun = regexp.MustCompile(`\d+ ms|'20\d\d-[^']*'|PostgreSQL [0-9.]+( \([^)]*\))?`)
)

// shortened fails where the first block of a page has lines that are not in a report, in
// that order, or the text below it does not say how much is left out.
func shortened(ts *testscript.TestScript, file, page string) {
	report := eachRun.ReplaceAllString(ts.ReadFile(file), "…")
	text, err := os.ReadFile(page)
	ts.Check(err)
	block := firstBlock.FindStringSubmatch(string(text))
	said := shortness.FindStringSubmatch(block[2])
	if said == nil {
		ts.Fatalf("%s does not say by what the sample is shortened: %s", page, block[2])
	}
	sample := eachRun.ReplaceAllString(block[1], "…")
	rest := strings.Split(report, "\n")
	for line := range strings.Lines(sample) {
		line = strings.TrimSuffix(line, "\n")
		at := slices.Index(rest, line)
		if at < 0 && line != "…" {
			ts.Fatalf("the program does not print, or not here:\n%s", line)
		}
		rest = rest[at+1:]
	}
	left := len(aFinding.FindAllString(report, -1)) - len(aFinding.FindAllString(sample, -1))
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	if words[left] != said[1] {
		ts.Fatalf("%s leaves out %d findings, and says %s", page, left, said[1])
	}
	for _, section := range said[3:] {
		if !strings.Contains(report, "\n"+section) || strings.Contains(sample, "\n"+section) {
			ts.Fatalf("section %q is not what %s leaves out", section, page)
		}
	}
}

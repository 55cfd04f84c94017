package lint

import (
	"regexp"
	"strings"
)

// An Ignore is a comment that silences rules, always with a reason:
//
//	-- migvet:ignore column-dropped nobody reads it since v2.3
//	-- migvet:ignore-file index-not-concurrent, table-rewritten table is empty
type Ignore struct {
	Span
	Rules  []string
	Reason string
	File   bool // the whole file, not just one statement
}

var (
	ignoreComment = regexp.MustCompile(`(?s)^(?:--|/\*)\s*migvet:(ignore(?:-file)?)\b(.*?)(?:\*/)?$`)
	ignoreRules   = regexp.MustCompile(`(?s)^([\w-]+(?:\s*,\s*[\w-]+)*):?(?:\s+(.*))?$`)
)

// parseIgnore reads one comment. ok is false for comments that are not ours.
func parseIgnore(source string, at Span) (ig Ignore, ok bool) {
	m := ignoreComment.FindStringSubmatch(strings.TrimRight(source[at.Start:at.End], " \t\r\n"))
	if m == nil {
		return Ignore{}, false
	}
	ig = Ignore{Span: at, File: m[1] == "ignore-file"}
	rest := ignoreRules.FindStringSubmatch(strings.TrimSpace(m[2]))
	if rest == nil {
		return ig, true
	}
	for _, rule := range strings.Split(rest[1], ",") {
		ig.Rules = append(ig.Rules, strings.TrimSpace(rule))
	}
	ig.Reason = strings.Join(strings.Fields(strings.TrimLeft(rest[2], "-—: ")), " ")
	return ig, true
}

package rules

import (
	"regexp"
	"strings"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultQuotedExpression = &lint.Rule{
	ID: "default-quoted-expression", Group: lint.GroupDefault, Severity: lint.Warning,
	On:    facts.Made | facts.Changed,
	Title: "A text default is an expression in quotes",
	Why: "In a text column, `'now()'` is a text of five letters, `'null'` is a word that no `IS NULL` finds, and `'''draft'''` has quotes in it. " +
		"ORMs quote every default they are given as a string, and PostgreSQL has no reason to object. Words that can also be meant (`'true'`, `'false'`) are a notice. " +
		"`'{}'` and `'[]'` are not reported: text that holds JSON is common.",
	Fix: "Take the quotes away, or tell the ORM that it is SQL:\n\n```sql\nid text NOT NULL DEFAULT gen_random_uuid()\n```\n\nFor no default, write none, or `DEFAULT NULL`.",
	Check: func(p *lint.Pass) {
		for _, d := range constantDefaults(p) {
			if d.Kind != sqlvalue.StringLiteral || !d.typ.IsText() || !d.InputType(d.typ).IsText() || replacedDefault(p, d.column) {
				continue
			}
			if what, severity := quotedExpression(strings.TrimSpace(d.Text)); what != "" {
				f := p.Reportf(d.defaultLocation(), "%s is %s", d, what)
				f.Severity = severity
				offerUnquoted(p, f, d)
			}
		}
	},
}

var (
	callText  = regexp.MustCompile(`(?is)^([a-z_][a-z0-9_]*\.)?([a-z_][a-z0-9_]*)\s*\((.*)\)(\s*::\s*[a-z ]+)?$`)
	innerCall = regexp.MustCompile(`(?i)\b(now|random|gen_random_uuid|uuid_generate_v[14]|clock_timestamp)\(\)`)
	castText  = regexp.MustCompile(`(?is)^'.*'(\s*::\s*"?[a-z][a-z0-9_ ."]*(\[\])?)?$`)
)

// valueWords are what SQL understands without brackets, and nobody stores.
var valueWords = wordSet("current_timestamp current_date current_time localtime localtimestamp current_user session_user current_role current_catalog current_schema")

// quotingCalls are functions that defaults call with arguments.
var quotingCalls = wordSet("nextval currval timezone date_trunc to_char to_timestamp encode md5 current_setting concat lower upper substr substring left right replace coalesce floor gen_random_bytes now")

func quotedExpression(text string) (what string, severity lint.Severity) {
	switch word := strings.ToLower(text); {
	case word == "null":
		return "the word " + text + ", which is not NULL; drop the default, or write DEFAULT NULL", lint.Warning
	case word == "true" || word == "false":
		return "a word in a text column; if it is a flag, make it boolean", lint.Notice
	case valueWords[word]:
		return "a text, not what " + strings.ToUpper(text) + " returns; take the quotes away", lint.Warning
	case isCallText(text):
		return "a text, not what the function returns; take the quotes away", lint.Warning
	case len(text) > 1 && castText.MatchString(text):
		return "a text with quotes in it; write them once", lint.Warning
	}
	return "", lint.Off
}

// offerUnquoted takes the quotes from a call or a word; what the rest means,
// only its writer knows.
func offerUnquoted(p *lint.Pass, f *lint.Finding, d constantDefault) {
	text := strings.TrimSpace(d.Text)
	if word := strings.ToLower(text); word != "null" && !valueWords[word] && !isCallText(text) {
		return
	}
	expr := d.expr
	for expr.GetTypeCast() != nil {
		expr = expr.GetTypeCast().Arg
	}
	if constant := expr.GetAConst(); constant != nil {
		offerToken(p, f, constant.Location, text)
	}
}

// isCallText tells calls from texts that only look so, such as rgb(0,0,0) and
// var(--color).
func isCallText(text string) bool {
	match := callText.FindStringSubmatch(text)
	if match == nil {
		return false
	}
	return strings.TrimSpace(match[3]) == "" || quotingCalls[strings.ToLower(match[2])] || innerCall.MatchString(match[3])
}

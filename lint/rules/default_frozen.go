package rules

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

var defaultFrozen = &lint.Rule{
	ID: "default-frozen", Group: lint.GroupDefault, Severity: lint.Error,
	On:    facts.Made | facts.Changed,
	Title: "A default is the time of the migration, not of the row",
	Why: "`'now'`, `'today'`, `'tomorrow'` and `'yesterday'` are special input strings of the date and time types. A constant is read once, when the statement runs, so the column keeps that moment as its default for ever. " +
		"Brackets change nothing: `'now()'` in quotes is read as `'now'`. The statement succeeds, and rows look right on the day of the deploy.\n\n" +
		"https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-DATETIME-SPECIAL-VALUES",
	Fix: "Call the function, without quotes:\n\n```sql\ncreated_at timestamptz NOT NULL DEFAULT now()\n```\n\n" +
		"If the moment of the migration is what existing rows shall get, drop the default in the same migration; the rule is then silent.",
	Check: func(p *lint.Pass) {
		for _, c := range columns(p) {
			if c.expr == nil {
				continue
			}
			word := frozenWord(c.expr, typeOf(p, c))
			if word == "" || replacedDefault(p, c) {
				continue
			}
			stored := storedDefault(p, c)
			if strings.Contains(strings.ToLower(stored), "'"+word+"'") {
				continue // the server kept the word, to read it again for each row
			}
			f := p.Reportf(c.defaultLocation(), "the default of %s is the moment this migration runs, the same for every row ever after, since '%s' in quotes is read at once; write %s", c, word, liveWord(word))
			if stored != "" {
				p.Measured(f, "the stored default is %s", stored)
			}
			if sval := c.expr.GetAConst().GetSval().GetSval(); strings.EqualFold(strings.TrimSuffix(sval, "()"), word) {
				offerToken(p, f, c.expr.GetAConst().Location, strings.TrimSuffix(liveWord(word), " without quotes"))
			}
		}
	},
}

// storedDefault returns the default as the server keeps it; "" when not known.
func storedDefault(p *lint.Pass, c column) string {
	if known := p.CatalogAfter(c.table).Column(c.name); known != nil {
		return known.Default
	}
	return ""
}

var specialTime = regexp.MustCompile(`(?i)(?:^|[^a-z])(now|today|tomorrow|yesterday)(?:[^a-z]|$)`)

// frozenWord returns the special word that is read while the default is
// stored, in lower case; "" when there is none.
func frozenWord(expr *pg.Node, column sqlvalue.Type) (word string) {
	word = specialWord(expr, column)
	facts.Walk(expr, func(n *pg.Node) bool {
		if cast := n.GetTypeCast(); cast != nil && word == "" {
			word = specialWord(cast.Arg, sqlvalue.ReadType(cast.TypeName))
		}
		if readsTime[facts.FunctionName(n)] && word == "" {
			for _, arg := range n.GetFuncCall().GetArgs() {
				if found := specialWord(arg, sqlvalue.Type{Name: "timestamptz"}); strings.EqualFold(found, arg.GetAConst().GetSval().GetSval()) {
					word = found
				}
			}
		}
		return word == ""
	})
	return word
}

// readsTime are functions that read a bare string as a time.
var readsTime = wordSet("timezone tstzrange tsrange daterange")

// specialWord returns the word in a string that an input function reads.
func specialWord(n *pg.Node, t sqlvalue.Type) string {
	if !timeInputs[t.Name] {
		return ""
	}
	match := specialTime.FindStringSubmatch(n.GetAConst().GetSval().GetSval())
	if match == nil {
		return ""
	}
	return strings.ToLower(match[1])
}

var timeInputs = wordSet("date time timetz timestamp timestamptz daterange tsrange tstzrange")

func liveWord(word string) string {
	switch word {
	case "today":
		return "CURRENT_DATE"
	case "tomorrow":
		return "CURRENT_DATE + 1"
	case "yesterday":
		return "CURRENT_DATE - 1"
	}
	return "now() without quotes"
}

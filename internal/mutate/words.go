package mutate

import (
	"regexp"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

// A word is one token of SQL that is no comment.
type word struct {
	*pg.ScanToken
	text string
}

// name is the identifier that the word is or could be, "" when it is none:
// orders for orders, ORDERS and "orders".
func (w word) name() string {
	switch {
	case w.Token == pg.Token_IDENT && strings.HasPrefix(w.text, `"`):
		return strings.ReplaceAll(strings.Trim(w.text, `"`), `""`, `"`)
	case w.Token == pg.Token_IDENT || w.KeywordKind != pg.KeywordKind_NO_KEYWORD:
		return strings.ToLower(w.text)
	}
	return ""
}

// A sentence is the words of one statement, or of the code in one string.
type sentence []word

// at is the lower-case text of the word at a place; "" outside of the sentence.
func (s sentence) at(i int) string {
	if i < 0 || i >= len(s) {
		return ""
	}
	return strings.ToLower(s[i].text)
}

// begins reports whether the sentence begins with some words: "comment on column".
func (s sentence) begins(words string) bool {
	for i, w := range strings.Fields(words) {
		if s.at(i) != w {
			return false
		}
	}
	return true
}

// A change says what stands in place of the word at a place; the word itself
// when it stays.
type change func(s sentence, i int) string

// rewriteWords changes the words of all statements of a text, and leaves its lines
// and comments where they are. A statement that cannot be scanned stays as it is.
func rewriteWords(text string, c change) string {
	statements, _ := lint.Parse(text)
	var b strings.Builder
	done := 0
	for _, s := range statements {
		b.WriteString(text[done:s.Start])
		b.WriteString(rewriteSentence(text[s.Start:s.End], c))
		done = s.End
	}
	b.WriteString(text[done:])
	return b.String()
}

func rewriteSentence(sql string, c change) string {
	tokens, err := lint.Scan(sql)
	if err != nil {
		return sql
	}
	var s sentence
	for _, t := range tokens {
		if t.Token != pg.Token_SQL_COMMENT && t.Token != pg.Token_C_COMMENT {
			s = append(s, word{t, sql[t.Start:t.End]})
		}
	}
	var b strings.Builder
	done := 0
	for i, w := range s {
		b.WriteString(sql[done:w.Start])
		b.WriteString(rewriteWord(s, i, c))
		done = int(w.End)
	}
	b.WriteString(sql[done:])
	return b.String()
}

func rewriteWord(s sentence, i int, c change) string {
	w := s[i]
	if w.Token != pg.Token_SCONST {
		return c(s, i)
	}
	if tag := dollarTag.FindString(w.text); tag != "" {
		return tag + rewriteSentence(w.text[len(tag):len(w.text)-len(tag)], c) + tag
	}
	if code := stringText(w.text); isCode.MatchString(code) {
		return "'" + strings.ReplaceAll(rewriteSentence(code, c), "'", "''") + "'"
	}
	return c(s, i)
}

var (
	dollarTag = regexp.MustCompile(`^\$[^$]*\$`)
	isCode    = regexp.MustCompile(`(?i)^\s*(alter|begin|create|declare|delete|drop|insert|select|truncate|update|with)\s`)
)

// stringText is what a string of the plain form 'a”b' holds.
func stringText(literal string) string {
	if len(literal) < 2 || literal[0] != '\'' {
		return ""
	}
	return strings.ReplaceAll(literal[1:len(literal)-1], "''", "'")
}

// namesRelation reports whether the string at a place is read as a name of a
// relation: 'orders'::regclass, nextval('orders_id_seq').
func (s sentence) namesRelation(i int) bool {
	if s[i].Token != pg.Token_SCONST {
		return false
	}
	if s.at(i+1) == "::" && s.at(i+2) == "regclass" || s.at(i-1) == "regclass" {
		return true
	}
	return s.at(i-1) == "(" && readsName[s.at(i-2)]
}

var readsName = map[string]bool{
	"currval": true, "nextval": true, "pg_get_serial_sequence": true, "setval": true, "to_regclass": true,
	"pg_relation_size": true, "pg_total_relation_size": true, "has_table_privilege": true,
}

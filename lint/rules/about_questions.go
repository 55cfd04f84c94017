package rules

import (
	"regexp"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
)

var (
	// trialName is a name, or a pattern of names, that only a trial has.
	trialName = regexp.MustCompile(`(?i)^[%^]*migv(?:et)?(?:[_%\\$.*][\w%\\$.*]*)?$`)

	// trialNameInText is one in a text that may be SQL.
	trialNameInText = regexp.MustCompile(`(?i)\bmigvet_\w+|'[%^]*migvet[_%]?'`)
)

// questionsIn looks at the tokens of SQL and of the code in its strings; place is
// where in the statement a byte of it stands.
func questionsIn(s *lint.Statement, place func(int) int32) (found []question) {
	words := wordsOf(s)
	for i, t := range words.tokens {
		switch {
		case t.Token == pg.Token_SCONST || t.Token == pg.Token_USCONST:
			found = append(found, questionsInString(s, words, i, place)...)
		case trialName.MatchString(words.at(i)):
			found = append(found, question{what: words.at(i), location: place(int(t.Start))})
		case slices.Contains(serverAge, words.at(i)) && words.at(i+1) == "(":
			found = append(found, question{what: words.at(i) + "()", location: place(int(t.Start)), ofServer: true})
		}
	}
	return found
}

func questionsInString(s *lint.Statement, words wordList, i int, place func(int) int32) []question {
	t := words.tokens[i]
	text, start, quoting := stringValue(s.SQL[t.Start:t.End])
	if isCode(words, i) {
		b := body{text: text, start: int(t.Start) + start, quoting: quoting}
		return questionsIn(&lint.Statement{SQL: text}, func(offset int) int32 { return place(int(b.location(offset))) })
	}
	at := place(int(t.Start))
	if text = joinedText(s, words, i, text); trialName.MatchString(text) {
		return []question{{what: text, location: at}}
	}
	if name := trialNameInText.FindString(text); name != "" {
		return []question{{what: strings.Trim(name, "'"), location: at}}
	}
	return nil
}

// isCode tells whether a string holds code: it is in dollar quotes, which nobody
// writes around a name, or behind DO or AS.
func isCode(words wordList, i int) bool {
	return words.at(i) == "" || strings.HasPrefix(words.at(i), "$") || words.at(i-1) == "do" || words.at(i-1) == "as"
}

// joinedText returns a text with those that || appends to it. The first of them
// stands for all.
func joinedText(s *lint.Statement, words wordList, i int, text string) string {
	if words.at(i-1) == "||" {
		return ""
	}
	for j := i + 2; words.at(j-1) == "||" && j < len(words.tokens) && words.tokens[j].Token == pg.Token_SCONST; j += 2 {
		more, _, _ := stringValue(s.SQL[words.tokens[j].Start:words.tokens[j].End])
		text += more
	}
	return text
}

// A question is a word in a statement that tells a trial from production.
type question struct {
	what     string // as it is written
	location int32
	ofServer bool // it asks for the server's age
}

// questionsOf returns what a statement asks of its surroundings.
func questionsOf(s *lint.Statement) []question {
	text := strings.ToLower(s.SQL)
	if !slices.ContainsFunc(append([]string{"migv"}, serverAge...), func(word string) bool { return strings.Contains(text, word) }) {
		return nil
	}
	return questionsIn(s, body{}.location)
}

// serverAge are the functions that tell since when a server runs.
var serverAge = []string{"pg_postmaster_start_time", "pg_conf_load_time", "pg_control_init", "pg_control_system", "pg_control_checkpoint"}

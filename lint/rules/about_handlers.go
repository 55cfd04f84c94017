package rules

import (
	"strings"

	"github.com/migvet/migvet/lint"
)

// A handler is EXCEPTION WHEN … THEN … END in a body.
type handler struct {
	start, at  int      // bytes: where its block begins, and where itself
	conditions []string // that hide something: OTHERS
	raises     bool     // it fails again
}

func (h handler) hides() bool { return len(h.conditions) > 0 && !h.raises }

// handlersIn reads the handlers of a body, in their order.
func handlersIn(text string) []handler {
	words := wordsOf(&lint.Statement{SQL: text})
	var found []handler
	for i := range words.text {
		if words.at(i) != "exception" || words.at(i+1) != "when" {
			continue
		}
		h := handler{start: blockStart(words, i), at: int(words.tokens[i].Start)}
		for j := i + 1; j < len(words.text) && !endsBlock(words, j); j++ {
			h.read(words, j)
		}
		found = append(found, h)
	}
	return found
}

// blockStart returns where the block begins that a handler belongs to.
func blockStart(words wordList, handler int) int {
	depth := 0
	for i := handler - 1; i >= 0; i-- {
		switch {
		case endsBlock(words, i):
			depth++
		case words.at(i) == "begin" && depth == 0:
			return int(words.tokens[i].Start)
		case words.at(i) == "begin":
			depth--
		}
	}
	return 0
}

// endsBlock tells END; from END IF; and from that of a CASE.
func endsBlock(words wordList, i int) bool {
	return words.at(i) == "end" && (words.at(i+1) == ";" || words.at(i+1) == "")
}

// hiding are the conditions behind which more than a repeated migration can be.
var hiding = wordSet("others unique_violation check_violation foreign_key_violation not_null_violation exclusion_violation integrity_constraint_violation lock_not_available")

// read takes one word of a handler.
func (h *handler) read(words wordList, i int) {
	word := words.at(i)
	isCondition := words.at(i-1) == "when" || words.at(i-1) == "or"
	switch {
	case isCondition && hiding[word]:
		h.conditions = append(h.conditions, strings.ToUpper(word))
	case isCondition && word == "sqlstate" && strings.HasPrefix(words.at(i+1), "'23"):
		h.conditions = append(h.conditions, "SQLSTATE "+words.at(i+1))
	}
	if word == "raise" && !wordSet("notice warning info log debug")[words.at(i+1)] {
		h.raises = true
	}
}

package rows

import (
	"slices"
	"strconv"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
)

var (
	textLiteral   = lazyregexp.New(`'((?:[^']|'')*)'`)
	numberLiteral = lazyregexp.New(`(?:^|[\s(,<>=\[])'?(-?\d+(?:\.\d+)?)(?:'|\b)`)
	matchedText   = lazyregexp.New(`(?:~\*?|similar_to_escape\()\s*'((?:[^']|'')*)'`)
	likePattern   = lazyregexp.New(`~~\*?\s*'((?:[^']|'')*)'`)
)

const (
	maxLiterals = 20
	maxLength   = 10000 // of text made to a length that a constraint names
)

// suggestValues lists values of a type that the text of a constraint suggests: for CHECK (n > 5) 5 and numbers around
// it, for CHECK (length(s) = 3) texts of three characters, for CHECK (s ~ '^a') texts that match.
func suggestValues(expression quote.SQL, d *dataType) []value {
	texts, numbers := literalsIn(expression)
	switch {
	case d.base == "json" || d.base == "jsonb":
		return suggestedJSON(string(expression), texts)
	case d.element != nil:
		return d.arrayValues(suggestValues(expression, d.element))
	case d.isText() || d.base == "name":
		return suggestedText(string(expression), texts, numbers)
	case d.category == "N":
		return d.suggestedNumbers(numbers)
	case d.category == "D":
		return d.suggestedTimes(texts)
	case d.base == "bytea":
		return suggestedBytes(numbers)
	case d.base == "uuid":
		return suggestedUUIDs(texts)
	}
	return constantValues(texts)
}

// literalsIn lists the texts of an expression, quoted anew, and its numbers: parts of it that are digits and nothing else.
func literalsIn(expression quote.SQL) (texts, numbers []quote.SQL) {
	for _, m := range textLiteral.FindAllStringSubmatch(string(expression), -1) {
		if text := quote.Text(unquoteLiteral(m[1])); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	for _, at := range numberLiteral.FindAllStringSubmatchIndex(string(expression), -1) {
		if number := expression[at[2]:at[3]]; !slices.Contains(numbers, number) {
			numbers = append(numbers, number)
		}
	}
	return atMost(texts, maxLiterals), atMost(numbers, maxLiterals)
}

// unquoteLiteral is what stands between the quotes of a literal, as the server writes it with standard_conforming_strings.
func unquoteLiteral(literal string) string { return strings.ReplaceAll(literal, "''", "'") }

func constantValues(texts []quote.SQL) []value {
	var values []value
	if len(texts) > 1 {
		values = append(values, cycleThrough(texts))
	}
	for _, t := range texts {
		values = append(values, constantValue(t))
	}
	return values
}

func suggestedText(expression string, texts, numbers []quote.SQL) []value {
	var values []value
	for _, m := range matchedText.FindAllStringSubmatch(expression, -1) {
		values = append(values, valuesMatching(unquoteLiteral(m[1]))...)
	}
	for _, m := range likePattern.FindAllStringSubmatch(expression, -1) {
		head, tail, _ := strings.Cut(unquoteLiteral(m[1]), "%")
		values = append(values, constantValue(quote.Text(head)+" || ").join(perRow("$k || ")).join(constantValue(quote.Text(strings.ReplaceAll(tail, "%", "")))))
		values[len(values)-1].size = 0
	}
	values = append(values, constantValues(texts)...)
	for _, n := range numbers {
		if length, err := strconv.Atoi(string(n)); err == nil && length > 0 && length <= maxLength {
			values = append(values, perRow("lpad($k::text, "+quote.Number(length)+", '0')"), constantValue("repeat('a', "+quote.Number(length)+")"))
		}
	}
	for _, t := range texts {
		v := constantValue(t + " || ").join(perRow("$k"))
		v.size = 0
		values = append(values, v)
	}
	return values
}

func (d *dataType) suggestedNumbers(numbers []quote.SQL) []value {
	var values []value
	if len(numbers) > 2 {
		values = append(values, cycleThrough(numbers))
	}
	for _, n := range numbers {
		values = append(values, perRow("("+n+") + ($k - 1000)"), perRow("("+n+") - ($k - 1000)"))
	}
	if !strings.HasPrefix(d.base, "int") {
		values = append(values, perRow("($k - 1000) / 100.0"))
	}
	for _, n := range numbers {
		values = append(values, constantValue(n), constantValue("("+n+") + 1"), constantValue("("+n+") - 1"))
	}
	return values
}

func (d *dataType) suggestedTimes(texts []quote.SQL) []value {
	step := quote.SQL("($k - 1000) * interval '1 minute'")
	if d.base == "date" {
		step = "($k - 1000)"
	}
	var values []value
	for _, t := range texts {
		if !strings.ContainsAny(string(t), "0123456789") {
			continue
		}
		moment := constantValue(t + "::" + d.baseType)
		for _, sign := range []quote.SQL{" + ", " - "} {
			v := moment.join(constantValue(sign)).join(perRow(step))
			v.size = 0
			values = append(values, v)
		}
		values = append(values, moment)
	}
	return values
}

func suggestedBytes(numbers []quote.SQL) []value {
	var values []value
	for _, n := range numbers {
		if length, err := strconv.Atoi(string(n)); err == nil && length > 0 && length <= maxLength {
			values = append(values, perRow("decode(lpad(to_hex($k), "+quote.Number(2*length)+", '0'), 'hex')"))
		}
	}
	return values
}

// suggestedUUIDs keep the head of a literal, as bounds of partitions by UUID need.
func suggestedUUIDs(texts []quote.SQL) []value {
	var values []value
	for _, t := range texts {
		v := constantValue("left(" + t + ", 24) || ").join(perRow("lpad(to_hex($k), 12, '0')"))
		v.size = 0
		values = append(values, v, constantValue(t))
	}
	return values
}

// suggestedJSON makes objects with the keys that the expression reads, their values the row's number, each of the
// texts, or an object.
func suggestedJSON(expression string, texts []quote.SQL) []value {
	paths := jsonPaths(expression)
	leaves := []value{perRow("to_jsonb($k::text)"), perRow("to_jsonb($k)"), perRow("to_jsonb($k % 2 = 1)"), constantValue("'{}'::jsonb"), constantValue("'[]'::jsonb")}
	for _, t := range texts {
		leaves = append(leaves, constantValue("to_jsonb("+t+"::text)"))
	}
	var values []value
	if len(paths) > 0 {
		for _, leaf := range leaves {
			root := &jsonNode{}
			for _, path := range paths {
				root.add(path, leaf)
			}
			values = append(values, root.value())
		}
	}
	for _, whole := range []quote.SQL{"'{}'", "'[]'", "'null'", `'"a"'`, "'1'", "'true'"} {
		values = append(values, constantValue(whole))
	}
	return values
}

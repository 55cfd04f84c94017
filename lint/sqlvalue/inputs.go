package sqlvalue

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/migvet/migvet/lint"
)

// InputProblem says why the type's input function refuses a text; "" when it
// takes it, or when nobody can tell from here. It is the rest of a sentence:
// "is not a date" for 2024-02-30, "is not a UUID" for the empty string. It
// claims only what PostgreSQL 14 to 18 agree on, and looks at no length.
func (t Type) InputProblem(text string) string {
	if t.Array {
		return t.arrayProblem(text)
	}
	if t.Labels != nil {
		return t.labelProblem(text)
	}
	trimmed := strings.TrimSpace(text)
	switch t.Name {
	case "json", "jsonb":
		return problemUnless(json.Valid([]byte(text)), "is not JSON")
	case "uuid":
		return problemUnless(uuidText.MatchString(text), "is not a UUID")
	case "bool":
		return problemUnless(isBooleanText(trimmed), "is not a boolean")
	case "int2", "int4", "int8":
		return problemUnless(integerText.MatchString(trimmed) || newerNumber.MatchString(trimmed), "is not a whole number")
	case "numeric", "float4", "float8":
		return problemUnless(decimalText.MatchString(trimmed) || specialNumber.MatchString(trimmed) || newerNumber.MatchString(trimmed), "is not a number")
	case "inet", "cidr":
		return problemUnless(t.maybeAddress(text), "is not a network address")
	case "date", "timestamp", "timestamptz", "time", "timetz":
		return problemUnless(t.maybeTime(trimmed), "is not a "+t.timeNoun())
	case "interval":
		return problemUnless(strings.ContainsAny(trimmed, "0123456789") || strings.Contains(strings.ToLower(trimmed), "infinity"), "is not an interval")
	case "bytea":
		return problemUnless(!strings.HasPrefix(text, `\x`) || hexText.MatchString(text[2:]), "is not hexadecimal")
	}
	return ""
}

func problemUnless(fine bool, problem string) string {
	if fine {
		return ""
	}
	return problem
}

var (
	uuidText      = regexp.MustCompile(`^(?:(?:[0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}|\{(?:[0-9a-fA-F]{4}-?){7}[0-9a-fA-F]{4}\})$`)
	integerText   = regexp.MustCompile(`^[+-]?[0-9]+$`)
	newerNumber   = regexp.MustCompile(`^[+-]?(?:0[xXoObB][0-9a-fA-F_]+|[0-9][0-9.]*_[0-9_.eE+-]*)$`) // since PostgreSQL 16
	specialNumber = regexp.MustCompile(`(?i)^[+-]?(nan|inf|infinity)$`)
	hexText       = regexp.MustCompile(`^(?:\s*[0-9a-fA-F]{2})*\s*$`)
	isoDate       = regexp.MustCompile(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]+([0-9]{2}):[0-9]{2}.*)?$`)
	clockText     = regexp.MustCompile(`^([0-9]{2}):[0-9]{2}`)
	timeWords     = regexp.MustCompile(`(?i)^(current_timestamp|current_date|current_time|localtime|localtimestamp|getdate|sysdate|utc_timestamp|null|none|undefined|never)\s*(\(\))?$`)
)

// isBooleanText takes every beginning that means one thing, as PostgreSQL does.
func isBooleanText(text string) bool {
	text = strings.ToLower(text)
	if text == "" {
		return false
	}
	for _, word := range []string{"true", "false", "yes", "no"} {
		if strings.HasPrefix(word, text) {
			return true
		}
	}
	return text == "on" || text == "of" || text == "off" || text == "1" || text == "0"
}

// maybeAddress refuses only what no version takes: cidr may be short, and
// numbers may have leading zeros.
func (t Type) maybeAddress(text string) bool {
	if t.Name == "cidr" || leadingZero.MatchString(text) {
		return strings.Trim(text, "0123456789abcdefABCDEF.:/") == "" && text != ""
	}
	if strings.Contains(text, "/") {
		_, err := netip.ParsePrefix(text)
		return err == nil
	}
	_, err := netip.ParseAddr(text)
	return err == nil
}

var leadingZero = regexp.MustCompile(`(^|\.)0[0-9]|/0[0-9]`)

// maybeTime refuses only what is wrong in every DateStyle.
func (t Type) maybeTime(text string) bool {
	if text == "" || timeWords.MatchString(text) {
		return false
	}
	if clock := clockText.FindStringSubmatch(text); clock != nil {
		return hours(clock[1]) <= 24
	}
	iso := isoDate.FindStringSubmatch(text)
	if iso == nil || t.Is("time", "timetz") {
		return true
	}
	_, err := time.Parse(time.DateOnly, text[:len("2006-01-02")])
	return err == nil && iso[1] != "0000" && hours(iso[4]) <= 24
}

func hours(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func (t Type) timeNoun() string {
	switch t.Name {
	case "date":
		return "date"
	case "time", "timetz":
		return "time of day"
	}
	return "timestamp"
}

func (t Type) labelProblem(text string) string {
	if slices.Contains(t.Labels, text) {
		return ""
	}
	hint := lint.DidYouMean(text, t.Labels)
	for _, label := range t.Labels {
		if strings.EqualFold(label, text) {
			hint = "; did you mean " + strconv.Quote(label) + "?"
		}
	}
	return "is not a label of " + t.String() + hint
}

var arrayBounds = regexp.MustCompile(`^(\[[0-9:+-]+\])+\s*=\s*\{`)

// arrayProblem reads flat arrays without quotes; others only need their
// braces.
func (t Type) arrayProblem(text string) string {
	trimmed := strings.TrimSpace(text)
	if arrayBounds.MatchString(trimmed) {
		return ""
	}
	if !strings.HasPrefix(trimmed, "{") || !strings.HasSuffix(trimmed, "}") || len(trimmed) < 2 {
		return "is not an array, which is written with braces: '{}'"
	}
	inner := trimmed[1 : len(trimmed)-1]
	if strings.TrimSpace(inner) == "" || strings.ContainsAny(inner, `{}"\`) {
		return ""
	}
	element := Type{Name: t.Name, Labels: t.Labels}
	for _, text := range strings.Split(inner, ",") {
		text = strings.TrimSpace(text)
		if problem := element.InputProblem(text); problem != "" && !strings.EqualFold(text, "null") {
			return "has the element " + Shorten(text) + ", which " + problem
		}
	}
	return ""
}

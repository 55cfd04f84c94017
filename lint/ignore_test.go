package lint_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

func ignoring() []*lint.Rule {
	return []*lint.Rule{drops, tables, optIn, measured, trialled, lint.IgnoreUnused, lint.IgnoreInvalid}
}

func TestIgnore(t *testing.T) {
	const (
		plain  = "warning: drops [drops]"
		silent = plain + " accepted: old"
	)
	tests := []struct {
		name, source string
		want         []string
	}{
		{"above", "-- migvet:ignore drops old\nDROP TABLE a", []string{"m/01.sql:2:1 " + silent}},
		{"far above", "-- migvet:ignore drops old\n\n-- more words\n\nDROP TABLE a", []string{"m/01.sql:5:1 " + silent}},
		{"behind", "DROP TABLE a; -- migvet:ignore drops old", []string{"m/01.sql:1:1 " + silent}},
		{"behind, without semicolon", "DROP TABLE a -- migvet:ignore drops old", []string{"m/01.sql:1:1 " + silent}},
		{"inside", "DROP TABLE -- migvet:ignore drops old\n a", []string{"m/01.sql:1:1 " + silent}},
		{"block", "/* migvet:ignore drops old */ DROP TABLE a", []string{"m/01.sql:1:31 " + silent}},
		{"block of several lines", "/*\n migvet:ignore drops\n very\n old\n*/\nDROP TABLE a", []string{"m/01.sql:6:1 " + plain + " accepted: very old"}},
		{"without space", "--migvet:ignore drops old\nDROP TABLE a", []string{"m/01.sql:2:1 " + silent}},
		{"CRLF", "-- migvet:ignore drops old\r\nDROP TABLE a;\r\n", []string{"m/01.sql:2:1 " + silent}},
		{"dash before the reason", "-- migvet:ignore drops -- old\nDROP TABLE a", []string{"m/01.sql:2:1 " + silent}},
		{"colon before the reason", "-- migvet:ignore drops: old\nDROP TABLE a", []string{"m/01.sql:2:1 " + silent}},
		{"several rules", "-- migvet:ignore tables, drops old\nDROP TABLE a; CREATE TABLE b ()", []string{
			"m/01.sql:1:1 warning: tables reports nothing here; remove the ignore comment [ignore-unused]",
			"m/01.sql:2:1 " + silent, "m/01.sql:2:28 notice: makes b [tables]"}},
		{"only its statement", "-- migvet:ignore drops old\nDROP TABLE a; DROP TABLE b", []string{"m/01.sql:2:1 " + silent, "m/01.sql:2:15 " + plain}},
		{"behind is not the next", "DROP TABLE a; -- migvet:ignore drops old\nDROP TABLE b", []string{"m/01.sql:1:1 " + silent, "m/01.sql:2:1 " + plain}},
		{"two above", "-- migvet:ignore drops old\n-- migvet:ignore tables old\nDROP TABLE a", []string{
			"m/01.sql:2:1 warning: tables reports nothing here; remove the ignore comment [ignore-unused]", "m/01.sql:3:1 " + silent}},
		{"file", "DROP TABLE a;\nDROP TABLE b\n-- migvet:ignore-file drops old", []string{"m/01.sql:1:1 " + silent, "m/01.sql:2:1 " + silent}},
		{"file, unused", "-- migvet:ignore-file drops old\nSELECT 1", []string{
			"m/01.sql:1:1 warning: drops reports nothing here; remove the ignore comment [ignore-unused]"}},
		{"unused", "-- migvet:ignore drops old\nSELECT 1", []string{
			"m/01.sql:1:1 warning: drops reports nothing here; remove the ignore comment [ignore-unused]"}},
		{"below everything", "SELECT 1;\n-- migvet:ignore drops old\n", []string{
			"m/01.sql:2:1 warning: drops reports nothing here; remove the ignore comment [ignore-unused]"}},
		{"no reason", "-- migvet:ignore drops\nDROP TABLE a", []string{
			"m/01.sql:1:1 error: the ignore comment gives no reason and is not honoured; write -- migvet:ignore drops reason [ignore-invalid]", "m/01.sql:2:1 " + plain}},
		{"no reason but a dash", "-- migvet:ignore drops --\nDROP TABLE a", []string{
			"m/01.sql:1:1 error: the ignore comment gives no reason and is not honoured; write -- migvet:ignore drops reason [ignore-invalid]", "m/01.sql:2:1 " + plain}},
		{"no rule", "-- migvet:ignore\nDROP TABLE a", []string{
			"m/01.sql:1:1 error: the ignore comment names no rule; write -- migvet:ignore RULE reason [ignore-invalid]", "m/01.sql:2:1 " + plain}},
		{"unknown rule", "-- migvet:ignore drop old\nDROP TABLE a", []string{
			`m/01.sql:1:1 error: there is no rule "drop"; did you mean "drops"? [ignore-invalid]`, "m/01.sql:2:1 " + plain}},
		{"capitals", "-- migvet:ignore Drops old\nDROP TABLE a", []string{
			`m/01.sql:1:1 error: there is no rule "Drops"; did you mean "drops"? [ignore-invalid]`, "m/01.sql:2:1 " + plain}},
		{"one of two unknown", "-- migvet:ignore drops, nothing-near old\nDROP TABLE a", []string{
			`m/01.sql:1:1 error: there is no rule "nothing-near" [ignore-invalid]`, "m/01.sql:2:1 " + plain}},
		{"in a string", "SELECT '-- migvet:ignore drops old'; DROP TABLE a", []string{"m/01.sql:1:38 " + plain}},
		{"another word", "-- migvet:ignored drops old\n-- see migvet:ignore drops old\nDROP TABLE a", []string{"m/01.sql:3:1 " + plain}},
		{"rule that is off", "-- migvet:ignore opt-in old\nSELECT 1", nil},
		{"rule that needs a server", "-- migvet:ignore measured, trialled old\nSELECT 1", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, run(every(tt.source), nil, lint.Options{Rules: ignoring()}), tt.want...)
		})
	}
}

func TestIgnoreUnusedAfterATrial(t *testing.T) {
	h := every("-- migvet:ignore measured, trialled old\nSELECT 1")
	expect(t, run(h, nil, lint.Options{Rules: ignoring(), Observed: lint.NewObserved()}),
		"m/01.sql:1:1 warning: measured reports nothing here; remove the ignore comment [ignore-unused]",
		"m/01.sql:1:1 warning: trialled reports nothing here; remove the ignore comment [ignore-unused]")
}

func TestIgnoreFindingsOfTheTrial(t *testing.T) {
	h := every("-- migvet:ignore trialled old\nSELECT 1")
	found := []lint.Finding{trialled.At("m/01.sql", 30, 38, "refused"), trialled.AtFile("m/01.sql", "edited")}
	expect(t, run(h, found, lint.Options{Rules: ignoring()}),
		"m/01.sql error: edited [trialled]", "m/01.sql:2:1 error: refused [trialled] accepted: old")
}

func TestIgnoreWholeFileFinding(t *testing.T) {
	h := every("-- migvet:ignore-file trialled old\nSELECT 1")
	found := []lint.Finding{trialled.AtFile("m/01.sql", "edited"), trialled.AtFile("m/02.sql", "edited")}
	expect(t, run(h, found, lint.Options{Rules: ignoring()}),
		"m/01.sql error: edited [trialled] accepted: old", "m/02.sql error: edited [trialled]")
}

// What the trial says of a down stands in the file of the migration, or in one
// of its own; rules do not read it.
func TestIgnoreInDowns(t *testing.T) {
	h := every("DROP TABLE a;" + strings.Repeat(" ", 43))
	inFile := strings.Repeat(" ", 14) + "-- migvet:ignore trialled old\nDROP TABLE b"
	h.Downs = []*lint.Migration{
		{Path: "m/01.sql", Source: inFile, Chunks: []lint.Span{{Start: 14, End: len(inFile)}}},
		{Path: "m/01.down.sql", Source: "-- migvet:ignore drops old\nDROP TABLE a", Chunks: []lint.Span{{End: 39}}},
	}
	found := []lint.Finding{trialled.At("m/01.sql", 44, 56, "does not go back")}
	expect(t, run(h, found, lint.Options{Rules: ignoring(), Observed: lint.NewObserved()}),
		"m/01.down.sql warning: drops reports nothing here; remove the ignore comment [ignore-unused]",
		"m/01.sql:1:1 warning: drops [drops]", "m/01.sql:1:45 error: does not go back [trialled] accepted: old")
}

// The text between two messages is sent with the first, but stands above the
// second.
func TestIgnoreAtTheEndOfAMessage(t *testing.T) {
	h := every("")
	h.New[0].Source, h.New[0].Chunks = messages("SELECT 1;\n-- migvet:ignore drops old\n|DROP TABLE a")
	expect(t, run(h, nil, lint.Options{Rules: ignoring()}), "m/01.sql:3:2 warning: drops [drops] accepted: old")
}

func TestIgnoreSeverities(t *testing.T) {
	h := every("-- migvet:ignore drops\nDROP TABLE a;\n-- migvet:ignore drops old\nSELECT 1")
	o := lint.Options{Rules: ignoring(), Severity: map[string]lint.Severity{"ignore-invalid": lint.Off, "ignore-unused": lint.Notice}}
	expect(t, run(h, nil, o),
		"m/01.sql:2:1 warning: drops [drops]", "m/01.sql:3:1 notice: drops reports nothing here; remove the ignore comment [ignore-unused]")
}

func TestIgnoreCommentsOfTheBaseAreNotReviewed(t *testing.T) {
	h := onBase(1, "-- migvet:ignore drops\nSELECT 1", "SELECT 2")
	expect(t, run(h, nil, lint.Options{Rules: ignoring()}))
}

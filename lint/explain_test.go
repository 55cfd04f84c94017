package lint_test

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

// explaining accounts for one refusal of the server; it speaks of every DROP.
var explaining = &lint.Rule{ID: "explaining", Severity: lint.Warning, Explains: []string{"23502"}, Check: func(p *lint.Pass) {
	if p.Node().GetDropStmt() != nil {
		p.Reportf(-1, "will fail")
	}
}}

func refusal(path string, start int, cause string) lint.Finding {
	f := trialled.At(path, start, start+4, "fails")
	f.Cause, f.Evidence = cause, "tried: "+cause
	return f
}

func TestExplain(t *testing.T) {
	const source = "SELECT 1;\nDROP TABLE a;\nDROP TABLE b"
	tests := []struct {
		name  string
		found []lint.Finding
		want  []string
	}{
		{"nothing refused", nil, []string{
			"m/01.sql:2:1 warning: will fail [explaining]", "m/01.sql:3:1 warning: will fail [explaining]"}},
		{"refused where it speaks", []lint.Finding{refusal("m/01.sql", 15, "23502")}, []string{
			"m/01.sql:2:1 error: will fail [explaining]", "m/01.sql:3:1 warning: will fail [explaining]"}},
		{"refused for another cause", []lint.Finding{refusal("m/01.sql", 15, "23505")}, []string{
			"m/01.sql:2:1 warning: will fail [explaining]", "m/01.sql:2:6 error: fails [trialled]", "m/01.sql:3:1 warning: will fail [explaining]"}},
		{"refused elsewhere", []lint.Finding{refusal("m/01.sql", 0, "23502")}, []string{
			"m/01.sql:1:1 error: fails [trialled]", "m/01.sql:2:1 warning: will fail [explaining]", "m/01.sql:3:1 warning: will fail [explaining]"}},
		{"another file", []lint.Finding{refusal("m/02.sql", 10, "23502")}, []string{
			"m/01.sql:2:1 warning: will fail [explaining]", "m/01.sql:3:1 warning: will fail [explaining]", "m/02.sql error: fails [trialled]"}},
		{"both refused", []lint.Finding{refusal("m/01.sql", 10, "23502"), refusal("m/01.sql", 24, "23502")}, []string{
			"m/01.sql:2:1 error: will fail [explaining]", "m/01.sql:3:1 error: will fail [explaining]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := lint.Options{Rules: []*lint.Rule{explaining, trialled}}
			expect(t, run(every(source), tt.found, o), tt.want...)
		})
	}
}

// What the server said is the evidence, and the cause stays known.
func TestExplainKeepsTheEvidence(t *testing.T) {
	o := lint.Options{Rules: []*lint.Rule{explaining}}
	findings := lint.Run([]*lint.History{every("DROP TABLE a")}, []lint.Finding{refusal("m/01.sql", 0, "23502")}, o)
	if len(findings) != 1 || findings[0].Evidence != "tried: 23502" || findings[0].Cause != "23502" {
		t.Errorf("%+v", findings)
	}
}

// A refusal that keeps the migrations from being applied stays one, whatever
// accounts for it.
func TestExplainKeepsWhatStops(t *testing.T) {
	o := lint.Options{Rules: []*lint.Rule{explaining}}
	stops := refusal("m/01.sql", 0, "23502")
	stops.Stops = true
	findings := lint.Run([]*lint.History{every("DROP TABLE a; DROP TABLE b")}, []lint.Finding{stops}, o)
	if len(findings) != 2 || !findings[0].Stops || findings[1].Stops {
		t.Errorf("%+v", findings)
	}
}

// A rule that is off explains nothing: the refusal is told instead.
func TestExplainWithTheRuleOff(t *testing.T) {
	o := lint.Options{Rules: []*lint.Rule{explaining}, Severity: map[string]lint.Severity{"explaining": lint.Off}}
	expect(t, run(every("DROP TABLE a"), []lint.Finding{refusal("m/01.sql", 0, "23502")}, o), "m/01.sql:1:1 error: fails [trialled]")
}

// A statement that the server refuses on any data does nothing that rules could
// warn of; one that fails only on rows does.
func TestBrokenStatementsAreLeftToTheServer(t *testing.T) {
	broken := &lint.Rule{ID: "broken", Severity: lint.Error, Explains: []string{"42P01"}, Check: func(p *lint.Pass) { p.Reportf(-1, "no such table") }}
	tests := map[string][]string{
		"42P01": {"m/01.sql:1:1 error: no such table [broken]"},
		"42703": nil,
		"2BP01": nil,
		"42501": {"m/01.sql:1:1 error: no such table [broken]", "m/01.sql:1:1 warning: drops [drops]"},
		"23502": {"m/01.sql:1:1 error: no such table [broken]", "m/01.sql:1:1 warning: drops [drops]"},
	}
	for state, want := range tests {
		t.Run(state, func(t *testing.T) {
			h := every("DROP TABLE a")
			seen := saw(h.New[0].Statements()[0], &lint.Effect{Err: &lint.SQLError{SQLState: state}})
			expect(t, run(h, nil, lint.Options{Rules: []*lint.Rule{drops, broken}, Observed: seen}), want...)
		})
	}
}

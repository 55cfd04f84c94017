package report_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

const schemaFile = "../../docs/report.schema.json"

// compile reads a JSON Schema.
func compile(t testing.TB, file string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A schema is what the tests compare with the code: its keys and words.
type schema struct {
	Enum       []any              `json:"enum"`
	Properties map[string]*schema `json:"properties"`
	Defs       map[string]*schema `json:"$defs"`
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func decode(t *testing.T, r *report.Report) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(write(t, report.JSON, r), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestReportsMatchTheirSchema(t *testing.T) {
	s := compile(t, schemaFile)
	for name, r := range map[string]*report.Report{
		"relay":   relay(t),
		"nothing": {Result: report.Passed},
		"effect":  {Result: report.Passed, Trial: &report.Trial{Statements: []report.Statement{{Path: "a.sql", SQL: "select 1"}}}},
		"hostile": hostile("a.sql", "\xff</script>\u2028", "select"),
	} {
		if err := s.Validate(decode(t, r)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaRefusesWrongReports(t *testing.T) {
	s := compile(t, schemaFile)
	first := func(v map[string]any, key string) map[string]any { return v[key].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(v map[string]any){
		"another version":       func(v map[string]any) { v["version"] = 2.0 },
		"no base":               func(v map[string]any) { delete(v, "base") },
		"more":                  func(v map[string]any) { v["more"] = true },
		"no list":               func(v map[string]any) { v["findings"] = nil },
		"line 0":                func(v map[string]any) { first(v, "accepted")["line"] = 0.0 },
		"half a line":           func(v map[string]any) { first(v, "accepted")["line"] = 1.5 },
		"a trial that is 1":     func(v map[string]any) { v["trial"] = 1.0 },
		"an unknown status":     func(v map[string]any) { first(v, "migrations")["status"] = "odd" },
		"a rule with a space":   func(v map[string]any) { first(v, "findings")["rule"] = "No Rule" },
		"a fingerprint of none": func(v map[string]any) { first(v, "findings")["fingerprint"] = "" },
	} {
		v := decode(t, relay(t))
		change(v)
		if s.Validate(v) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// TestSchemaNamesEveryKey fails when a key is added on one side only: the
// sample has every key that a report can have.
func TestSchemaNamesEveryKey(t *testing.T) {
	s := readSchema(t)
	documented, written := map[string]bool{}, map[string]bool{}
	s.keys(documented)
	for _, definition := range s.Defs {
		definition.keys(documented)
	}
	keysOf(decode(t, relay(t)), written)
	if !reflect.DeepEqual(documented, written) {
		t.Errorf("the schema has %v\nthe sample has %v", slices.Sorted(maps.Keys(documented)), slices.Sorted(maps.Keys(written)))
	}
}

func (s *schema) keys(out map[string]bool) {
	for key, property := range s.Properties {
		out[key] = true
		property.keys(out)
	}
}

func keysOf(v any, out map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			keysOf(item, out)
		}
	case map[string]any:
		for key, value := range v {
			out[key] = true
			keysOf(value, out)
		}
	}
}

// TestSchemaListsEveryWord compares the schema's lists with the constants.
func TestSchemaListsEveryWord(t *testing.T) {
	s := readSchema(t)
	migration, finding := s.Defs["migration"].Properties, s.Defs["finding"].Properties
	for name, c := range map[string]struct {
		schema *schema
		want   []any
	}{
		"result":   {s.Properties["result"], words(report.Passed, report.Findings, report.NotApplied, report.NotChecked)},
		"status":   {migration["status"], words(report.New, report.Edited, report.Deleted, report.Renamed, report.Orphaned)},
		"applied":  {migration["applied"], words(report.Applied, report.Failed, report.Skipped, report.NotRun, report.NotTried)},
		"severity": {finding["severity"], words(lint.Notice.String(), lint.Warning.String(), lint.Error.String())},
		"mode": {s.Defs["lock"].Properties["mode"], words(lint.AccessShare, lint.RowShare, lint.RowExclusive, lint.ShareUpdateExclusive,
			lint.Share, lint.ShareRowExclusive, lint.Exclusive, lint.AccessExclusive)},
	} {
		if !slices.Equal(c.schema.Enum, c.want) {
			t.Errorf("%s: the schema has %v, the code %v", name, c.schema.Enum, c.want)
		}
	}
}

func words[S ~string](list ...S) []any {
	var out []any
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

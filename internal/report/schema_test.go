package report_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/report"
	"github.com/migvet/migvet/lint"
)

// A schema is the part of JSON Schema that docs/report.schema.json uses; a
// keyword outside of it fails the test that reads the file.
type schema struct {
	Schema  string `json:"$schema"`
	ID      string `json:"$id"`
	Title   string `json:"title"`
	Comment string `json:"description"`

	Ref        string             `json:"$ref"`
	Defs       map[string]*schema `json:"$defs"`
	Type       any                `json:"type"`
	Const      any                `json:"const"`
	Enum       []any              `json:"enum"`
	Minimum    *float64           `json:"minimum"`
	Pattern    string             `json:"pattern"`
	Items      *schema            `json:"items"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Additional *bool              `json:"additionalProperties"`
}

func readSchema(t *testing.T) *schema {
	t.Helper()
	file, err := os.Open("../../docs/report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var s schema
	d := json.NewDecoder(file)
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// check returns what is wrong with a decoded value, "" for nothing.
func (s *schema) check(root *schema, at string, v any) string {
	if s.Ref != "" {
		if problem := root.definition(s.Ref).check(root, at, v); problem != "" {
			return problem
		}
	}
	if problem := s.scalar(v); problem != "" {
		return at + ": " + problem
	}
	switch v := v.(type) {
	case []any:
		return s.array(root, at, v)
	case map[string]any:
		return s.object(root, at, v)
	}
	return ""
}

func (s *schema) definition(ref string) *schema {
	return s.Defs[strings.TrimPrefix(ref, "#/$defs/")]
}

func (s *schema) scalar(v any) string {
	switch {
	case s.Type != nil && !slices.ContainsFunc(asList(s.Type), func(name any) bool { return isType(name.(string), v) }):
		return fmt.Sprintf("%v is not of type %v", v, s.Type)
	case s.Const != nil && s.Const != v:
		return fmt.Sprintf("%v is not %v", v, s.Const)
	case s.Enum != nil && !slices.Contains(s.Enum, v):
		return fmt.Sprintf("%v is none of %v", v, s.Enum)
	}
	if n, ok := v.(float64); ok && s.Minimum != nil && n < *s.Minimum {
		return fmt.Sprintf("%v is less than %v", n, *s.Minimum)
	}
	if text, ok := v.(string); ok && !regexp.MustCompile(s.Pattern).MatchString(text) {
		return fmt.Sprintf("%q does not match %s", text, s.Pattern)
	}
	return ""
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func isType(name string, v any) bool {
	switch v := v.(type) {
	case nil:
		return name == "null"
	case bool:
		return name == "boolean"
	case string:
		return name == "string"
	case float64:
		return name == "number" || name == "integer" && v == math.Trunc(v)
	case []any:
		return name == "array"
	}
	return name == "object"
}

func (s *schema) array(root *schema, at string, list []any) string {
	for i, item := range list {
		if s.Items == nil {
			break
		}
		if problem := s.Items.check(root, fmt.Sprintf("%s[%d]", at, i), item); problem != "" {
			return problem
		}
	}
	return ""
}

func (s *schema) object(root *schema, at string, object map[string]any) string {
	for _, key := range s.Required {
		if _, ok := object[key]; !ok {
			return at + " lacks " + key
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		property := s.Properties[key]
		if property == nil {
			if s.Additional != nil && !*s.Additional {
				return at + " must not have " + key
			}
			continue
		}
		if problem := property.check(root, at+"."+key, object[key]); problem != "" {
			return problem
		}
	}
	return ""
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
	s := readSchema(t)
	for name, r := range map[string]*report.Report{
		"relay":   relay(t),
		"nothing": {Result: report.Passed},
		"effect":  {Result: report.Passed, Trial: &report.Trial{Statements: []report.Statement{{Path: "a.sql", SQL: "select 1"}}}},
		"hostile": hostile("a.sql", "\xff</script>\u2028", "select"),
	} {
		if problem := s.check(s, name, decode(t, r)); problem != "" {
			t.Error(problem)
		}
	}
}

func TestSchemaRefusesWrongReports(t *testing.T) {
	s := readSchema(t)
	first := func(v map[string]any, key string) map[string]any { return v[key].([]any)[0].(map[string]any) }
	for want, change := range map[string]func(v map[string]any){
		"r.version: 2 is not 1":                          func(v map[string]any) { v["version"] = 2.0 },
		"r lacks base":                                   func(v map[string]any) { delete(v, "base") },
		"r must not have more":                           func(v map[string]any) { v["more"] = true },
		"r.findings: <nil> is not of type array":         func(v map[string]any) { v["findings"] = nil },
		"r.accepted[0].line: 0 is less than 1":           func(v map[string]any) { first(v, "accepted")["line"] = 0.0 },
		"r.accepted[0].line: 1.5 is not of type integer": func(v map[string]any) { first(v, "accepted")["line"] = 1.5 },
		"r.trial: 1 is not of type [object null]":        func(v map[string]any) { v["trial"] = 1.0 },
		"r.migrations[0].status: odd is none of [new edited deleted renamed orphaned]": func(v map[string]any) {
			first(v, "migrations")["status"] = "odd"
		},
		`r.findings[0].rule: "No Rule" does not match ^[a-z0-9]+(-[a-z0-9]+)*$`: func(v map[string]any) { first(v, "findings")["rule"] = "No Rule" },
	} {
		v := decode(t, relay(t))
		change(v)
		if got := s.check(s, "r", v); got != want {
			t.Errorf("got %q, want %q", got, want)
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

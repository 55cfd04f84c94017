package source

import (
	"fmt"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// loaded reads the only folder of a tree with values of placeholders.
func loaded(t *testing.T, values map[string]string, files ...string) *Folder {
	t.Helper()
	fsys := tree(files...)
	found, err := Detect(fsys)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %+v, %v", found, err)
	}
	found[0].Placeholders = values
	f, err := Load(fsys, found[0])
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// sent returns what a step sends, message by message.
func sent(s step) []string {
	var all []string
	for _, c := range s.chunks {
		if text := strings.TrimSpace(s.text[c.Start:c.End]); text != "" {
			all = append(all, text)
		}
	}
	return all
}

// TestPlaceholders compares what each tool sends with what its engine sends
// for the same values.
func TestPlaceholders(t *testing.T) {
	values := map[string]string{"schema": "longer_than_it", "n": "1", "EMPTY": ""}
	tests := []struct {
		name, file, text string
		want             string // messages, parted by " | ", or part of why nobody knows
	}{
		{"Flyway", "V1__a.sql", "CREATE TABLE ${schema}.t (id int); SELECT '${n}'", "CREATE TABLE longer_than_it.t (id int); | SELECT '1'"},
		{"Flyway, not known", "V1__a.sql", "SELECT '${other}'", "Flyway replaces ${other} in it by a value that migvet does not know; give it under migrations in .migvet.yml: {dir: m, placeholders: {other: …}}"},
		{"Flyway's own", "V1__a.sql", "SELECT '${flyway:filename}', '${flyway:defaultSchema}'", "SELECT 'V1__a.sql', 'public'"},
		{"goose", "1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nCREATE TABLE ${schema}.t_$n (id int);\n-- +goose ENVSUB OFF\nSELECT '$n';\n", "CREATE TABLE longer_than_it.t_1 (id int); | SELECT '$n';"},
		{"goose, defaults", "1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${n:-2}', '${EMPTY:-2}', '${EMPTY-2}';\n", "SELECT '1', '2', '';"},
		{"goose, escapes", "1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\n-- +goose StatementBegin\nDO $$$$ SELECT \\$n $(x) $n\n;$$$$\n-- +goose StatementEnd\n", "DO $$ SELECT $n $(x) 1\n;$$"},
		{"goose, not known", "1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${other:-x}';\n", "goose replaces ${other:-x} in it by a value"},
		{"tern", "001_a.sql", "CREATE TABLE {{.schema}}.t (id int);\n-- {{/* not sent */ -}}\n  x\n" + ternDown + "\nDROP TABLE {{.other}};", "CREATE TABLE longer_than_it.t (id int);\n-- x"},
		{"tern, no transaction", "001_a.sql", "---- tern: disable-tx ----\nSELECT {{.n}}; SELECT 2;\n" + ternDown, "---- tern: disable-tx ----\nSELECT 1; | SELECT 2;"},
		{"tern, not known", "001_a.sql", "SELECT {{ .other }};\n" + ternDown, "tern replaces {{ .other }} in it by a value that migvet does not know; give it under migrations in .migvet.yml: {dir: m, placeholders: {other: …}}"},
		{"tern, functions of sprig", "001_a.sql", "SELECT '{{ .schema | upper }}';\n" + ternDown, `tern renders it as a template that migvet cannot read: function "upper" not defined`},
		{"tern, variables", "001_a.sql", "SELECT {{ with $x := .n }}{{ $x }}{{ end }};\n" + ternDown, "SELECT 1;"},
		{"tern, variables further down", "001_a.sql", "{{ $x := .n }}\nSELECT {{ $x }};\n" + ternDown, "tern renders it as a template that migvet cannot run"},
		{"tern, loops", "001_a.sql", "{{ if .n }}{{ range 9000000000000000000 }}{{ end }}{{ end }}\n" + ternDown, "range is not rendered"},
		{"tern, a file that is not there", "001_a.sql", "{{ template \"x.sql\" . }}\n" + ternDown, "tern renders it as a template that migvet cannot run"},
		{"goose, positional", "1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\nSELECT $1;\n", "this way to write one: $1;"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := loaded(t, values, "m/"+test.file+": "+test.text).steps[0]
			got := strings.Join(sent(s), " | ")
			if s.opaque != "" {
				got = s.opaque
			}
			if s.opaque != "" && !strings.Contains(got, test.want) || s.opaque == "" && got != test.want {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestPlaceholderPositions has a statement behind a placeholder.
func TestPlaceholderPositions(t *testing.T) {
	const text = "COMMENT ON SCHEMA ${schema} IS '';\nDROP TABLE ${schema}.t;"
	s := loaded(t, map[string]string{"schema": "a"}, "m/V1__a.sql: "+text).steps[0]
	m := s.migration()
	drop := m.Statements()[1]
	if drop.SQL != "DROP TABLE a.t" {
		t.Fatalf("statement is %q", drop.SQL)
	}
	at := m.InFile(lint.Span{Start: drop.Start, End: drop.End})
	if got := text[at.Start:at.End]; got != "DROP TABLE ${schema}.t" {
		t.Errorf("it comes from %q", got)
	}
}

// TestTernDefinitions has a shared file that defines another template.
func TestTernDefinitions(t *testing.T) {
	s := loaded(t, nil, "m/001_a.sql: SELECT 1; {{ template \"b\" }}\n"+ternDown, "m/x/a.sql: {{ define \"b\" }}{{ template \"b\" }}{{ end }}").steps[0]
	if !strings.Contains(s.opaque, "defines a template of its own") {
		t.Errorf("opaque is %q", s.opaque)
	}
}

// TestTernIsBounded has files that call each other twice, thirty deep.
func TestTernIsBounded(t *testing.T) {
	files := []string{"m/001_a.sql: SELECT 1; {{ template \"x/00.sql\" . }}\n" + ternDown}
	for i := range 30 {
		files = append(files, fmt.Sprintf("m/x/%02d.sql: {{ template \"x/%02d.sql\" . }}{{ template \"x/%02d.sql\" . }}", i, i+1, i+1))
	}
	files = append(files, "m/x/30.sql: ")
	s := loaded(t, nil, files...).steps[0]
	if !strings.Contains(s.opaque, "it yields too much") {
		t.Errorf("opaque is %q", s.opaque)
	}
}

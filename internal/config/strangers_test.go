package config

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

var update = flag.Bool("update", false, "write the table of what counts into docs/configuration.md")

// Where the value of a key counts.
const (
	nowhere  = "no effect; a note says so"
	newDirs  = "checked beside the folders of the base branch, if that does not know it; a note names it. Other folders stay as they are"
	ofNewDir = "counts for a folder that the base branch does not know, and the note says so; else no effect"
	tells    = "counts; a note says what is checked less, or differently"
)

// strangersValues are what a branch of strangers may write for each key of the
// file, and what comes of it there.
var strangersValues = []struct{ key, file, comesOf string }{
	{"migrations.dir", "migrations: [{dir: decoy}]", newDirs},
	{"migrations.tool", "migrations: [{dir: decoy, tool: goose}]", ofNewDir},
	{"migrations.placeholders", `migrations: [{dir: decoy, placeholders: {what: "SELECT 1; --"}}]`, ofNewDir},
	{"migrations.history-table", "migrations: [{dir: decoy, history-table: other.table}]", ofNewDir},
	{"migrations.transaction", "migrations: [{dir: decoy, transaction: none}]", ofNewDir},
	{"migrations.send", "migrations: [{dir: decoy, send: statement}]", ofNewDir},
	{"migrations.exclude", "migrations: [{dir: decoy, exclude: [x.sql]}]", ofNewDir},
	{"migrations.stand-in", "migrations: [{dir: decoy, stand-in: {7: x.sql}}]", ofNewDir},
	{"migrations.after", "migrations: [{dir: decoy, after: other}, {dir: other}]", ofNewDir},
	{"migrations.base-schema", "migrations: [{dir: decoy, base-schema: x.sql}]", ofNewDir},
	{"postgres", "postgres: 14", nowhere},
	{"role", "role: superuser", nowhere},
	{"runner.lock", "runner: {lock: 7}", nowhere},
	{"runner.mode", "runner: {lock: 7, mode: wait}", nowhere},
	{"runner.on-busy", "runner: {lock: 7, on-busy: fail}", nowhere},
	{"runner.timeout", "runner: {lock: 7, timeout: 1s}", nowhere},
	{"extensions", "extensions: [vector]", nowhere},
	{"roles", "roles: [reader]", nowhere},
	{"presets", "presets: [supabase]", nowhere},
	{"search-path", "search-path: [app]", nowhere},
	{"before", "before: x.sql", nowhere},
	{"base-schema", "base-schema: x.sql", nowhere},
	{"stats", "stats: x.json", nowhere},
	{"small-table.rows", "small-table: {rows: 5}", nowhere},
	{"small-table.size", "small-table: {size: 5 MB}", nowhere},
	{"max-lock-timeout", "max-lock-timeout: 5min", nowhere},
	{"rules", "rules: {column-dropped: off}", nowhere},
	{"ignore-paths", `ignore-paths: ["**"]`, nowhere},
	{"accept.rule", `accept: [{rule: column-dropped, path: "**", reason: x}]`, nowhere},
	{"accept.path", `accept: [{rule: column-dropped, path: "**", reason: x}]`, nowhere},
	{"accept.reason", `accept: [{rule: column-dropped, path: "**", reason: x}]`, nowhere},
	{"fail-on", "fail-on: never", nowhere},
	{"baseline", "baseline: x.json", nowhere},
}

// Nothing that a branch of strangers configures counts, but for folders that it
// adds; and nothing that a branch changes is untold. Bases that say much, and
// nothing, are the same in that.
func TestStrangersValues(t *testing.T) {
	full := `{migrations: [{dir: a, tool: plain}], postgres: 16, role: owner, rules: {column-dropped: warning}, fail-on: warning}`
	for _, file := range []string{"", full} {
		for _, row := range strangersValues {
			base, head := parsed(t, file), parsed(t, row.file)
			counts, added := ForStrangers(base, head)
			if !reflect.DeepEqual(counts, parsed(t, file)) {
				t.Errorf("%s of strangers counts: %+v", row.key, counts)
			}
			if !reflect.DeepEqual(added, head.Migrations) || (row.comesOf == nowhere) != (len(added) == 0) {
				t.Errorf("%s: adds %+v", row.key, added)
			}
			if told := Weaker(base, head, compared); len(told) == 0 {
				t.Errorf("%s is not told", row.key)
			}
		}
	}
}

// A folder that the base names is the base's.
func TestStrangersCannotChangeFolders(t *testing.T) {
	base := parsed(t, "migrations: [{dir: a, tool: plain}]")
	head := parsed(t, `migrations: [{dir: a, tool: goose, placeholders: {x: y}, history-table: z}, {dir: ./b/../c}]`)
	counts, added := ForStrangers(base, head)
	if !reflect.DeepEqual(counts.Migrations, base.Migrations) || len(added) != 1 || added[0].Dir != "db/c" {
		t.Errorf("%+v counts, %+v is added", counts.Migrations, added)
	}
	want := []string{`sets tool to goose in db/a`, `sets placeholders to {x: "y"} in db/a`, `sets history-table to z in db/a`}
	if told := Weaker(base, head, compared, "db/c"); !slices.Equal(told, want) {
		t.Errorf("told is %q", told)
	}
}

// Every key of the parser has a row, and every part of a Config is set by one.
func TestStrangersValuesAreComplete(t *testing.T) {
	var keys, want []string
	set := map[string]bool{}
	for _, row := range strangersValues {
		keys = append(keys, row.key)
		differences(reflect.ValueOf(*parsed(t, row.file)), reflect.ValueOf(*parsed(t, "")), set)
	}
	p := new(parser)
	inside := map[string][]field{
		"migrations": p.folderFields(nil), "runner": p.runnerFields(nil), "small-table": p.smallTableFields(), "accept": p.acceptFields(nil),
	}
	for _, f := range p.fields() {
		if inside[f.key] == nil {
			want = append(want, f.key)
		}
		for _, sub := range inside[f.key] {
			want = append(want, f.key+"."+sub.key)
		}
	}
	slices.Sort(keys)
	slices.Sort(want)
	if !slices.Equal(keys, want) {
		t.Errorf("rows for %q\nthe parser knows %q", keys, want)
	}
	for _, part := range []any{Config{}, Folder{}, Runner{}, acceptance{}, lint.Size{}} {
		typ := reflect.TypeOf(part)
		for i := range typ.NumField() {
			if f := typ.Name() + "." + typ.Field(i).Name; !set[f] && f != "Config.dir" {
				t.Errorf("no row sets %s", f)
			}
		}
	}
}

// differences notes the fields that two values of one type have otherwise, as
// "Folder.Tool", down to the items of lists.
func differences(a, b reflect.Value, set map[string]bool) {
	switch a.Kind() {
	case reflect.Struct:
		for i := range a.NumField() {
			if x, y := a.Field(i), b.Field(i); fmt.Sprintf("%#v", x) != fmt.Sprintf("%#v", y) {
				set[a.Type().Name()+"."+a.Type().Field(i).Name] = true
				differences(x, y, set)
			}
		}
	case reflect.Pointer, reflect.Slice:
		item, zero := a, reflect.Zero(a.Type().Elem())
		if a.Kind() == reflect.Slice && a.Len() > 0 {
			item = a.Index(0)
		} else if a.Kind() == reflect.Pointer && !a.IsNil() {
			item = a.Elem()
		}
		if item != a {
			differences(item, zero, set)
		}
	}
}

// The page says what the table does.
func TestStrangersValuesAreDocumented(t *testing.T) {
	const page = "../../docs/configuration.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- strangers -->\n", "<!-- end of strangers -->"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", page)
	}
	want := before + begin + strangersTable() + end + after
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the test says; go test ./internal/config -update writes it", page)
	}
	if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// strangersTable joins keys of which the same comes.
func strangersTable() string {
	var text strings.Builder
	text.WriteString("\n| key | on a branch that strangers can write | on other branches |\n|---|---|---|\n")
	for _, comesOf := range []string{newDirs, ofNewDir, nowhere} {
		var keys []string
		for _, row := range strangersValues {
			if row.comesOf == comesOf {
				keys = append(keys, "`"+row.key+"`")
			}
		}
		text.WriteString("| " + strings.Join(keys, ", ") + " | " + comesOf + " | " + tells + " |\n")
	}
	return text.String() + "\n"
}

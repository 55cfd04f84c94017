package source

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// awkward is what files hold that is no SQL of PostgreSQL, as a change to a new
// migration, and what is said of it: a part of a finding, or of the reason why
// the migration is not checked.
var awkward = []struct {
	name string
	make func(text string, first int) string // first is where the first statement begins
	want string
	but  map[string]string // by tool, what is said instead; "" for nothing
}{
	{name: "UTF-8 BOM", make: func(text string, _ int) string { return "\ufeff" + text }, want: "save it as UTF-8 without BOM",
		but: map[string]string{"flyway": "", "sqitch": ""}},
	{name: "CRLF", make: func(text string, _ int) string { return strings.ReplaceAll(text, "\n", "\r\n") },
		but: map[string]string{"graphile-migrate": "the line ends of Windows (CRLF)"}},
	{name: "UTF-16", make: func(text string, _ int) string { return utf16Text(text) }, want: "UTF-16, which PostgreSQL refuses; save the file as UTF-8"},
	{name: "NUL", make: at("\x00"), want: "save the file as UTF-8"},
	{name: "invalid UTF-8", make: at("-- \xff\n"), want: "not UTF-8 from here on, so PostgreSQL refuses it; save the file as UTF-8"},
	{name: "LFS pointer", make: func(string, int) string {
		return "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n"
	}, want: "run git lfs pull"},
	{name: "conflict markers", make: at("<<<<<<< HEAD\nSELECT 1;\n=======\nSELECT 2;\n>>>>>>> other\n"), want: "resolve the conflict first"},
	{name: "psql command", make: at("\\i other.sql\n"), want: "is a command of psql",
		but: map[string]string{"sqitch": `it has the psql command \i, which migvet does not run; write SQL in its place`}},
	{name: "rows behind COPY", make: at("COPY moods FROM stdin;\n1\tglad\n\\.\n"), want: "sends none; write INSERT",
		but: map[string]string{"flyway": "", "sqitch": ""}},
	{name: "template", make: at("CREATE SCHEMA {{ .Schema }};\n"), want: "{{ .Schema }} is a placeholder, which",
		but: map[string]string{"tern": "in .migvet.yml"}},
	{name: "variable", make: at("CREATE SCHEMA ${schema};\n"), want: "${schema} is a placeholder, which",
		but: map[string]string{"flyway": "placeholders: {schema: …}", "liquibase": "in .migvet.yml"}},
}

func at(insert string) func(string, int) string {
	return func(text string, first int) string { return text[:first] + insert + text[first:] }
}

func utf16Text(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func TestAwkward(t *testing.T) {
	for _, key := range Tools() {
		base := sampleProject(t, key)
		head := sampleHead(t, key)
		m := firstNew(t, reviewed(t, base, head))
		for _, a := range awkward {
			t.Run(key+"/"+a.name, func(t *testing.T) {
				text := string(head[m.Path].Data)
				first := m.InFile(lint.Span{Start: m.Statements()[0].Start, End: m.Statements()[0].Start}).Start
				changed := maps.Clone(head)
				changed[m.Path] = &fstest.MapFile{Data: []byte(rehashed(key, a.make(text, first)))}
				s := reviewed(t, base, changed)
				want, special := a.but[key]
				if !special {
					want = a.want
				}
				said := saidOf(s, m.Path)
				if want == "" && said != saidOf(reviewed(t, base, head), m.Path) {
					t.Errorf("said:\n%s", said)
				}
				if !strings.Contains(said, want) {
					t.Errorf("said:\n%swant %q", said, want)
				}
			})
		}
	}
}

// sampleHead is a sample project with what a pull request adds.
func sampleHead(t *testing.T, key string) fstest.MapFS {
	t.Helper()
	fsys := maps.Clone(sampleProject(t, key))
	switch key {
	case "drizzle":
		fsys["drizzle/0001_b.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE b (id int);\n")}
		journal := string(fsys["drizzle/meta/_journal.json"].Data)
		fsys["drizzle/meta/_journal.json"] = &fstest.MapFile{Data: []byte(strings.Replace(journal, "}]", `}, {"idx": 1, "version": "7", "when": 1772359200000, "tag": "0001_b", "breakpoints": true}]`, 1))}
	case "plain":
		fsys["db/migrations/002_b.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE b (id int);\n")}
	default:
		lay(t, fsys, filepath.Join("../../testdata/tools", key, "head"))
	}
	return fsys
}

func firstNew(t *testing.T, s *Source) *lint.Migration {
	t.Helper()
	for _, m := range s.History.New {
		if len(m.Statements()) > 0 {
			return m
		}
	}
	t.Fatalf("nothing new for %s", s.Tool)
	return nil
}

// rehashed lets the header of a committed migration of graphile-migrate tell the
// truth, so that the rest of the file counts.
func rehashed(key, text string) string {
	if key != "graphile-migrate" {
		return text
	}
	g := parseGraphile(text)
	if g.headers["Hash"] == "" {
		return text
	}
	return strings.Replace(text, g.headers["Hash"], g.sum(text), 1)
}

// saidOf is everything that is said of a file without running it.
func saidOf(s *Source, file string) string {
	var b strings.Builder
	for _, f := range lint.Run([]*lint.History{s.History}, s.Findings, lint.Options{Rules: rules.All()}) {
		if f.Path == file {
			b.WriteString(f.Rule + ": " + f.Message + "\n")
		}
	}
	for _, m := range s.Head {
		if m.Path == file && m.Opaque != "" {
			b.WriteString("not checked: " + m.Opaque + "\n")
		}
	}
	return b.String()
}

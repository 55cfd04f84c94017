package source

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestReadAsPsql has psql run a folder where the base's files tell that it does.
func TestReadAsPsql(t *testing.T) {
	const set = "\\set ON_ERROR_STOP on\n"
	load := func(files ...string) *Folder {
		tree := fstest.MapFS{"sql/000_a.sql": {Data: []byte("CREATE TABLE a (id int);\n")}}
		for i := 0; i+1 < len(files); i += 2 {
			tree["sql/"+files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
		}
		found, err := At(tree, "sql", "plain")
		if err != nil {
			t.Fatal(err)
		}
		f, err := Load(tree, found)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for _, test := range []struct {
		name       string
		base, head []string
		text       string // what is left of the last file; "" for an opaque one
	}{
		{"the base tells", []string{"001_b.sql", set}, []string{"001_b.sql", set, "002_c.sql", "\\echo c\nSELECT 1;"}, "       \nSELECT 1;"},
		{"the base tells otherwise", []string{"001_b.sql", "SELECT 1;"}, []string{"001_b.sql", "SELECT 1;", "002_c.sql", "\\echo c\nSELECT 1;"}, "\\echo c\nSELECT 1;"},
		{"no text of a literal", []string{"001_b.sql", "SELECT '\n\\echo c';"}, []string{"001_b.sql", "SELECT 1;", "002_c.sql", "\\echo c\nSELECT 1;"}, "\\echo c\nSELECT 1;"},
		{"all is new", nil, []string{"001_b.sql", set + "SELECT 1;"}, strings.Repeat(" ", len(set)-1) + "\nSELECT 1;"},
		{"a file is read", []string{"001_b.sql", set}, []string{"001_b.sql", set, "002_c.sql", "\\i c.sql\n"}, ""},
		{"rows of the base", []string{"001_b.sql", "\\copy a from 'a.csv'\n"}, []string{"001_b.sql", "\\copy a from 'a.csv'\n"}, strings.Repeat(" ", 20) + "\n"},
		{"rows of a new file", []string{"001_b.sql", set}, []string{"001_b.sql", set, "002_c.sql", "\\copy a from 'a.csv'\n"}, ""},
		{"one database", []string{"001_b.sql", "\\c depot\n"}, []string{"001_b.sql", "\\c depot\n", "002_c.sql", "\\connect depot\nSELECT 1;"}, strings.Repeat(" ", 14) + "\nSELECT 1;"},
		{"a first database", []string{"001_b.sql", set}, []string{"001_b.sql", set, "002_c.sql", "\\c yard\nSELECT 1;"}, ""},
		{"two databases", []string{"001_b.sql", "\\c depot\n"}, []string{"001_b.sql", "\\c depot\n", "002_c.sql", "\\c yard\nSELECT 1;"}, ""},
	} {
		head := load(test.head...)
		var base *Folder
		if test.base != nil {
			base = load(test.base...)
		}
		readAsPsql(base, head)
		last := head.steps[len(head.steps)-1]
		if last.opaque == "" && last.text != test.text || (last.opaque == "") != (test.text != "") {
			t.Errorf("%s: %q (%s), want %q", test.name, last.text, last.opaque, test.text)
		}
	}
}

package source

import (
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestScanPsql(t *testing.T) {
	tests := []struct {
		name, text                string
		commands, rows, variables []string
	}{
		{"SQL alone", "SELECT 'a\\b', E'it\\'s \\\\', \"c\\d\", $$ \\e $$, $x$ ; $$ \\f $x$; -- \\g\n/* \\h /* */ :i */", nil, nil, nil},
		{"commands", "\\set a 1\nSELECT 1 \\gexec\n  \\i b.sql", []string{`\set a 1`, `\gexec`, `\i b.sql`}, nil, nil},
		{"rows", "COPY t (a) FROM stdin;\nit's\n\\N\n\\.\nSELECT 1;", nil, []string{"it's\n\\N\n\\.\n"}, nil},
		{"rows twice", "COPY t FROM stdin;\n\\.\ncopy u from STDIN with (format csv); -- b\n;\n\\.\n", nil, []string{"\\.\n", ";\n\\.\n"}, nil},
		{"rows to the end", "COPY t FROM stdin;\n1\n", nil, []string{"1\n"}, nil},
		{"rows of Windows", "COPY t FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;", nil, []string{"1\r\n\\.\r\n"}, nil},
		{"no rows", "COPY t TO stdout;\nCOPY t FROM '/x';\nSELECT stdin;\nSELECT 1;", nil, nil, nil},
		{"variables", `SELECT :a, :'b', :"c", 'd'::text, e := 1, x[1:2], ':f'`, nil, nil, []string{":a", ":'b'", `:"c"`}},
		{"dollar in a name", "SELECT a$$b, c$1; \\d", []string{`\d`}, nil, nil},
		{"unfinished", "SELECT 'a \\b", nil, nil, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := scanPsql(test.text)
			for _, part := range []struct {
				what string
				got  []lint.Span
				want []string
			}{{"commands", p.commands, test.commands}, {"rows", p.rows, test.rows}, {"variables", p.variables, test.variables}} {
				var got []string
				for _, s := range part.got {
					got = append(got, test.text[s.Start:s.End])
				}
				if !slices.Equal(got, part.want) {
					t.Errorf("%s are %q, want %q", part.what, got, part.want)
				}
			}
		})
	}
}

func TestRunByPsql(t *testing.T) {
	tests := []struct {
		name, text string
		sent       []string // with rows behind "<"
		opaque     string
	}{
		{"statements", "BEGIN;\nSELECT 1;\nCOMMIT;\n", []string{"BEGIN;", "SELECT 1;", "COMMIT;"}, ""},
		{"harmless commands", "\\set ON_ERROR_STOP on\n\\echo hello; it's me\nSELECT 1;", []string{"SELECT 1;"}, ""},
		{"variables of the file", "\\set t users\n\\set v 'it''s'\nSELECT :'v' FROM :\"t\";", []string{`SELECT 'it''s' FROM "users";`}, ""},
		{"variables of the configuration", "SELECT :schema.f();", []string{"SELECT app.f();"}, ""},
		{"unknown variables", "SELECT :nobody;", nil, "placeholders: {nobody: …}"},
		{"rows", "COPY a FROM stdin;\n1\n\\.\nCOPY b TO stdout;\n-- c\nCOPY c FROM stdin;\n2\n\\.\n", []string{"COPY a FROM stdin;<1\n", "COPY b TO stdout;", "-- c\nCOPY c FROM stdin;<2\n"}, ""},
		{"other files", "\\i a.sql\n", nil, `psql command \i,`},
		{"other databases", "\\c other\n", nil, `\c other`},
		{"shell", "\\set x `cat f`\nSELECT :'x';", nil, `\set x`},
		{"errors that pass", "\\set ON_ERROR_STOP off\nSELECT 1;", nil, "changes with"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &Folder{Found: Found{Dir: "db", Tool: Sqitch, Placeholders: map[string]string{"schema": "app"}}}
			s := &step{text: test.text, chunks: []lint.Span{{Start: 0, End: len(test.text)}}}
			f.runByPsql(s, map[string]string{})
			if !strings.Contains(s.opaque, test.opaque) || (s.opaque == "") != (test.opaque == "") {
				t.Errorf("opaque for %q, want %q", s.opaque, test.opaque)
			}
			var sent []string
			for i, c := range s.chunks {
				text := strings.TrimSpace(s.text[c.Start:c.End])
				if rows, ok := s.rows()[i]; ok {
					text += "<" + rows
				}
				if text != "" {
					sent = append(sent, text)
				}
			}
			if !slices.Equal(sent, test.sent) {
				t.Errorf("sent %q, want %q", sent, test.sent)
			}
		})
	}
}

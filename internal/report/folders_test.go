package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestFolders has a report name the tool that each folder was taken for.
func TestFolders(t *testing.T) {
	r := &Report{Migrations: []Migration{
		{Path: "drizzle/0001_a.sql", Name: "0001_a", Dir: "drizzle", Tool: "Drizzle", Status: New, Applied: NotTried},
		{Path: "drizzle/0002_b.sql", Name: "0002_b", Dir: "drizzle", Tool: "Drizzle", Status: New, Applied: NotTried},
		{Path: "sql/1_a.sql", Name: "1_a", Dir: "sql", Tool: "plain SQL", Status: New, Applied: NotTried},
		{Path: "old/1_a.sql", Name: "1_a", Dir: "old", Tool: "goose", Status: Edited, Applied: NotTried},
	}}
	var out bytes.Buffer
	if err := Text(&out, r, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	want := "  old/1_a.sql         edited\n  drizzle: Drizzle, 2 new migrations\n  sql: plain SQL, 1 new migration\n"
	if !strings.Contains(out.String(), want) || strings.Contains(out.String(), "goose") {
		t.Errorf("%s\nhas not %s", out.String(), want)
	}
}

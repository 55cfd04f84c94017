package lint_test

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

func TestMistake(t *testing.T) {
	tests := []struct{ sql, want string }{
		{"CRATE TABLE whales (id int)", `CRATE starts no statement; did you mean "CREATE"?`},
		{"FROBNICATE whales", "FROBNICATE starts no statement"},
		{"CREATE TABEL whales (id int)", "TABEL is no word of SQL; did you mean TABLE?"},
		{"ALTER TABLE whales ADD COLUM name text", "COLUM is no word of SQL; did you mean COLUMN?"},
		{"ALTER TABLE whales ALTER COLUMN name TPYE text", "TPYE is no word of SQL; did you mean TYPE?"},
		{"CREATE TABLE whales (id int NOT NUL)", "NUL is no word of SQL; did you mean NULL?"},
		{"CREATE TABLE whales (id int name text)", "a comma is missing before name"},
		{"INSERT INTO whales VALUES (1) (2)", "a comma is missing before ("},
		{"CREATE TABLE whales (id int, )", "nothing takes ) here"},
		{"CREATE TABLE whales (id int", "the statement ends too early"},
		{"CREATE TABLE whales (id int))", "its brackets do not match"},
		{"ALTER TABLE whales ADD id int CREATE TABLE seals ()", "a semicolon is missing before CREATE"},
		{"ALTER TABLE whales", "the statement ends too early"},
		{"ALTER TABLE whales COLUMN name TYPE text", "nothing takes COLUMN here"},
		{"ALTER TABLE whales DROP length integer", "nothing takes integer here"},
		{"DELETE FROM whales WHERE id = = 1", "nothing takes = here"},
		{"UPDATE whales SET name 'Moby'", "nothing takes 'Moby' here"},
		{"CREATE TABLE whales (id id int)", "nothing takes int here"},
		{"SELECT 'é", "unterminated quoted string at or near \"'é\""},

		// Some version may take these.
		{"CREATE PROPERTY GRAPH pods VERTEX TABLES (whales)", ""},
		{"ALTER TABLE whales COMPRESS HARD", ""},
		{"ALTER TABLE whales ADD COLUMN depth int TRACKED", ""},
		{"CREATE TABLE whales (id int) SHARDED BY (id)", ""},
		{"CREATE PUBLICATION pods FOR ALL SEQUENCES", ""},
		{"CREATE PUBLICATION pods FOR ALL TABLES EXCEPT (TABLE whales)", ""},
		{"UPDATE whales FOR PORTION OF seen FROM '2026-01-01' TO '2027-01-01' SET name = 'Moby'", ""},
		{"WAIT FOR LSN '0/306EE20'", ""},
		{"ALTER TABLE whales ADD CONSTRAINT c CHECK (id > 0) NOT ENFORCED GLOBALLY", ""},

		// And these parse.
		{"SELECT 1", ""},
		{"ALTER TABLE whales ADD NOT NULL name", ""},
	}
	for _, tt := range tests {
		statements, _ := lint.Parse(tt.sql)
		if got := statements[0].Mistake(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.sql, got, tt.want)
		}
	}
}

// However long and however often wrong a statement is, the search ends soon: it takes
// as many runs of the parser as a mistake has candidates.
func TestMistakeOfLongStatements(t *testing.T) {
	rows := strings.Repeat("(1, 'Moby'), ", 20_000)
	statements, _ := lint.Parse("INSERT INTO whales VALUES " + rows + "(2) (3)")
	if got := statements[0].Mistake(); got != "a comma is missing before (" {
		t.Errorf("%q", got)
	}
}

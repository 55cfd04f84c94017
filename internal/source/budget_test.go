package source

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/lint"
)

func manyMigrations(n, size int) fstest.MapFS {
	tree := fstest.MapFS{}
	for i := range n {
		text := fmt.Sprintf("SELECT %d; -- ", i)
		tree[fmt.Sprintf("migrations/%04d.sql", i)] = &fstest.MapFile{Data: []byte(text + strings.Repeat("x", size-len(text)))}
	}
	return tree
}

// One budget holds for all folders of a run, and names the file that is too much.
func TestBudget(t *testing.T) {
	tree := manyMigrations(30, 1000)
	found, err := At(tree, "migrations", "plain")
	if err != nil {
		t.Fatal(err)
	}
	b := NewBudget(50_000)
	if _, err := Load(b.Tree(tree), found); err != nil {
		t.Fatalf("30,000 of 50,000 bytes: %v", err)
	}
	_, err = Load(b.Tree(tree), found)
	if err == nil || !strings.Contains(err.Error(), "with migrations/0020.sql the migrations of both branches have more than") {
		t.Errorf("60,000 of 50,000 bytes: %v", err)
	}
}

// The bound is far above real histories.
func TestBudgetOfALongHistory(t *testing.T) {
	tree := manyMigrations(2000, 2000)
	found, err := At(tree, "migrations", "plain")
	if err != nil {
		t.Fatal(err)
	}
	f, err := Load(NewBudget(MaxText/25).Tree(tree), found)
	if err != nil || len(f.Names()) != 2000 {
		t.Errorf("2,000 migrations in a part of the budget: %v", err)
	}
}

// Recognising a tool holds no more of a file than its beginning.
func TestBeginningIsShort(t *testing.T) {
	tree := manyMigrations(1, 1<<20)
	d, err := openDirectory(NewBudget(0).Tree(tree), "migrations")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(d.beginning("0000.sql")); got != maxBeginning {
		t.Errorf("%d bytes, want %d", got, maxBeginning)
	}
}

// A short file whose placeholders have long values is not filled.
func TestPlaceholdersAreBounded(t *testing.T) {
	for _, test := range []struct {
		name, placeholder string
		fill              func(f *Folder, s *step)
	}{
		{"Flyway", "${v}", func(f *Folder, s *step) {
			var marks []mark
			for i := 0; i < len(s.text); i += 4 {
				marks = append(marks, mark{at: span(i, i+4), name: "v"})
			}
			f.fill(s, marks, nil)
		}},
		{"psql", ":'v' ", func(f *Folder, s *step) { f.runByPsql(s, map[string]string{}) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &Folder{Found: Found{Placeholders: map[string]string{"v": strings.Repeat("x", 1<<20)}}, files: map[string]string{}}
			s := &step{text: strings.Repeat(test.placeholder, 5000)}
			test.fill(f, s)
			if s.opaque != tooLongFilled || len(s.chunks) > 0 || len(s.text) > 1<<20 {
				t.Errorf("%q with %d bytes", s.opaque, len(s.text))
			}
		})
	}
}

// Tools that send each statement by itself send no millions.
func TestMessagesAreBounded(t *testing.T) {
	text := strings.Repeat("a;", maxStatements+1)
	s := &step{text: text, chunks: []lint.Span{span(0, len(text))}}
	if s.sendStatements(); s.opaque == "" || len(s.chunks) > 0 {
		t.Errorf("%d messages", len(s.chunks))
	}
}

func span(start, end int) lint.Span { return lint.Span{Start: start, End: end} }

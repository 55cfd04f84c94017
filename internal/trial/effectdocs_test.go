package trial

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const effectsDocument = "../../docs/effects.md"

// TestEffectsDocument holds docs/effects.md to testdata/effects.
func TestEffectsDocument(t *testing.T) {
	want := effectsMarkdown(readEffectFiles(t))
	if *update {
		if err := os.WriteFile(effectsDocument, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(effectsDocument)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what testdata/effects says; run go test ./internal/trial -run TestEffectsDocument -update", effectsDocument)
	}
}

const effectsIntroduction = `# What statements do

Measured by migvet on PostgreSQL 14, 15, 16, 17 and 18, statement by statement, on tables with rows: the locks a statement takes on relations that
existed before, the tables it writes again or reads in full while it holds them, and what it drops. What differs between versions says so.
The database each table starts from is in ` + "`testdata/effects/`" + `, which this page is made from.

Locks, weakest first: Access Share (reads), Row Share, Row Exclusive (writes rows), Share Update Exclusive (other DDL waits), **Share** and
**Share Row Exclusive** (writers wait), **Exclusive**, **Access Exclusive** (readers wait too). [PostgreSQL's own table](https://www.postgresql.org/docs/current/explicit-locking.html)
says which conflict. Locks of indexes are left out where the table is locked as strongly.
`

func effectsMarkdown(files []*effectFile) []byte {
	var b bytes.Buffer
	b.WriteString(effectsIntroduction)
	for _, f := range files {
		fmt.Fprintf(&b, "\n- [%s](#%s)", f.title, anchor(f.title))
	}
	b.WriteString("\n")
	for _, f := range files {
		fmt.Fprintf(&b, "\n## %s\n\nSetup: [`%s`](../testdata/effects/%[2]s)\n\n", f.title, filepath.Base(f.path))
		b.WriteString("| Statement | Locks | Rewrites, reads | And |\n| --- | --- | --- | --- |\n")
		for _, block := range f.blocks {
			b.WriteString(block.row())
		}
	}
	return b.Bytes()
}

func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(title, ",", "")), " ", "-")
}

// columnOf says which column of the document a fact belongs to; facts that the
// statement itself tells belong to none.
func columnOf(text string) int {
	kind, _, _ := strings.Cut(text, " ")
	switch {
	case strings.HasSuffix(kind, "Lock"):
		return 0
	case kind == "rewritten" || kind == "read":
		return 1
	case kind == "altered" || kind == "created":
		return -1
	}
	return 2
}

func (b *effectBlock) row() string {
	var cells [3][]string
	for _, f := range b.facts {
		text := f.text
		i := columnOf(text)
		if i < 0 {
			continue
		}
		if i == 0 {
			if text = withoutIndexes(text); text == "" {
				continue
			}
		}
		text = cellText(text)
		if f.versions != supported() {
			text += " (" + f.versions.String() + ")"
		}
		if !slices.Contains(cells[i], text) {
			cells[i] = append(cells[i], text)
		}
	}
	if b.comment != "" {
		cells[2] = append([]string{"*" + cellText(b.comment) + "*"}, cells[2]...)
	}
	statement := "`" + strings.ReplaceAll(oneLine(b.sql), "|", `\|`) + "`"
	return fmt.Sprintf("| %s | %s | %s | %s |\n", statement, cell(cells[0]), cell(cells[1]), cell(cells[2]))
}

// withoutIndexes keeps the indexes of a lock only where nothing else is locked
// so.
func withoutIndexes(lock string) string {
	mode, names, _ := strings.Cut(lock, " ")
	if tables, _, found := strings.Cut(names, "; indexes "); found {
		names = tables
	}
	return spaced(strings.TrimSuffix(mode, "Lock")) + ": " + names
}

// spaced puts spaces between the words of a mode: "Access Exclusive".
func spaced(mode string) string {
	var b strings.Builder
	for i, r := range mode {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func cellText(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`, "_", `\_`).Replace(text)
}

func cell(parts []string) string {
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, "<br>")
}

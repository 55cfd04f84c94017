package observe

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
	files := readEffectFiles(t)
	if n := statementCount(files); n < 250 {
		t.Errorf("%d statements are too few to be called all", n)
	}
	want := effectsMarkdown(files)
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
		t.Errorf("%s is not what testdata/effects says; run go test ./internal/observe -run TestEffectsDocument -update", effectsDocument)
	}
}

const effectsIntroduction = `# What statements lock, read and rewrite

%d statements, each measured on PostgreSQL 14, 15, 16, 17 and 18, on tables with rows: nothing here is from a manual. migvet runs a statement, asks the
server which locks it took, which files it replaced and which tables it read, and compares. A test measures all of it again and fails when a version
differs. Statements that refuse transactions let go of their locks before anybody can ask: theirs are seen by standing in their way, in another test.

**Locks** are told on relations that existed before, strongest first:

| lock | who waits |
| --- | --- |
| Access Share, Row Share, Row Exclusive | other DDL only |
| Share Update Exclusive | other DDL, ` + "`VACUUM`, `CREATE INDEX`" + ` |
| Share, Share Row Exclusive, Exclusive | whoever writes |
| Access Exclusive | whoever writes or reads |

Who waits for a lock makes those behind it wait as well, and a lock is kept until its transaction ends. Locks of indexes are left out where their table
is locked as strongly. [PostgreSQL's own table](https://www.postgresql.org/docs/current/explicit-locking.html) says which modes conflict.

**Reads** means in full, **rewrites** that every row is written to a new file and every index built anew: work that grows with the table, under the
locks beside it. A dash means: none.

A number in brackets, (18) or (14-16), is the only version, or the versions, on which that is so. Of several statements in one row, the last is told of,
in the transaction of the others; *since before* marks locks that those had taken. Each table starts from the database of its *setup*, where the same facts stand for programs.
`

func effectsMarkdown(files []*effectFile) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, effectsIntroduction, statementCount(files))
	for _, f := range files {
		fmt.Fprintf(&b, "\n- [%s](#%s) (%d)", f.title, anchor(f.title), len(f.blocks))
	}
	b.WriteString("\n")
	for _, f := range files {
		fmt.Fprintf(&b, "\n## %s\n\nSetup: [`%s`](../testdata/effects/%[2]s)\n\n", f.title, filepath.Base(f.path))
		b.WriteString("| Statement | Locks | Reads, rewrites | And |\n| --- | --- | --- | --- |\n")
		for _, block := range f.blocks {
			b.WriteString(block.row())
		}
	}
	return b.Bytes()
}

func statementCount(files []*effectFile) (n int) {
	for _, f := range files {
		n += len(f.blocks)
	}
	return n
}

func anchor(title string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(title, ",", "")), " ", "-")
}

// columnOf says which column of the document a fact belongs to; facts that the
// statement itself tells belong to none.
func columnOf(text string) int {
	kind, _, _ := strings.Cut(text, " ")
	switch {
	case strings.HasSuffix(kind, "Lock") || kind == "held":
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
	for _, f := range b.told() {
		if i := columnOf(f.text); i >= 0 {
			if text := f.cell(); text != "" && !slices.Contains(cells[i], text) {
				cells[i] = append(cells[i], text)
			}
		}
	}
	if b.comment != "" {
		cells[2] = append([]string{"*" + cellText(b.comment) + "*"}, cells[2]...)
	}
	statement := "`" + strings.ReplaceAll(oneLine(b.sql), "|", `\|`) + "`"
	return fmt.Sprintf("| %s | %s | %s | %s |\n", statement, cell(cells[0]), cell(cells[1]), cell(cells[2]))
}

// cell is a fact for people.
func (f fact) cell() string {
	text := f.text
	switch kind, rest, _ := strings.Cut(text, " "); {
	case kind == "held":
		text = withoutIndexes(rest)
		if text != "" {
			text += ", since before"
		}
	case strings.HasSuffix(kind, "Lock"):
		text = withoutIndexes(text)
	case kind == "rewritten":
		table, indexes, found := strings.Cut(rest, ", indexes rebuilt: ")
		text = "rewrites " + table
		if found {
			text += " and " + number(indexes, "index", "indexes")
		}
	case kind == "read":
		text = "reads " + rest
	}
	if text == "" {
		return ""
	}
	text = cellText(text)
	if f.versions != supported() {
		text += " (" + f.versions.String() + ")"
	}
	return text
}

func number(n, one, many string) string {
	if n == "1" {
		return n + " " + one
	}
	return n + " " + many
}

// told are the facts that a reader wants: what is dropped in few lines, without
// the notices that say the same, and of a table that is rewritten not that it
// is read as well.
func (b *effectBlock) told() []fact {
	var kept []fact
	groups := map[string]int{} // of drops, by how they go and on which versions
	for _, f := range b.facts {
		rest, dropped := strings.CutPrefix(f.text, "dropped ")
		switch {
		case strings.HasPrefix(f.text, "notice drop cascades to") || b.readsWhatItRewrites(f):
		case dropped:
			how, what := "drops ", rest
			for _, way := range []string{" with it", " through CASCADE"} {
				if object, ok := strings.CutSuffix(rest, way); ok {
					how, what = strings.TrimSpace(way)+": ", object
				}
			}
			what = strings.NewReplacer("table constraint ", "constraint ", "table column ", "column ").Replace(what)
			key := how + f.versions.String()
			if at, there := groups[key]; there {
				kept[at].text += ", " + what
				continue
			}
			groups[key] = len(kept)
			kept = append(kept, fact{how + what, f.versions})
		default:
			kept = append(kept, f)
		}
	}
	return kept
}

func (b *effectBlock) readsWhatItRewrites(f fact) bool {
	table, reads := strings.CutPrefix(f.text, "read ")
	return reads && slices.ContainsFunc(b.facts, func(other fact) bool {
		rest, rewrites := strings.CutPrefix(other.text, "rewritten ")
		name, _, _ := strings.Cut(rest, ",")
		return rewrites && name == table && other.versions == f.versions
	})
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

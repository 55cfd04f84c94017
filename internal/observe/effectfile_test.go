package observe

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/migvet/migvet/internal/postgres"
)

// An effectFile is one file of testdata/effects: what the server did with
// statements of one subject.
//
// The section setup makes the database. The section statements holds blocks
// that blank lines separate: comments, SQL, and behind it, indented, what was
// measured, one fact a line behind the versions it holds for. Of several
// statements in a block only the last is measured. Facts are written by
//
//	MIGVET_TEST_VERSIONS=all go test ./internal/observe -run TestEffects -update
type effectFile struct {
	path, title string
	setup       string
	blocks      []*effectBlock
}

type effectBlock struct {
	comment, sql string
	facts        []fact
}

// A fact is something that was measured, on some versions.
type fact struct {
	text     string
	versions versions
}

// versions is a set of major versions, a bit each.
type versions uint

func (v versions) has(major int) bool { return v&(1<<major) != 0 }

func supported() (all versions) {
	for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
		all |= 1 << major
	}
	return all
}

func (v versions) String() string {
	var parts []string
	for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
		if !v.has(major) {
			continue
		}
		last := major
		for v.has(last + 1) {
			last++
		}
		if last == major {
			parts = append(parts, strconv.Itoa(major))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", major, last))
		}
		major = last
	}
	return strings.Join(parts, ",")
}

func parseVersions(text string) (v versions, err error) {
	for _, part := range strings.Split(text, ",") {
		from, to, found := strings.Cut(part, "-")
		if !found {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || first > last || last > postgres.NewestMajor {
			return 0, fmt.Errorf("versions %q", text)
		}
		for ; first <= last; first++ {
			v |= 1 << first
		}
	}
	return v, nil
}

const effectsDir = "../../testdata/effects"

func readEffectFiles(t *testing.T) []*effectFile {
	t.Helper()
	paths, err := filepath.Glob(effectsDir + "/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no effects: %v", err)
	}
	var files []*effectFile
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parseEffectFile(path, txtar.Parse(data))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		files = append(files, f)
	}
	return files
}

func parseEffectFile(path string, a *txtar.Archive) (*effectFile, error) {
	f := &effectFile{path: path, title: strings.TrimSpace(string(a.Comment))}
	for _, section := range a.Files {
		switch section.Name {
		case "setup":
			f.setup = string(section.Data)
		case "statements":
			for _, text := range regexp.MustCompile(`\n\s*\n`).Split(strings.TrimSpace(string(section.Data)), -1) {
				b, err := parseEffectBlock(text)
				if err != nil {
					return nil, err
				}
				f.blocks = append(f.blocks, b)
			}
		default:
			return nil, fmt.Errorf("section %s is neither setup nor statements", section.Name)
		}
	}
	return f, nil
}

func parseEffectBlock(text string) (*effectBlock, error) {
	b := &effectBlock{}
	for _, line := range strings.Split(text, "\n") {
		rest, isFact := strings.CutPrefix(line, "\t")
		switch {
		case isFact && b.sql != "":
			which, text, _ := strings.Cut(rest, "  ")
			v, err := parseVersions(which)
			if err != nil {
				return nil, err
			}
			b.facts = append(b.facts, fact{text, v})
		case strings.HasPrefix(line, "--") && b.sql == "":
			b.comment += strings.TrimSpace(strings.TrimPrefix(line, "--")) + " "
		default:
			b.sql += line + "\n"
		}
	}
	b.comment, b.sql = strings.TrimSpace(b.comment), strings.TrimSpace(b.sql)
	return b, nil
}

// of returns the facts of one version, in order.
func (b *effectBlock) of(major int) []string {
	var out []string
	for _, f := range b.facts {
		if f.versions.has(major) {
			out = append(out, f.text)
		}
	}
	return out
}

// measured replaces the facts of one version.
func (b *effectBlock) measured(major int, facts []string) {
	for i := range b.facts {
		b.facts[i].versions &^= 1 << major
	}
	for _, text := range facts {
		i := slices.IndexFunc(b.facts, func(f fact) bool { return f.text == text })
		if i < 0 {
			i = len(b.facts)
			b.facts = append(b.facts, fact{text: text})
		}
		b.facts[i].versions |= 1 << major
	}
	b.facts = slices.DeleteFunc(b.facts, func(f fact) bool { return f.versions == 0 })
	slices.SortStableFunc(b.facts, func(a, b fact) int { return factOrder(a.text) - factOrder(b.text) })
}

func (f *effectFile) format() []byte {
	var b strings.Builder
	for i, block := range f.blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		if block.comment != "" {
			b.WriteString("-- " + block.comment + "\n")
		}
		b.WriteString(block.sql + "\n")
		for _, fact := range block.facts {
			fmt.Fprintf(&b, "\t%s  %s\n", fact.versions, fact.text)
		}
	}
	return txtar.Format(&txtar.Archive{
		Comment: []byte(f.title + "\n\n"),
		Files:   []txtar.File{{Name: "setup", Data: []byte(f.setup)}, {Name: "statements", Data: []byte(b.String())}},
	})
}

func TestVersions(t *testing.T) {
	for _, text := range []string{"14-18", "14", "15-16,18", "14,16-18", "17-18"} {
		v, err := parseVersions(text)
		if err != nil || v.String() != text {
			t.Errorf("%s: %s, %v", text, v, err)
		}
	}
	for _, text := range []string{"", "x", "16-14", "14-99"} {
		if v, err := parseVersions(text); err == nil {
			t.Errorf("%q is taken for %s", text, v)
		}
	}
}

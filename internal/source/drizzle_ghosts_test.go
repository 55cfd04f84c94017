package source

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func journalOf(entries ...string) string {
	var lines []string
	for i, e := range entries {
		tag, when, _ := strings.Cut(e, "@")
		lines = append(lines, fmt.Sprintf(`{"idx": %d, "when": %s, "tag": %q}`, i, when, tag))
	}
	return `{"dialect": "postgresql", "entries": [` + strings.Join(lines, ",") + `]}`
}

func TestGhosts(t *testing.T) {
	tests := []struct {
		name     string
		versions []string
		want     []string // "tag behind"
	}{
		{"nothing", nil, nil},
		{"in order", []string{journalOf("a@1"), journalOf("a@1", "b@2")}, nil},
		{"all at once", []string{journalOf("a@3", "b@2")}, nil}, // the newest row was read before
		{"late", []string{journalOf("a@3"), journalOf("a@3", "b@2")}, []string{"b a"}},
		{"late, and later ones after it", []string{journalOf("a@3"), journalOf("a@3", "b@2"), journalOf("a@3", "b@2", "c@4"), journalOf("a@3", "b@2", "c@4", "d@5")}, []string{"b a"}},
		{"the same time", []string{journalOf("a@3"), journalOf("a@3", "b@3")}, []string{"b a"}},
		{"two in one deploy, one late", []string{journalOf("a@3"), journalOf("a@3", "b@5", "c@2")}, []string{"c a"}},
		{"late, then restamped", []string{journalOf("a@3"), journalOf("a@3", "b@2"), journalOf("a@3", "b@4")}, nil},
		{"renamed", []string{journalOf("a@1", "b@2"), journalOf("a@1", "b@2", "c@3"), journalOf("a@1", "other@2", "c@3")}, nil},
		{"late, then renamed", []string{journalOf("a@3"), journalOf("a@3", "b@2"), journalOf("a@3", "other@2")}, []string{"other a"}},
		{"the time of one that is there", []string{journalOf("a@1", "b@2"), journalOf("a@1", "b@2", "c@2")}, []string{"c b"}},
		{"late, then removed", []string{journalOf("a@3"), journalOf("a@3", "b@2"), journalOf("a@3")}, nil},
		{"broken in between", []string{journalOf("a@3"), "<<<<<<<", journalOf("a@3", "b@4")}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, g := range ghostEntries(test.versions) {
				got = append(got, g.tag+" "+g.behind)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// Versions of a journal are read as each is by itself.
func TestJournalReader(t *testing.T) {
	versions := []string{
		journalOf("a@1"), journalOf("a@1", "b@2"), journalOf("a@1", "b@2", "c@3"), journalOf("a@1", "b@2", "c@3", "d@4", "e@5"),
		journalOf("a@1", "b@2", "x@3", "d@4", "e@5"), strings.Replace(journalOf("a@1", "b@2", "x@3", "d@4", "e@5"), "]", ",]", 1),
		journalOf("a@1", "b@2", "x@3", "d@4", "e@5", "f@6"), journalOf("a@1", "b@2", "x@3"), "<<<<<<<", "{}", journalOf("a@1", "b@2", "x@3", "y@4"),
		journalOf("a@1", "b@2", "x@3", "y@4") + "}", journalOf("z@1"), journalOf(), journalOf("a@1", "b@2", "c@3"),
	}
	var reader journalReader
	for i, text := range versions {
		if got, want := reader.read(text), readJournal(text); got.broken != want.broken || got.at != want.at || !slices.Equal(got.entries, want.entries) {
			t.Errorf("version %d is read as %+v, want %+v", i, got, want)
		}
	}
}

func TestGhostEntries(t *testing.T) {
	base := drizzleTree(append(slices.Clone(baseEntries), entry{"0002_late", 2000, "SELECT 1"})...)
	asked := ""
	o := ReviewOptions{Base: "main", Versions: func(file string) []string {
		asked = file
		return []string{journalOf("0000_users@1000", "0001_posts@3000"), journalOf("0000_users@1000", "0001_posts@3000", "0002_late@2000")}
	}}
	s := Review(load(t, base), load(t, base), o)
	expect(t, s, "warning migration-ghost _journal.json:7: not new here: 0002_late cannot have run on a database that was deployed after every merge to main: 0001_posts, with a later time")
	o.Versions = func(string) []string {
		return []string{
			journalOf("a@1", "b@9"), journalOf("a@1", "b@9", "0002_late@5"), journalOf("a@1", "b@9", "0002_late@5", "c@10", "d@50"),
			journalOf("a@1", "b@9", "0002_late@5", "c@10", "d@50", "e@30", "f@31", "g@32"),
		}
	}
	s = Review(load(t, base), load(t, base), o)
	expect(t, s, "warning migration-ghost _journal.json:7: not new here: 0002_late, e, f and 1 more cannot have run on a database that was deployed after every merge to main: entries with later times had run before, b for instance before 0002_late; look")
	if asked != "drizzle/meta/_journal.json" {
		t.Errorf("asked for %s", asked)
	}
}

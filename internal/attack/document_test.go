package attack_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
)

const (
	resultsFile = "testdata/results.json"
	document    = "../../docs/security.md"
)

// results are what became of the attacks: by name and role.
type results map[string]map[string]outcomes

// outcomes are by major version.
type outcomes map[int]string

func (r results) add(name string, role postgres.Role, major int, outcome string) {
	if r[name] == nil {
		r[name] = map[string]outcomes{}
	}
	if r[name][roleNames[role]] == nil {
		r[name][roleNames[role]] = outcomes{}
	}
	r[name][roleNames[role]][major] = outcome
}

// TestAttacks runs all attacks, and holds testdata/results.json and the tables
// in docs/security.md to what became of them.
func TestAttacks(t *testing.T) {
	seen := results{}
	againstServers(t, &seen)
	t.Run("check", func(t *testing.T) { throughCheck(t, &seen) })
	if t.Failed() || runtime.GOOS != "linux" {
		return
	}
	recorded := readResults(t)
	if *update {
		recorded = recorded.with(seen)
		recorded.write(t)
	}
	for name, roles := range seen {
		for role, versions := range roles {
			for major, outcome := range versions {
				if got := recorded.of(name, role, major); got != outcome {
					t.Errorf("%s, as %s on %d: %q, recorded is %q; run go test ./internal/attack -update with MIGVET_TEST_VERSIONS=all", name, role, major, outcome, got)
				}
			}
		}
	}
}

// TestDocument holds docs/security.md to the recorded results.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	recorded := readResults(t)
	want := between(string(text), "attacks", recorded.attacks())
	want = between(want, "tricks", recorded.tricks())
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s is not what %s says; run go test ./internal/attack -run TestDocument -update", document, resultsFile)
	}
}

func readResults(t *testing.T) results {
	t.Helper()
	r := results{}
	text, err := os.ReadFile(resultsFile)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	return r
}

// of returns what was recorded; of tricks, on whichever version they ran.
func (r results) of(name, role string, major int) string {
	if isTrick(name) {
		for _, outcome := range r[name][role] {
			return outcome
		}
	}
	return r[name][role][major]
}

// with leaves out what is no attack any more.
func (r results) with(seen results) results {
	all := results{}
	for name, roles := range seen {
		for role, versions := range roles {
			for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
				if outcome, ok := versions[major]; ok {
					all.put(name, role, major, outcome)
				} else if outcome, ok := r[name][role][major]; ok && !isTrick(name) {
					all.put(name, role, major, outcome)
				}
			}
		}
	}
	return all
}

func (r results) put(name, role string, major int, outcome string) {
	for number, word := range roleNames {
		if word == role {
			r.add(name, number, major, outcome)
		}
	}
}

func isTrick(name string) bool {
	return slices.ContainsFunc(tricks, func(k trick) bool { return k.name == name })
}

func (r results) write(t *testing.T) {
	t.Helper()
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(resultsFile, append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

func (r results) attacks() string {
	var b strings.Builder
	b.WriteString("| attack | as owner | as superuser in the sandbox |\n|---|---|---|\n")
	for _, a := range attacks {
		superuser := r[a.name]["superuser"].cell()
		if a.owner {
			superuser = "has the right"
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", a.name, r[a.name]["owner"].cell(), superuser)
	}
	return b.String()
}

func (r results) tricks() string {
	var b strings.Builder
	b.WriteString("| migration | as | what migvet check says |\n|---|---|---|\n")
	for _, k := range tricks {
		role := roleNames[k.role()]
		for _, outcome := range r[k.name][role] {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", k.name, role, strings.ReplaceAll(outcome, "|", `\|`))
		}
	}
	return b.String()
}

// cell tells what differs between versions.
func (o outcomes) cell() string {
	var parts []string
	from := 0
	for major := postgres.OldestMajor; major <= postgres.NewestMajor; major++ {
		if from == 0 {
			from = major
		}
		if next, more := o[major+1]; more && next == o[major] {
			continue
		}
		if o[major] != "" {
			parts = append(parts, span(from, major)+o[major])
		}
		from = 0
	}
	return strings.Join(parts, "; ")
}

// span is "" for all versions.
func span(from, to int) string {
	switch {
	case from == postgres.OldestMajor && to == postgres.NewestMajor:
		return ""
	case from == to:
		return fmt.Sprintf("%d: ", from)
	}
	return fmt.Sprintf("%d to %d: ", from, to)
}

// between replaces what stands between two comments.
func between(text, name, table string) string {
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
	before, rest, _ := strings.Cut(text, begin)
	_, after, _ := strings.Cut(rest, end)
	return before + begin + "\n" + table + "\n" + end + after
}

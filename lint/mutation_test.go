package lint_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// mutations is how many broken files every run of the tests tries.
const mutations = 10_000

// Whatever is done to the SQL of testdata, all rules together neither panic nor
// hang, and report only at places inside the file.
func TestMutationsStayInsideTheFile(t *testing.T) {
	all := samples(t)
	o := lint.Options{Rules: rules.All(), Severity: map[string]lint.Severity{}}
	for _, r := range o.Rules {
		o.Severity[r.ID] = lint.Warning // opt-in rules too
	}
	random := rand.New(rand.NewPCG(1, 2))
	findings := 0
	for i := range mutations {
		source := mutate(random, all)
		if len(source) > 20_000 {
			source = source[:20_000]
		}
		start := time.Now()
		findings += checkRun(t, source, o)
		if took := time.Since(start); took > 10*time.Second {
			t.Fatalf("mutation %d took %s: %q", i, took, source)
		}
	}
	if findings < mutations {
		t.Errorf("only %d findings: the mutations leave too little to lint", findings)
	}
}

// checkRun lints a source as a migration of two messages and returns how many
// findings there are.
func checkRun(t *testing.T, source string, o lint.Options) int {
	t.Helper()
	h := onBase(1, "CREATE TABLE t (a int)", source)
	m := h.New[0]
	half := len(source) / 2
	m.Chunks = []lint.Span{{Start: 0, End: half}, {Start: half, End: len(source)}}
	lines := lint.NewLines(source)
	findings := lint.Run([]*lint.History{h}, nil, o)
	for _, f := range findings {
		if f.Path != m.Path {
			t.Fatalf("%q: finding in %q", source, f.Path)
		}
		if f.Start == lint.NoPos && f.End == lint.NoPos {
			continue
		}
		if f.Start < 0 || f.Start > f.End || f.End > len(source) {
			t.Fatalf("%q: %s reports at [%d, %d)", source, f.Rule, f.Start, f.End)
		}
		checkPosition(t, lines, source, f.Start)
		if strings.ContainsAny(f.Message, "\n\r") {
			t.Fatalf("%q: the message of %s has several lines: %q", source, f.Rule, f.Message)
		}
	}
	return len(findings)
}

// fragments turn up in mutations: what begins and never ends, what nests, what
// only some scanners know.
var fragments = []string{
	"'", `"`, "$$", "$a$", "/*", "*/", "--", "\n", "\r\n", ";", "(", ")", "[", "]", ",", ".", "::", "\x00", "\xff", "é", "😀", bom, "\\", "E'\\", "U&'", "B'", "0x", "1e",
	" NOT ", " NULL ", " DEFAULT ", " CASE ", " END ", " BEGIN ATOMIC ", " UNION ", " CASCADE ", " IF EXISTS ", " USING ", " CHECK ", " REFERENCES t ", " ONLY ", " public.",
	"-- migvet:ignore column-dropped x\n", "/* migvet:ignore-file", "--> statement-breakpoint", " DROP TABLE t ", " ALTER TABLE t ", " ADD COLUMN ", " DROP COLUMN ", " SELECT ", " COMMIT;",
}

// mutate returns a sample with up to eight changes.
func mutate(random *rand.Rand, all []string) string {
	text := all[random.IntN(len(all))]
	for range 1 + random.IntN(8) {
		at, to := span(random, len(text))
		switch random.IntN(6) {
		case 0:
			text = text[:at] + text[to:]
		case 1:
			text = text[:at] + fragments[random.IntN(len(fragments))] + text[at:]
		case 2:
			text = text[:to] + text[at:to] + text[to:]
		case 3:
			text = text[:at] + string(rune(random.IntN(256))) + text[to:]
		case 4:
			text = text[:at] + string([]byte{byte(random.IntN(256))}) + text[at:]
		case 5:
			other := all[random.IntN(len(all))]
			from, until := span(random, len(other))
			text = text[:at] + other[from:until] + text[to:]
		}
	}
	return text
}

// span picks a short stretch of a text.
func span(random *rand.Rand, length int) (from, to int) {
	from = random.IntN(length + 1)
	return from, from + random.IntN(min(length-from, 40)+1)
}

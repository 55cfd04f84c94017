package lint

import (
	"fmt"
	"strings"
	"testing"
)

func TestRest(t *testing.T) {
	line := "INSERT INTO t VALUES (1, '" + strings.Repeat("x", 60) + "');\n"
	wide := "INSERT INTO t VALUES (1, '" + strings.Repeat("ü", 40<<10) + "');\n"
	tests := []struct {
		name, text   string
		parsed, rest int
	}{
		{"short", strings.Repeat(line, 3), 3, 0},
		{"as many statements as are read", strings.Repeat(line, maxParsedStatements), maxParsedStatements, 0},
		{"too many statements", strings.Repeat(line, maxParsedStatements+5), maxParsedStatements, 5 * len(line)},
		{"too many bytes", strings.Repeat(wide, 200), maxParsedBytes / len(wide), 200*len(wide) - maxParsedBytes/len(wide)*len(wide)},
		{"one statement that is too long", "SELECT '" + strings.Repeat("x", maxParsedBytes), 0, maxParsedBytes + 8},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := &Migration{Path: "a.sql", Source: test.text, Chunks: []Span{{0, len(test.text)}}}
			statements := m.Statements()
			parsed := len(statements)
			rest := ""
			if last := statements[parsed-1]; last.Rest {
				parsed--
				rest = last.SQL
			}
			if parsed != test.parsed || len(rest) != len(strings.TrimSpace(test.text[len(test.text)-test.rest:])) {
				t.Errorf("%d statements and a rest of %d bytes, want %d and %d", parsed, len(rest), test.parsed, test.rest)
			}
			found := Run([]*History{{New: []*Migration{m}}}, nil, Options{})
			if got := len(found); got != min(1, test.rest) {
				t.Errorf("%d findings: %v", got, found)
			}
		})
	}
}

func TestRestOfChunks(t *testing.T) {
	m := &Migration{}
	for i := range maxParsedStatements + 2 {
		start := len(m.Source)
		m.Source += fmt.Sprintf("SELECT %d;", i)
		m.Chunks = append(m.Chunks, Span{start, len(m.Source)})
	}
	for chunk := maxParsedStatements - 1; chunk < len(m.Chunks); chunk++ {
		sent := m.Sent(chunk)
		if len(sent) != 1 || sent[0].Rest != (chunk >= maxParsedStatements) || !strings.HasPrefix(sent[0].SQL, fmt.Sprintf("SELECT %d", chunk)) {
			t.Errorf("message %d is %+v", chunk, sent)
		}
	}
}

func TestPartStart(t *testing.T) {
	line := "INSERT INTO t VALUES ('a;b'); -- c;\n"
	var many strings.Builder
	for range 2*maxParsedStatements + 5 {
		many.WriteString(line)
	}
	rest := &Statement{SQL: many.String() + "SELECT 'open", Rest: true}
	for _, n := range []int{0, 1, maxParsedStatements - 1, maxParsedStatements, 2*maxParsedStatements + 4, 2*maxParsedStatements + 5} {
		if got, found := rest.PartStart(n); !found || got != n*len(line) {
			t.Errorf("statement %d begins at byte %d, want %d", n, got, n*len(line))
		}
	}
	if _, found := rest.PartStart(2*maxParsedStatements + 6); found {
		t.Error("a statement that is not there was found")
	}
}

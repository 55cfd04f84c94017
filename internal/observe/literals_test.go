package observe

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// plainBackslash matches a backslash in a literal that is not E'…'. The functions run in
// sessions in which a migration may have switched standard_conforming_strings off: there
// '\000' is a zero byte, which no text may hold.
var plainBackslash = regexp.MustCompile(`(^|[^Ee'])'[^']*\\[^']*'`)

func TestLiteralsMeanTheSameInAnySession(t *testing.T) {
	text, err := os.ReadFile("observe.sql")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		code, _, _ := strings.Cut(line, "--")
		if found := plainBackslash.FindString(code); found != "" {
			t.Errorf("line %d: %s; write E'…' with two backslashes", i+1, found)
		}
	}
}

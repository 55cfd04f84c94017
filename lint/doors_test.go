package lint_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// parserCall is what hands text to PostgreSQL's scanner or parser, which nothing
// can interrupt: only lint does that, behind its bounds.
var parserCall = regexp.MustCompile(`\bpg(?:_query)?\.(?:Scan|Parse|ParseToJSON|ParsePlPgSqlToJSON|Normalize|Fingerprint|FingerprintToUInt64|SplitWithScanner|SplitWithParser|Deparse)\(|\bparser\.(?:Scan|Parse|Normalize|Fingerprint|Deparse)\w*Proto\w*\(`)

func TestOneDoorToTheParser(t *testing.T) {
	// bodies.go has its own bounds, and lint.Scan look at what it parses before.
	allowed := map[string]int{"lint/scan.go": 2, "lint/parse.go": 1, "internal/trial/bodies.go": 1}
	found := map[string]int{}
	err := filepath.WalkDir("..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if n := len(parserCall.FindAll(text, -1)); n > 0 {
			found[filepath.ToSlash(path[len(".."+string(filepath.Separator)):])] = n
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, n := range found {
		if n != allowed[path] {
			t.Errorf("%s calls the scanner or parser %d times: call lint.Scan, lint.Parse or lint.Tree, which bound what it may cost", path, n)
		}
	}
	if len(found) != len(allowed) {
		t.Errorf("calls in %v, want them in %v", found, allowed)
	}
}

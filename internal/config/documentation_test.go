package config

import (
	"os"
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// TestDocumentation reads the example of docs/configuration.md, which has every
// key there is.
func TestDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	known := []*lint.Rule{{ID: "index-not-concurrent"}, {ID: "column-dropped"}}
	if _, err := Parse(Name, []byte(example), known); err != nil {
		t.Error(err)
	}
	for _, f := range new(parser).fields() {
		if !strings.Contains(example, "\n"+f.key+":") {
			t.Errorf("docs/configuration.md has no %s in its example", f.key)
		}
		if !strings.Contains(string(page), "`"+f.key+"`") {
			t.Errorf("docs/configuration.md does not explain %s", f.key)
		}
	}
}

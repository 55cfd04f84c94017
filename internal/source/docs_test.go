package source

import (
	"os"
	"strings"
	"testing"
)

func TestEveryToolHasAPage(t *testing.T) {
	index, err := os.ReadFile("../../docs/tools/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range Tools() {
		if key == "drizzle-1" {
			key = "drizzle" // one page for both, in a form of its own
		}
		page, err := os.ReadFile("../../docs/tools/" + key + ".md")
		if err != nil {
			t.Error(err)
			continue
		}
		if !strings.Contains(string(index), "("+key+".md)") {
			t.Errorf("docs/tools/README.md does not name %s.md", key)
		}
		if key == "drizzle" {
			continue
		}
		for _, part := range []string{"tool: " + key, "**Found by**", "**History table**", "**Not checked**"} {
			if !strings.Contains(string(page), part) {
				t.Errorf("docs/tools/%s.md has no %q", key, part)
			}
		}
	}
}

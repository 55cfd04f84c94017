package mutate_test

import (
	"bytes"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// TestNothingThatShipsMutates: what is put together here out of names is SQL for tests,
// and quoted for them alone.
func TestNothingThatShipsMutates(t *testing.T) {
	looked := 0
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		looked++
		text, err := fs.ReadFile(root, file)
		if bytes.Contains(text, []byte(`"github.com/migvet/migvet/internal/mutate"`)) {
			t.Errorf("%s imports internal/mutate", file)
		}
		return err
	})
	if err != nil || looked < 300 {
		t.Fatalf("%d files, %v", looked, err)
	}
}

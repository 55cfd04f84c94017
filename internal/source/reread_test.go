package source

import (
	"testing"

	"github.com/migvet/migvet/lint"
)

// A migration without edits is the same when it is read again, whatever the tool.
func TestReread(t *testing.T) {
	for _, key := range Tools() {
		t.Run(key, func(t *testing.T) {
			fsys := sampleHead(t, key)
			found, err := Detect(fsys)
			if err != nil || len(found) != 1 {
				t.Fatalf("found %+v, %v", found, err)
			}
			f, err := Load(fsys, found[0])
			if err != nil {
				t.Fatal(err)
			}
			s := Review(nil, f, ReviewOptions{})
			if len(s.Head) == 0 {
				t.Fatal("no migrations")
			}
			for _, m := range s.Head {
				again := s.History.Editing.Reread(m, []lint.Edit{})
				if again == nil && key == "liquibase" {
					continue // a file holds many
				}
				if again == nil || again.Source != m.Source || len(again.Chunks) != len(m.Chunks) || again.Tx != m.Tx {
					t.Errorf("%s became %+v", m.Name, again)
				}
			}
		})
	}
}

package drizzlekit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// FuzzSnapshot reads whatever stands in snapshots, of two migrations because
// version 9 replays them, and writes the SQL of what it understands. Nothing
// may panic.
func FuzzSnapshot(f *testing.F) {
	files, err := filepath.Glob("../../testdata/drizzle/declared/*/meta/*_snapshot.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no snapshots: %v", err)
	}
	folders, err := filepath.Glob("../../testdata/drizzle/declared/*/*/snapshot.json")
	if err != nil || len(folders) == 0 {
		f.Fatalf("no snapshots of 1.0: %v", err)
	}
	var before []byte
	for _, file := range append(files, folders...) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(before, data)
		before = data
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		for _, data := range [][]byte{first, second} {
			_, _ = ReadHeader(bytes.NewReader(data))
		}
		s, err := Read([]File{{"0000_snapshot.json", first}, {"0001_snapshot.json", second}})
		if err != nil {
			return // told to the user
		}
		if s == nil {
			t.Fatal("neither a snapshot nor an error")
		}
		s.DDL()
	})
}

// TestAnythingAnywhere puts values of the wrong kind into every place of real
// snapshots, one at a time.
func TestAnythingAnywhere(t *testing.T) {
	for _, pair := range [][2]string{
		{"0.20/meta/0000_snapshot.json", "0.20/meta/0001_snapshot.json"},
		{"0.31/meta/0000_snapshot.json", "0.31/meta/0001_snapshot.json"},
		{"1.0/20261125230620_everything/snapshot.json", "1.0/20261125230918_renames/snapshot.json"},
	} {
		t.Run(pair[0], func(t *testing.T) {
			t.Parallel()
			first, second := declaredFile(t, pair[0]), declaredFile(t, pair[1])
			var tree any
			if err := json.Unmarshal(second, &tree); err != nil {
				t.Fatal(err)
			}
			places := 0
			replaceEach(tree, func(any) {}, func() {
				places++
				data, err := json.Marshal(tree)
				if err != nil {
					t.Fatal(err)
				}
				if s, err := Read([]File{{"0000_snapshot.json", first}, {"0001_snapshot.json", data}}); err == nil {
					s.DDL()
				}
			})
			if places < 500 {
				t.Errorf("only %d tried", places)
			}
		})
	}
}

// replaceEach sets a value and all in it to one of each kind, calls try, and
// puts it back.
func replaceEach(value any, set func(any), try func()) {
	for _, other := range []any{nil, "", "x", 1.5, true, []any{}, []any{nil}, map[string]any{}, map[string]any{"x": nil}} {
		set(other)
		try()
	}
	set(value)
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			replaceEach(inner, func(to any) { v[key] = to }, try)
		}
	case []any:
		for i, inner := range v {
			replaceEach(inner, func(to any) { v[i] = to }, try)
		}
	}
}

func declaredFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../testdata/drizzle/declared", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

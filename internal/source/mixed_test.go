package source

import (
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// sampleProject is the base of a project in testdata/tools, or one written here
// for what has none there.
func sampleProject(t *testing.T, key string) fstest.MapFS {
	t.Helper()
	switch key {
	case "drizzle":
		return tree(
			`drizzle/meta/_journal.json: {"version": "7", "dialect": "postgresql", "entries": [{"idx": 0, "version": "7", "when": 1767261600000, "tag": "0000_a", "breakpoints": true}]}`,
			"drizzle/0000_a.sql: CREATE TABLE a (id int);\n")
	case "plain":
		return tree("db/migrations/001_a.sql: CREATE TABLE a (id int);\n")
	}
	fsys := fstest.MapFS{}
	lay(t, fsys, filepath.Join("../../testdata/tools", key, "base"))
	return fsys
}

// lay puts the files of a directory over those that are there.
func lay(t *testing.T, fsys fstest.MapFS, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(file)
		name, _ := filepath.Rel(root, file)
		fsys[filepath.ToSlash(name)] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestDetectAllAtOnce lays a project of every tool into one tree.
func TestDetectAllAtOnce(t *testing.T) {
	all := fstest.MapFS{}
	for _, key := range Tools() {
		for name, file := range sampleProject(t, key) {
			all[path.Join("apps", key, name)] = file
		}
	}
	found, err := Detect(all)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, f := range found {
		key := strings.Split(f.Dir, "/")[1]
		times[key]++
		if want := keyed(t, key); f.Tool != want.name || f.Skip != "" {
			t.Errorf("%s was taken for %s (%s), want %s", f.Dir, f.Tool, f.Skip, want.name)
		}
	}
	for _, key := range Tools() {
		if times[key] != 1 {
			t.Errorf("the project of %s was found %d times", key, times[key])
		}
	}
}

func keyed(t *testing.T, key string) tool {
	t.Helper()
	for _, tool := range tools() {
		if tool.key == key {
			return tool
		}
	}
	t.Fatalf("no tool %s", key)
	return tool{}
}

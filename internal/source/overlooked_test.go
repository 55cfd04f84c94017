package source

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// closedTree has a directory that may not be read.
type closedTree struct {
	fstest.MapFS
	dir string
}

func (c closedTree) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == c.dir {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.MapFS.ReadDir(name)
}

func TestOverlooked(t *testing.T) {
	deep := strings.Repeat("a/", maxDepth)
	for _, test := range []struct {
		tree fs.FS
		want string // the directory, and a part of the reason
	}{
		{closedTree{tree("db/1_a.sql", "data/pg_wal/1_b.sql"), "data"}, "data may not be read by the user that runs migvet"},
		{tree("db/1_a.sql", deep+"b/1_b.sql"), deep + "b is more than 20 directories deep"},
	} {
		found, err := Detect(test.tree)
		if err != nil {
			t.Fatal(err)
		}
		var overlooked []string
		for _, f := range found {
			if f.Overlooked && f.Doubtful {
				overlooked = append(overlooked, f.Dir+" "+f.Skip)
			}
		}
		if len(overlooked) != 1 || !strings.HasPrefix(overlooked[0], test.want) {
			t.Errorf("%v, want %s", overlooked, test.want)
		}
		if len(found) != 2 {
			t.Errorf("%d folders: %+v", len(found), found)
		}
	}
	if found, err := Detect(tree("db/1_a.sql", deep+"1_b.sql")); err != nil || len(found) != 2 || found[0].Overlooked || found[1].Overlooked {
		t.Errorf("%+v, %v", found, err)
	}
}

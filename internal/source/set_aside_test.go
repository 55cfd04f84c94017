package source_test

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/internal/source"
)

// What a project keeps beside its migrations and does not run, by the names of directories.
func TestFoldersThatAreSetAside(t *testing.T) {
	tests := map[string]struct {
		files, found []string
	}{
		"beside":                 {[]string{"db/migrations/0001_a.sql", "db/drafts/0001_x.sql", "db/archive/0001_x.sql", "db/_wip/0001_x.sql"}, []string{"db/migrations"}},
		"in the folder":          {[]string{"db/migrations/0001_a.sql", "db/migrations/pending/0001_x.sql", "db/migrations/Archive/0001_x.sql"}, []string{"db/migrations"}},
		"with its name":          {[]string{"migrations/0001_a.sql", "migrations_wip/0001_x.sql", "migrations-old/0001_x.sql"}, []string{"migrations"}},
		"of another name":        {[]string{"db/orders/0001_a.sql", "db/orders_wip/0001_x.sql"}, []string{"db/orders"}},
		"of a tool":              {[]string{"db/migrations/1_a.up.sql", "db/drafts/1_x.up.sql"}, []string{"db/migrations"}},
		"a table's name":         {[]string{"db/orders/0001_a.sql", "db/orders_archive/0001_x.sql", "db/archive/0001_y.sql"}, []string{"db/archive", "db/orders", "db/orders_archive"}},
		"alone":                  {[]string{"db/pending/0001_a.sql"}, []string{"db/pending"}},
		"what runs next":         {[]string{"migrations/applied/0001_a.sql", "migrations/pending/0002_b.sql"}, []string{"migrations/applied", "migrations/pending"}},
		"a program of that name": {[]string{"archive/migrations/0001_a.sql", "shop/migrations/0001_a.sql"}, []string{"archive/migrations", "shop/migrations"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tree := fstest.MapFS{}
			for _, file := range tt.files {
				tree[file] = &fstest.MapFile{Data: []byte("CREATE TABLE a (id bigint PRIMARY KEY);\nALTER TABLE a ADD COLUMN b int;\n")}
			}
			found, _, err := source.Survey(tree)
			if err != nil {
				t.Fatal(err)
			}
			var dirs []string
			for _, f := range found {
				dirs = append(dirs, f.Dir)
			}
			if !slices.Equal(dirs, tt.found) {
				t.Errorf("found %q, want %q", dirs, tt.found)
			}
		})
	}
}

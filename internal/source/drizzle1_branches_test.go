package source

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// TestSideBySide puts each two migrations that drizzle-kit 1.0 made from the
// same base into one folder, and wants what its check says of them.
func TestSideBySide(t *testing.T) {
	expected, err := os.ReadFile(drizzleData + "/side-by-side/expect.txt")
	if err != nil {
		t.Fatal(err)
	}
	stops := 0
	lines := strings.Split(strings.TrimSpace(string(expected)), "\n")[1:]
	for _, line := range lines {
		words := strings.Fields(line)
		found := pairOf(t, words[0], words[1])
		told := slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Rule == rules.SnapshotCollision.ID && f.Severity == lint.Error })
		if told != (words[2] == "1") {
			t.Errorf("%s and %s: drizzle-kit check exits with %s, and migvet finds %v", words[0], words[1], words[2], found)
		}
		if told {
			stops++
		}
	}
	if len(lines) < 100 || stops < 20 {
		t.Errorf("%d pairs, of which drizzle-kit stops at %d", len(lines), stops)
	}
}

func TestSideBySideSaysWhat(t *testing.T) {
	for pair, want := range map[[2]string]string{
		{"addindex", "renamecol"}:   "create index users.users_name of 20261126103753_addindex does not go with rename column users.name of 20261126103748_renamecol",
		{"addfk", "droptable"}:      "does not go with drop table posts of",
		{"renamecol", "setnotnull"}: "alter column users.name of 20261126103752_setnotnull does not go with rename column users.name",
	} {
		found := pairOf(t, pair[0], pair[1])
		if len(found) != 1 || !strings.Contains(found[0].Message, want) {
			t.Errorf("%v: %v, want %q", pair, found, want)
		}
	}
}

// A migration that was made from both joins them.
func TestJoinedBranches(t *testing.T) {
	tree := together(t, "addindex", "renamecol")
	tree["drizzle/20261126200000_joined/migration.sql"] = &fstest.MapFile{Data: []byte("SELECT 1;")}
	tree["drizzle/20261126200000_joined/snapshot.json"] = &fstest.MapFile{Data: []byte(`{"version": "9", "dialect": "postgres", "id": "joined", "prevIds": ["` +
		snapshotID(t, tree, "_addindex") + `", "` + snapshotID(t, tree, "_renamecol") + `"], "type": "diff", "deltas": []}`)}
	if found := findingsIn(t, tree); len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

func snapshotID(t *testing.T, tree fstest.MapFS, suffix string) string {
	t.Helper()
	for name := range tree {
		if strings.HasSuffix(name, suffix+"/snapshot.json") {
			h, err := readHeader(tree, name)
			if err != nil {
				t.Fatal(err)
			}
			return h.ID
		}
	}
	t.Fatalf("no snapshot of %s", suffix)
	return ""
}

func pairOf(t *testing.T, changes ...string) []lint.Finding {
	t.Helper()
	return findingsIn(t, together(t, changes...))
}

func together(t *testing.T, changes ...string) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	for _, change := range append([]string{"base"}, changes...) {
		dir := drizzleData + "/side-by-side/" + change
		folders, err := os.ReadDir(dir)
		if err != nil || len(folders) != 1 {
			t.Fatalf("%s: %d folders, %v", change, len(folders), err)
		}
		for _, file := range []string{"migration.sql", "snapshot.json"} {
			data, err := os.ReadFile(dir + "/" + folders[0].Name() + "/" + file)
			if err != nil {
				t.Fatal(err)
			}
			tree["drizzle/"+folders[0].Name()+"/"+file] = &fstest.MapFile{Data: data}
		}
	}
	return tree
}

func findingsIn(t *testing.T, tree fstest.MapFS) []lint.Finding {
	t.Helper()
	return Review(nil, loadAt(t, tree, "drizzle", "drizzle-1"), ReviewOptions{}).Findings
}

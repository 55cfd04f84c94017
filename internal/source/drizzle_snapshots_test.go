package source

import (
	"strings"
	"testing"
)

// A copied snapshot is told once, as what it is.
func TestSnapshotLinks(t *testing.T) {
	snapshot := func(name, id, parent string) snapshotFile {
		s := snapshotFile{path: "meta/" + name + snapshotSuffix}
		s.ID, s.Parents = id, []string{parent}
		return s
	}
	for _, test := range []struct {
		name string
		last snapshotFile
		want string
	}{
		{"next", snapshot("0002", "c", "b"), ""},
		{"of another branch", snapshot("0002", "c", "a"), "snapshot-collision: 0002_snapshot.json and 0001_snapshot.json were made from the same snapshot, on two branches"},
		{"copied", snapshot("0002", "b", "a"), "snapshot-collision: 0002_snapshot.json is a copy of 0001_snapshot.json, id and all"},
		{"copied and linked", snapshot("0002", "b", "b"), "snapshot-invalid: 0002_snapshot.json has the id of 0001_snapshot.json, as if copied"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, p := range linkProblems([]snapshotFile{snapshot("0000", "a", ""), snapshot("0001", "b", "a"), test.last}, false) {
				got = append(got, p.Rule+": "+p.Message)
			}
			if all := strings.Join(got, "\n"); len(got) > 1 || !strings.HasPrefix(all, test.want) || test.want == "" && all != "" {
				t.Errorf("%s", all)
			}
		})
	}
}

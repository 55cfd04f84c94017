package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// kitRun is what drizzle-kit said of a folder, as kit.txt tells it.
type kitRun struct {
	failed bool // exit status
	wrote  bool
}

// TestLikeTheRealKit holds the findings about snapshots to what drizzle-kit did
// with the same folder.
func TestLikeTheRealKit(t *testing.T) {
	files, err := filepath.Glob(drizzleData + "/broken/*/kit.txt")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d recorded runs: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			runs := kitRuns(t, file)
			found := reviewOf(t, filepath.Dir(file))
			told := func(severity lint.Severity, ids ...string) bool {
				return slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Severity == severity && slices.Contains(ids, f.Rule) })
			}
			check := told(lint.Error, rules.SnapshotCollision.ID, rules.SnapshotInvalid.ID, rules.JournalInvalid.ID) ||
				told(lint.Notice, rules.SnapshotInvalid.ID) // of an older drizzle-kit
			if check != runs["check"].failed {
				t.Errorf("drizzle-kit check failed: %t, and migvet finds %v", runs["check"].failed, found)
			}
			repeats := told(lint.Warning, rules.SnapshotMissing.ID, rules.MigrationDuplicate.ID) ||
				told(lint.Error, rules.SnapshotOrphaned.ID, rules.MigrationOrphaned.ID, rules.MigrationMissing.ID, rules.PrefixNone.ID)
			if runs["generate"].wrote && !repeats {
				t.Errorf("drizzle-kit generate writes a migration although nothing changed, and migvet finds %v", found)
			}
			if blocked := told(lint.Off, rules.DrizzleUpBlocked.ID) || told(lint.Error, rules.JournalInvalid.ID); blocked != runs["up"].failed {
				t.Errorf("drizzle-kit up failed: %t, and migvet finds %v", runs["up"].failed, found)
			}
		})
	}
}

func kitRuns(t *testing.T, file string) map[string]kitRun {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	runs := map[string]kitRun{}
	for block := range strings.SplitSeq(string(data), "\n\n") {
		if command, rest, ok := strings.Cut(block, ": exit "); ok {
			runs[command] = kitRun{failed: rest[0] != '0', wrote: strings.Contains(rest, "\nwrote: ")}
		}
	}
	if len(runs) != 3 {
		t.Fatalf("%s tells of %d commands", file, len(runs))
	}
	return runs
}

func reviewOf(t *testing.T, dir string) []lint.Finding {
	t.Helper()
	return Review(nil, loadAt(t, os.DirFS(dir), ".", "drizzle"), ReviewOptions{Now: time.Now()}).Findings
}

// TestFoldersLikeTheRealKit does so for the layout of 1.0.
func TestFoldersLikeTheRealKit(t *testing.T) {
	want := map[string]string{
		"sound": "", "merged": "",
		"dangling":            "error snapshot-invalid snapshot.json: drizzle-kit stops: 20261125223906_labels was made from a snapshot that does not exist (be448f50-",
		"out-of-order":        "error snapshot-invalid snapshot.json: drizzle-kit stops: 20261125223840_labels sorts before 20261125223852_notes",
		"two-first":           "error snapshot-invalid snapshot.json: drizzle-kit stops: 20261125223852_notes is a first migration, as 20261125223838_accounts is",
		"unreadable":          "error snapshot-invalid snapshot.json: drizzle-kit stops: the snapshot of 20261125223906_labels cannot be read",
		"side-by-side":        "notice snapshot-collision snapshot.json: 20261125223852_notes and 20261125223906_labels were made on 2 branches, and none of them from another; by their snapshots",
		"same-change":         "notice snapshot-collision snapshot.json: 20261126103733_nullable and 20261126103735_optional were made on 2 branches, and none of them from another; by their snapshots",
		"same-column":         "error snapshot-collision snapshot.json: drizzle-kit stops: of two branches, add column accounts.email of 20261126103727_mail does not go with add column accounts.email of 20261126103725_email",
		"changed-and-dropped": "error snapshot-collision snapshot.json: drizzle-kit stops: of two branches, add column notes.pinned of 20261126103731_pinned does not go with drop table notes of 20261126103729_without_notes",
		"without-snapshot":    "warning snapshot-missing migration.sql: 20261125223906_labels has no snapshot.json",
	}
	if recorded, err := filepath.Glob(drizzleData + "/folders/*/kit.txt"); err != nil || len(recorded) != len(want) {
		t.Fatalf("%d folders are recorded, %d wanted: %v", len(recorded), len(want), err)
	}
	for name, finding := range want {
		t.Run(name, func(t *testing.T) {
			dir := drizzleData + "/folders/" + name
			data, err := os.ReadFile(dir + "/kit.txt")
			if err != nil {
				t.Fatal(err)
			}
			if failed := !strings.Contains(string(data), "check: exit 0"); failed != strings.HasPrefix(finding, "error") {
				t.Errorf("drizzle-kit check failed: %t, and %q is wanted", failed, finding)
			}
			folder := loadAt(t, os.DirFS(dir), ".", "drizzle-1")
			var wanted []string
			if finding != "" {
				wanted = []string{finding}
			}
			expect(t, Review(nil, folder, ReviewOptions{}), wanted...)
		})
	}
}

// TestBranchesOfBase blames the migration that comes, and not what stood there.
func TestBranchesOfBase(t *testing.T) {
	head := loadAt(t, os.DirFS(drizzleData+"/folders/same-column"), ".", "drizzle-1")
	without := func(name string) *Folder {
		base := *head
		base.steps = slices.DeleteFunc(slices.Clone(base.steps), func(s step) bool { return s.name == name })
		return &base
	}
	blamed := func(base *Folder) (paths []string) {
		for _, f := range Review(base, head, ReviewOptions{}).Findings {
			if f.Rule == rules.SnapshotCollision.ID {
				paths = append(paths, f.Path)
			}
		}
		return paths
	}
	for _, name := range []string{"20261126103725_email", "20261126103727_mail"} {
		if got := blamed(without(name)); !slices.Equal(got, []string{name + "/snapshot.json"}) {
			t.Errorf("%s comes, and blamed are %v", name, got)
		}
	}
	if got := blamed(head); got != nil {
		t.Errorf("nothing comes, and blamed are %v", got)
	}
}

package source

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/lint"
)

const drizzleData = "../../testdata/drizzle"

// An observation is one run of the real migrator, as testdata records it.
type observation struct {
	deployed, ran, notRun []string
	err                   string
	history               []string // "when hash"
}

// observations reads what testdata/drizzle/broken/*/expect.txt tells.
func observations(t *testing.T, file string) []observation {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []observation
	for block := range strings.SplitSeq(string(data), "\n\n") {
		var o observation
		for line := range strings.SplitSeq(block, "\n") {
			key, value, _ := strings.Cut(line, ": ")
			switch {
			case key == "deployed":
				o.deployed = list(value)
			case key == "ran":
				o.ran = list(value)
			case key == "not run":
				o.notRun = list(value)
			case key == "error":
				o.err = value
			case historyLine.MatchString(line):
				o.history = append(o.history, strings.TrimSpace(line))
			}
		}
		if strings.HasPrefix(block, "deployed: ") {
			all = append(all, o)
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s records nothing", file)
	}
	return all
}

var (
	historyLine = regexp.MustCompile(`^  \d{13} [0-9a-f]{64}$`)
	sqlState    = regexp.MustCompile(`^[0-9A-Z]{5} `)
	insertedRow = regexp.MustCompile(`values\('([0-9a-f]{64})', (\d+)\)$`)
)

func list(text string) []string {
	if text == "none" {
		return nil
	}
	return strings.Split(text, ", ")
}

// TestLikeTheRealMigrator compares what runs, and what is written down about
// it, with what drizzle-orm did to the same folder.
func TestLikeTheRealMigrator(t *testing.T) {
	files, err := filepath.Glob(drizzleData + "/broken/*/expect.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no recorded runs: %v", err)
	}
	for _, file := range files {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			found, err := At(os.DirFS(dir), ".", "drizzle")
			if err != nil {
				t.Fatal(err)
			}
			found.Skip = "" // the real migrator asks for no dialect
			folder, err := Load(os.DirFS(dir), found)
			if err != nil {
				t.Fatal(err)
			}
			s := Review(nil, folder, ReviewOptions{})
			for _, o := range observations(t, file) {
				o.compare(t, s)
			}
		})
	}
}

func (o observation) compare(t *testing.T, s *Source) {
	t.Helper()
	pending, err := s.Runner.Pending(o.applied(t, s), s.Head)
	if o.err != "" && !sqlState.MatchString(o.err) {
		if err == nil {
			t.Errorf("Drizzle refused with %q, migvet would run %v", o.err, names(pending))
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	want := o.ran
	if o.err != "" {
		want = slices.Concat(o.ran, o.notRun) // what it set out to run
	}
	if !slices.Equal(names(pending), want) {
		t.Errorf("with %v deployed, pending are %v; Drizzle ran %v", o.deployed, names(pending), want)
	}
	rows := map[string]bool{}
	for _, m := range s.Head {
		row := insertedRow.FindStringSubmatch(string(s.Runner.Record(m)))
		rows[row[2]+" "+row[1]] = true
	}
	for _, row := range o.history {
		if !rows[row] {
			t.Errorf("Drizzle wrote %q, migvet would write one of %v", row, slices.Sorted(maps.Keys(rows)))
		}
	}
}

// applied returns the row that Drizzle reads after the deployment.
func (o observation) applied(t *testing.T, s *Source) []string {
	t.Helper()
	var newest int64
	for _, name := range o.deployed {
		i := slices.IndexFunc(s.Head, func(m *lint.Migration) bool { return m.Name == name })
		when, err := strconv.ParseInt(insertedRow.FindStringSubmatch(string(s.Runner.Record(s.Head[i])))[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		newest = max(newest, when)
	}
	if newest == 0 {
		return nil
	}
	return []string{strconv.FormatInt(newest, 10)}
}

// TestBrokenFolders wants what is wrong with each folder to be said.
func TestBrokenFolders(t *testing.T) {
	want := map[string][]string{
		"journal-conflict-markers":  {"error journal-invalid"},
		"journal-invalid-json":      {"error journal-invalid _journal.json:26"},
		"journal-missing":           {"error journal-invalid"},
		"entry-without-sql":         {"error migration-missing"},
		"orphan-sql":                {"error migration-orphaned"},
		"duplicate-tag":             {"error migration-duplicate"},
		"duplicate-idx":             {"warning migration-duplicate"},
		"duplicate-prefix":          {"warning migration-duplicate"},
		"when-equal":                {"warning migration-out-of-order"},
		"when-older":                {"warning migration-out-of-order"},
		"when-out-of-order":         {"warning migration-out-of-order"},
		"entry-without-snapshot":    {"warning snapshot-missing 0002_labels.sql: 0002_labels has no snapshot meta/0002_snapshot.json; drizzle-kit generate compares the schema file with 0001_snapshot.json"},
		"middle-without-snapshot":   {"warning snapshot-missing 0002_labels.sql: …; drizzle-kit up to 1.0 will refuse the folder; make"},
		"snapshot-collision":        {"error snapshot-collision 0003_snapshot.json: 0003_snapshot.json and 0002_snapshot.json were made from the same snapshot"},
		"snapshot-conflict-markers": {"error snapshot-invalid 0002_snapshot.json: …merge conflict markers in line 2"},
		"snapshot-cycle":            {"warning snapshot-invalid 0000_snapshot.json: the snapshots from 0000_snapshot.json on follow each other in a circle"},
		"snapshot-dangling":         {"warning snapshot-invalid 0003_snapshot.json: …made from a snapshot that does not exist (prevId 7f0c9a52-"},
		"snapshot-left-over":        {"error snapshot-orphaned 0003_snapshot.json: …belongs to no entry of the journal"},
		"snapshot-old-version":      {"notice snapshot-invalid 0002_snapshot.json: …of version 6, as 3 of 3"},
		"snapshot-same-id":          {"warning snapshot-invalid 0003_snapshot.json: 0003_snapshot.json has the id of 0002_snapshot.json"},
		"prefix-none":               {"error prefix-none _accounts.sql: _accounts has no prefix"},
		"near-miss-markers": {
			"notice breakpoint-misspelt 0002_backfill.sql:2: \"-->statement-breakpoint\" is a comment",
			"notice breakpoint-misspelt 0002_backfill.sql:4: ",
			"notice breakpoint-misspelt 0002_backfill.sql:6: "},
		"journal-order": {"warning migration-out-of-order", "warning migration-out-of-order", "warning migration-out-of-order"},
	}
	dirs, err := filepath.Glob(drizzleData + "/broken/*/*.sql")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no folders: %v", err)
	}
	for dir := range maps.Keys(parents(dirs)) {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			found, err := At(os.DirFS(dir), ".", "drizzle")
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(filepath.Base(dir), "dialect-") {
				if found.Skip == "" {
					t.Error("the folder of another database is not skipped")
				}
				return
			}
			folder, err := Load(os.DirFS(dir), found)
			if err != nil {
				t.Fatal(err)
			}
			expect(t, Review(nil, folder, ReviewOptions{Now: time.Now()}), want[filepath.Base(dir)]...)
		})
	}
}

func parents(files []string) map[string]bool {
	dirs := map[string]bool{}
	for _, f := range files {
		dirs[filepath.Dir(f)] = true
	}
	return dirs
}

func TestDrizzleRunner(t *testing.T) {
	found := Found{Dir: "drizzle", Tool: Drizzle}
	head := drizzleTree(baseEntries...)
	folder, err := Load(head, found)
	if err != nil {
		t.Fatal(err)
	}
	s := Review(nil, folder, ReviewOptions{})
	if got := s.Runner.Table(); got != `"drizzle"."__drizzle_migrations"` {
		t.Errorf("table is %s", got)
	}
	sum := sha256.Sum256([]byte(baseEntries[0].sql))
	if got, want := string(s.Runner.Record(s.Head[0])), fmt.Sprintf(`insert into "drizzle"."__drizzle_migrations" ("hash", "created_at") values('%x', 1000)`, sum); got != want {
		t.Errorf("record is %s, want %s", got, want)
	}
	for _, test := range []struct {
		applied []string
		want    []string
	}{
		{nil, []string{"0000_users", "0001_posts"}},
		{[]string{""}, []string{"0000_users", "0001_posts"}},
		{[]string{"999"}, []string{"0000_users", "0001_posts"}},
		{[]string{"1000"}, []string{"0001_posts"}},
		{[]string{"3000"}, nil},
	} {
		pending, err := s.Runner.Pending(test.applied, s.Head)
		if err != nil || !slices.Equal(names(pending), test.want) {
			t.Errorf("after %q: %v, %v, want %v", test.applied, names(pending), err, test.want)
		}
	}
	if _, err := s.Runner.Pending([]string{"x"}, s.Head); err == nil {
		t.Error("a created_at that is no number was accepted")
	}
	found.Schema, found.Table = `a"b`, "done"
	folder, err = Load(head, found)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(Review(nil, folder, ReviewOptions{}).Runner.Setup()); !strings.HasPrefix(got, "CREATE SCHEMA IF NOT EXISTS \"a\"\"b\";\nCREATE TABLE IF NOT EXISTS \"a\"\"b\".\"done\" (") {
		t.Errorf("setup is %s", got)
	}
}

func TestSplitBreakpoints(t *testing.T) {
	tests := map[string][]string{
		"":                                       {""},
		"a;--> statement-breakpoint\nb;":         {"a;", "\nb;"},
		"a;\n--> statement-breakpoint":           {"a;\n", ""},
		"-->statement-breakpoint":                {"-->statement-breakpoint"},
		"--> Statement-Breakpoint":               {"--> Statement-Breakpoint"},
		"x--> statement-breakpoints":             {"x", "s"},
		"$$ --> statement-breakpoint $$":         {"$$ ", " $$"},
		"---> statement-breakpoint":              {"-", ""},
		"--> statement---> statement-breakpoint": {"--> statement-", ""},
	}
	for text, want := range tests {
		var got []string
		for _, c := range splitBreakpoints(text) {
			got = append(got, text[c.Start:c.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzSplitBreakpoints(f *testing.F) {
	f.Add("a;--> statement-breakpoint\nb;--> statement-breakpoint")
	f.Fuzz(func(t *testing.T, text string) {
		var got []string
		for _, c := range splitBreakpoints(text) {
			got = append(got, text[c.Start:c.End])
		}
		if want := strings.Split(text, breakpoint); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func FuzzJournal(f *testing.F) {
	files, err := filepath.Glob(drizzleData + "/broken/*/meta/_journal.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	for _, text := range []string{"", "{", "[]", "null", `{"entries": {}}`, `{"entries": [1, null, {"tag": 3}]}`, `{"entries": [`, `{"entries": []} x`, "\ufeff{}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		j := readJournal(text)
		spans := []lint.Span{j.at}
		for _, e := range j.entries {
			spans = append(spans, e.Span)
			if j.broken == "" && e.wrong == "" && (e.tag == "" || text[e.Start] != '{' || text[e.End-1] != '}') {
				t.Errorf("entry %+v is %q", e, text[e.Start:e.End])
			}
		}
		for _, s := range spans {
			if s.Start < 0 || s.End < s.Start || s.End > len(text) {
				t.Errorf("span %v is outside of %d bytes", s, len(text))
			}
		}
	})
}

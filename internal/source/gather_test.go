package source

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A journal that ends before its files is one thing that is wrong, not one for each file.
func TestJournalThatEndsBeforeItsFiles(t *testing.T) {
	for _, files := range []int{1, 3, 4, 40} {
		fsys := fstest.MapFS{"db/meta/_journal.json": {Data: []byte(`{"version":"7","dialect":"postgresql","entries":[]}`)}}
		for i := range files {
			fsys[fmt.Sprintf("db/%04d_x.sql", i)] = &fstest.MapFile{Data: []byte("SELECT 1;")}
		}
		found, err := At(fsys, "db", "drizzle")
		if err != nil {
			t.Fatal(err)
		}
		f, err := Load(fsys, found)
		if err != nil {
			t.Fatal(err)
		}
		findings := Review(nil, f, ReviewOptions{Now: time.Time{}}).Findings
		want := files
		if files > fewFiles {
			want = 1
		}
		if len(findings) != want {
			t.Fatalf("%d findings on %d files, want %d: %v", len(findings), files, want, findings)
		}
		told := fmt.Sprintf("each of %d files, from 0000_x.sql to %04d_x.sql, is not in meta/_journal.json", files, files-1)
		if got := strings.Contains(findings[0].Message, told); got != (files > fewFiles) {
			t.Errorf("%d files: %s", files, findings[0].Message)
		}
	}
}

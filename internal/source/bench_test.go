package source

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkReview finds and reads 1,000 migrations on two branches.
func BenchmarkReview(b *testing.B) {
	entries := make([]entry, 1000)
	for i := range entries {
		entries[i] = entry{fmt.Sprintf("%04d_step", i), int64(i+1) * 1000, fmt.Sprintf("CREATE TABLE t%d (id int);--> statement-breakpoint\nCREATE INDEX ON t%d (id);", i, i)}
	}
	dir := b.TempDir()
	for name, file := range drizzleTree(entries...) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, file.Data, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		found, err := Detect(os.DirFS(dir))
		if err != nil || len(found) != 1 {
			b.Fatal(err, found)
		}
		head, err := Load(os.DirFS(dir), found[0])
		if err != nil {
			b.Fatal(err)
		}
		base, err := head.Until("0990_step")
		if err != nil {
			b.Fatal(err)
		}
		if s := Review(base, head, ReviewOptions{Now: time.Now()}); len(s.Findings) != 0 {
			b.Fatal(brief(s))
		}
	}
}

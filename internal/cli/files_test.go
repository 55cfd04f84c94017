package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/files"
	"github.com/migvet/migvet/internal/report"
)

// The first signal ends a run, whatever it is doing: what reads and lints looks
// at no context.
func TestInterruptEndsARunThatDoesNotLook(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	busy := func(context.Context, Env, reviewFlags, *trialFlags) (*report.Report, error) {
		<-never
		return nil, nil
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("terminated"))
	began := time.Now()
	_, err := inTime(busy)(ctx, Env{Grace: 10 * time.Millisecond}, reviewFlags{}, nil)
	var exit *exitError
	if !errors.As(err, &exit) || exit.code != exitUnchecked || !strings.Contains(err.Error(), "terminated") || time.Since(began) > 5*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}

// A review that ends by itself is waited for: it stops its server.
func TestInterruptWaitsForTheEnd(t *testing.T) {
	want := &report.Report{Result: report.NotChecked}
	tidies := func(ctx context.Context, _ Env, _ reviewFlags, _ *trialFlags) (*report.Report, error) {
		<-ctx.Done()
		time.Sleep(50 * time.Millisecond)
		return want, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := inTime(tidies)(ctx, Env{Grace: time.Minute}, reviewFlags{}, nil); r != want || err != nil {
		t.Errorf("%v, %v", r, err)
	}
}

func TestRepairsReplaceFilesOnly(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.sql")
	if err := os.WriteFile(file, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.sql", filepath.Join(dir, "link.sql")); err != nil {
		t.Fatal(err)
	}
	tree, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	if err := (repair{path: "link.sql", new: "new"}).write(tree); err == nil || !strings.Contains(err.Error(), "link.sql is a symbolic link; repair the file it leads to") {
		t.Errorf("got %v", err)
	}
	if data, err := os.ReadFile(file); string(data) != "old" {
		t.Errorf("%q, %v", data, err)
	}
	if err := (repair{path: "a.sql", new: "new"}).write(tree); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(file)
	if data, _ := os.ReadFile(file); err != nil || string(data) != "new" || info.Mode().Perm() != 0o640 {
		t.Errorf("%q, %v, %v", data, info.Mode(), err)
	}
}

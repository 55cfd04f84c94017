//go:build unix

package files_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/migvet/migvet/internal/files"
)

func openRoot(t *testing.T, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func TestOpenRegular(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	pipe(t, filepath.Join(dir, "pipe"))
	link(t, "file", filepath.Join(dir, "link"))
	link(t, "/dev/zero", filepath.Join(dir, "zero"))
	for name, text := range map[string]string{"file": "1234", "large": "12345"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"file": "", "none": "no such file", "pipe": "a named pipe", "link": "a symbolic link", "zero": "a symbolic link", ".": "a directory", "large": "is larger than",
	} {
		atOnce(t, name, func() {
			file, err := files.OpenRegular(root, name, 4)
			if err == nil {
				file.Close()
			}
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		})
	}
}

// What is written behind the end that the file had when it was opened is not read.
func TestRegularFileThatGrows(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "file")
	if err := os.WriteFile(name, []byte("1234"), 0o644); err != nil {
		t.Fatal(err)
	}
	file, err := files.OpenRegular(openRoot(t, dir), "file", 4)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := os.WriteFile(name, []byte("123456789"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(file); err != nil || string(got) != "1234" || file.Size != 4 {
		t.Errorf("%q of %d bytes, %v", got, file.Size, err)
	}
}

// A pipe that takes the file's place again and again is never waited for.
func TestPipeInPlaceOfRegularFile(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	file := filepath.Join(dir, "file")
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			default:
			}
			swap(t, dir, file)
		}
	}()
	defer func() { close(stop); <-stopped }()
	atOnce(t, "opening", func() {
		for range 3000 {
			if f, err := files.OpenRegular(root, "file", 4); err == nil {
				f.Close()
			}
		}
	})
}

// swap puts a file there, and then a pipe.
func swap(t *testing.T, dir, file string) {
	next := filepath.Join(dir, "next")
	if err := os.WriteFile(next, nil, 0o644); err != nil {
		t.Error(err)
	}
	if err := os.Rename(next, file); err != nil {
		t.Error(err)
	}
	if err := syscall.Mkfifo(next, 0o644); err != nil {
		t.Error(err)
	}
	if err := os.Rename(next, file); err != nil {
		t.Error(err)
	}
}

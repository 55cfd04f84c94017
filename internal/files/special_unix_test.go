//go:build unix

package files_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/migvet/migvet/internal/files"
)

// atOnce fails the test when something waits.
func atOnce(t *testing.T, what string, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		f()
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatalf("%s waits", what)
	}
}

func pipe(t *testing.T, name string) {
	t.Helper()
	if err := syscall.Mkfifo(name, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A pipe that nobody writes into and a device without an end are errors, in the
// repository and elsewhere, and through links.
func TestPipesAndDevicesAreNotRead(t *testing.T) {
	repository, outside := places(t)
	pipe(t, filepath.Join(repository, "pipe"))
	pipe(t, filepath.Join(outside, "pipe"))
	link(t, "pipe", filepath.Join(repository, "link"))
	link(t, "/dev/zero", filepath.Join(outside, "zero"))
	named := files.Named{Dirs: []string{repository}}
	for file, want := range map[string]string{
		filepath.Join(repository, "pipe"): "pipe is not a regular file but a named pipe; name a file",
		filepath.Join(repository, "link"): "link is not a regular file but a named pipe",
		filepath.Join(outside, "pipe"):    filepath.Join(outside, "pipe") + " is not a regular file but a named pipe",
		filepath.Join(outside, "zero"):    "zero is not a regular file but a device",
		"/dev/zero":                       "/dev/zero is not a regular file but a device",
	} {
		atOnce(t, file, func() {
			if data, err := named.Read(file, limit); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %d bytes, %v; want %s", file, len(data), err, want)
			}
		})
	}
}

// Whoever reads the tree in other ways does not wait either.
func TestTreeHasNoPipes(t *testing.T) {
	repository, _ := places(t)
	pipe(t, filepath.Join(repository, "pipe"))
	tree, err := files.OpenTree(repository)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	atOnce(t, "Open", func() {
		if _, err := tree.Open("pipe"); err == nil || !strings.Contains(err.Error(), "named pipe") {
			t.Errorf("got %v", err)
		}
	})
}

// What the shell hands over is written into and stays what it is.
func TestWriteIntoPipes(t *testing.T) {
	repository, outside := places(t)
	named := files.Named{Dirs: []string{repository}}
	name := filepath.Join(outside, "pipe")
	pipe(t, name)
	atOnce(t, "a pipe without a reader", func() {
		if err := named.Write(name, text("x")); err == nil || !strings.Contains(err.Error(), "pipe that nobody reads; start its reader first") {
			t.Errorf("got %v", err)
		}
	})
	atOnce(t, "a pipe with a reader", func() {
		reader, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
		if err != nil {
			t.Error(err)
			return
		}
		defer reader.Close()
		if err := named.Write(name, text("report")); err != nil {
			t.Error(err)
		}
		if data, err := io.ReadAll(reader); string(data) != "report" {
			t.Errorf("%q, %v", data, err)
		}
	})
	if info, err := os.Lstat(name); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("the pipe is %v, %v", info.Mode(), err)
	}
}

// As root, replacing /dev/null or /dev/stdout would break the machine.
func TestWriteIntoDevicesAndDescriptors(t *testing.T) {
	_, outside := places(t)
	null := filepath.Join(outside, "null")
	link(t, os.DevNull, null)
	if err := (files.Named{}).Write(null, text("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Lstat(null); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link to the device is %v, %v", info.Mode(), err)
	}
	file, err := os.OpenFile(filepath.Join(outside, "secret"), os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := (files.Named{}).Write(fmt.Sprintf("/dev/fd/%d", file.Fd()), text(" and more")); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(file.Name()); string(data) != "outside and more" {
		t.Errorf("%q, %v", data, err)
	}
}

// In the repository a pipe is replaced: what a branch brings is not obeyed.
func TestWriteReplacesPipesOfTheRepository(t *testing.T) {
	repository, _ := places(t)
	name := filepath.Join(repository, "pipe")
	pipe(t, name)
	atOnce(t, "Write", func() {
		if err := (files.Named{Dirs: []string{repository}}).Write(name, text("report")); err != nil {
			t.Error(err)
		}
	})
	if data, err := os.ReadFile(name); string(data) != "report" {
		t.Errorf("%q, %v", data, err)
	}
}

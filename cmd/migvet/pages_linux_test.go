//go:build linux && (amd64 || arm64)

package main

import (
	"errors"
	"os"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"
)

// The kernel knows of a part of the heap that large pages are wanted there, unless it
// has none.
func TestPreferLargePages(t *testing.T) {
	if isScarce() {
		t.Log("memory is scarce here")
		return
	}
	err := preferLargePages()
	if errors.Is(err, unix.EINVAL) {
		t.Log("this kernel has no large pages:", err)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^VmFlags:.* hg\b`).Match(maps) {
		t.Error("no mapping of the process wants large pages")
	}
}

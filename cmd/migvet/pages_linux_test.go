//go:build linux && (amd64 || arm64)

package main

import (
	"errors"
	"os"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/migvet/migvet/internal/skip"
)

// The kernel knows of a part of the heap that large pages are wanted there.
func TestPreferLargePages(t *testing.T) {
	if isScarce() {
		skip.Here(t, "memory is scarce: a limit (ulimit -v, -d), less than 2 GiB, or strict overcommitment")
	}
	err := preferLargePages()
	if errors.Is(err, unix.EINVAL) {
		skip.Here(t, "the kernel has no large pages")
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

// Where memory may be refused that nobody uses, none is asked for.
func TestMemoryIsScarceUnderALimit(t *testing.T) {
	for _, resource := range []int{unix.RLIMIT_AS, unix.RLIMIT_DATA} {
		var before unix.Rlimit
		if err := unix.Getrlimit(resource, &before); err != nil {
			t.Fatal(err)
		}
		limited := unix.Rlimit{Cur: min(before.Max, 1<<40), Max: before.Max}
		if err := unix.Setrlimit(resource, &limited); err != nil {
			t.Fatal(err)
		}
		if !isScarce() {
			t.Errorf("with a limit of resource %d memory is not scarce", resource)
		}
		if err := unix.Setrlimit(resource, &before); err != nil {
			t.Fatal(err)
		}
	}
}

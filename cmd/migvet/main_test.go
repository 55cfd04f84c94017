package main

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestMemoryLimit(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	for _, test := range []struct {
		environment string
		want        int64
	}{
		{"", memoryLimit},
		{"5GiB", 3 << 30}, // the runtime has read it itself
		{"off", 3 << 30},
	} {
		debug.SetMemoryLimit(3 << 30)
		limitMemory(test.environment)
		if got := debug.SetMemoryLimit(-1); got != test.want || got == math.MaxInt64 {
			t.Errorf("with GOMEMLIMIT=%q the limit is %d, want %d", test.environment, got, test.want)
		}
	}
}

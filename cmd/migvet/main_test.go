package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
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
		limitMemory(func(name string) string {
			return map[string]string{"GOMEMLIMIT": test.environment, "GOGC": "100"}[name]
		})
		if got := debug.SetMemoryLimit(-1); got != test.want || got == math.MaxInt64 {
			t.Errorf("with GOMEMLIMIT=%q the limit is %d, want %d", test.environment, got, test.want)
		}
	}
}

func TestGarbageIsCollectedUsuallyOnceMuchIsAlive(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(usualPercent))
	limitMemory(func(name string) string { return map[string]string{"GOMEMLIMIT": "off"}[name] })
	if got := debug.SetGCPercent(smallPercent); got != smallPercent {
		t.Fatalf("at first the percentage is %d, want %d", got, smallPercent)
	}
	alive := make([]byte, 2*smallHeap)
	for range 100 {
		runtime.GC()
		got := debug.SetGCPercent(usualPercent)
		if got == usualPercent {
			break
		}
		debug.SetGCPercent(got)
		time.Sleep(10 * time.Millisecond)
	}
	if got := debug.SetGCPercent(usualPercent); got != usualPercent {
		t.Errorf("with %d bytes alive the percentage is %d, want %d", len(alive), got, usualPercent)
	}
	runtime.KeepAlive(alive)
}

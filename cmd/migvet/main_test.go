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
	prepare := limitMemory(func(name string) string { return map[string]string{"GOMEMLIMIT": "off"}[name] })
	const first = 1500
	if got := debug.SetGCPercent(first); got != first {
		t.Fatalf("at first the percentage is %d, want %d", got, first)
	}
	prepare()
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

// Garbage is collected first when the heap has some 64 MiB, however little of it is
// alive, and at last when it has three times what is alive.
func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 1500, 4 << 20: 1500, 16 << 20: 300, 32 << 20: 200, 500 << 20: 200} {
		if got := garbagePercent(live); got != want {
			t.Errorf("of %d MiB alive %d%%, want %d%%", live>>20, got, want)
		}
	}
}

package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// memoryLimit is what the Go runtime tries to keep below, in bytes: it collects
// garbage the more often the nearer it comes. What is read of migrations and
// parsed of a file is bounded so that it fits.
const memoryLimit = 2 << 30

// While little is alive, garbage is collected rarely: it takes a seventh of the
// time of a short run, and the memory is there. Sizes are bytes.
const (
	smallHeap    = 16 << 20
	smallPercent = 300 // of what is alive may be garbage
	usualPercent = 100
)

// limitMemory sets what the environment does not: the runtime has taken that.
func limitMemory(environment func(string) string) {
	if environment("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if environment("GOGC") == "" {
		debug.SetGCPercent(smallPercent)
		afterCollection(func() (again bool) {
			if liveHeap() < smallHeap {
				return true
			}
			debug.SetGCPercent(usualPercent)
			return false
		})
	}
}

// afterCollection calls look after each collection of garbage, as long as it
// wants to be called again.
func afterCollection(look func() (again bool)) {
	marker := new([16]byte) // garbage at once
	runtime.AddCleanup(marker, func(look func() bool) {
		if look() {
			afterCollection(look)
		}
	}, look)
}

// liveHeap is what the last collection found alive, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

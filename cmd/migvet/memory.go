package main

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// memoryLimit is what the Go runtime tries to keep below, in bytes: it collects
// garbage the more often the nearer it comes. What is read of migrations and
// parsed of a file is bounded so that it fits.
const memoryLimit = 2 << 30

// smallHeap is the size in bytes below which no garbage is collected: the memory is
// there, and a short run ends before it is full. Above it, usualPercent of what is
// alive may be garbage.
const (
	smallHeap    = 64 << 20
	usualPercent = 200
)

// limitMemory sets what the environment does not: the runtime has taken that. It
// returns what prepares for a review, which needs more than migvet version does.
func limitMemory(environment func(string) string) (prepare func()) {
	if environment("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if environment("GOGC") != "" {
		return func() {}
	}
	debug.SetGCPercent(garbagePercent(leastLive))
	return sync.OnceFunc(func() {
		go func() {
			_ = preferLargePages() // or they are small
			afterCollection(adjust)
		}()
	})
}

// adjust sets how much garbage there may be by what the last collection found alive.
func adjust() (again bool) {
	percent := garbagePercent(liveHeap())
	debug.SetGCPercent(percent)
	return percent > usualPercent
}

// leastLive is what the runtime takes for alive, in bytes, where less is: at 100 percent
// it first collects at 4 MiB.
const leastLive = 4 << 20

// garbagePercent is how much garbage there may be, in percent of what is alive.
func garbagePercent(live uint64) int {
	live = max(live, leastLive)
	if live >= smallHeap*100/(100+usualPercent) {
		return usualPercent
	}
	return int(100 * (smallHeap - live) / live)
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

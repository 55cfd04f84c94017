package lint

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/migvet/migvet/internal/rescue"
)

// textAhead is how much text is cut up before its trees are made, in bytes: the
// places of tiny statements take more memory than these.
const textAhead = 8 << 20

// ParseAhead parses migrations on all processors, with the same outcome as if
// each was asked for its statements in this order. Nobody else may parse at the
// time, and what the process writes to file descriptor 2 until it returns may
// be lost: PostgreSQL's parser has its own use for it.
func ParseAhead(migrations []*Migration) {
	migrations = slices.DeleteFunc(slices.Clone(migrations), func(m *Migration) bool { return m.done.Load() })
	workers := runtime.GOMAXPROCS(0)
	restore, err := keepStderr()
	if err != nil {
		return // each is parsed when it is asked for
	}
	defer restore()
	for len(migrations) > 0 {
		n := 0
		for size := 0; n < len(migrations) && size < textAhead; n++ {
			size += len(migrations[n].Source)
		}
		parseTogether(migrations[:n], workers)
		migrations = migrations[n:]
	}
}

func parseTogether(migrations []*Migration, workers int) {
	inParallel(len(migrations), workers, func(i int) { migrations[i].cutUp() })
	var statements []*Statement
	for _, m := range migrations {
		m.admit()
		statements = append(statements, m.statements...)
	}
	inParallel(len(statements), workers, func(i int) {
		statements[i].parse()
		statements[i].Facts()
	})
	for _, m := range migrations {
		m.done.Store(true)
	}
}

// inParallel calls do for the numbers below n, some at a time. If one panics, it does
// when the others have ended: nobody can recover from the panic of a goroutine.
func inParallel(n, workers int, do func(i int)) {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	var panicked atomic.Pointer[rescue.Panic]
	for range workers {
		group.Go(func() {
			p := rescue.Do(func() {
				for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
					do(i)
				}
			})
			if p != nil {
				panicked.CompareAndSwap(nil, p)
			}
		})
	}
	group.Wait()
	if p := panicked.Load(); p != nil {
		panic(p)
	}
}

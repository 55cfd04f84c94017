package postgres_test

import (
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// programs are what the test binary can be instead of tests.
var programs = map[string]func([]string) error{victimArg: beVictim, filteredArg: beFiltered, hosterArg: beHoster, intruderArg: beIntruder}

// childElsewhere is [postgres.Child] on another thread than the first one, which Go
// promises no program: what the kernel keeps by thread must not count on it.
func childElsewhere() (handled bool, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	done := make(chan struct{})
	go func() {
		defer close(done)
		handled, err = postgrestest.Child(os.Args[1:])
	}()
	<-done
	return handled, err
}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && programs[os.Args[1]] != nil {
		if err := programs[os.Args[1]](os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if handled, err := childElsewhere(); handled {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(postgrestest.Main(m))
}

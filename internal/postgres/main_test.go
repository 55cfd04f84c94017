package postgres_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// programs are what the test binary can be instead of tests.
var programs = map[string]func([]string) error{victimArg: beVictim, filteredArg: beFiltered, hosterArg: beHoster, intruderArg: beIntruder}

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && programs[os.Args[1]] != nil {
		if err := programs[os.Args[1]](os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(postgrestest.Main(m))
}

package postgres_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == victimArg {
		if err := beVictim(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(postgrestest.Main(m))
}

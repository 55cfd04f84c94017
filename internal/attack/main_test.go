package attack_test

import (
	"flag"
	"os"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

var update = flag.Bool("update", false, "write what became of the attacks into docs/security.md")

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == migvetArg {
		os.Exit(beMigvet(os.Args[2:]))
	}
	os.Exit(postgrestest.Main(m))
}

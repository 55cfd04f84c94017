package attack_test

import (
	"flag"
	"os"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/skip"
)

var update = flag.Bool("update", false, "write what became of the attacks into docs/security.md")

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == migvetArg {
		os.Exit(beMigvet(os.Args[2:]))
	}
	if skip.ShortPackage("the servers and programs under attack are other processes") {
		return
	}
	os.Exit(postgrestest.Main(m))
}

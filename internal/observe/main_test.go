package observe

import (
	"os"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

package trial

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

// withoutLandlock marks the process in which the kernel has no Landlock.
const withoutLandlock = "MIGVET_TEST_WITHOUT_LANDLOCK"

// Where the kernel has no Landlock, nothing but the privileges of PostgreSQL stands
// between what a superuser runs and the machine: no SQL of a branch may get there.
func TestTrapsWithoutLandlock(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const tests = "^(TestNoLandlockHere|TestTraps|TestSnapshotGainsNothingInATrial|TestJournalGainsNothing|TestRolesArePutBack)$"
	cmd := exec.Command(self, "-test.run", tests, "-test.v")
	cmd.Env = append(os.Environ(), withoutLandlock+"=1")
	postgrestest.WithoutLandlock(t, cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	for name := range strings.SplitSeq(strings.Trim(tests, "^()$"), "|") {
		if !strings.Contains(string(out), "--- PASS: "+name) && !elsewhere(string(out), name) {
			t.Errorf("%s did not run:\n%s", name, out)
		}
	}
}

// elsewhere reports whether a test was skipped for the one reason that
// [postgrestest.Once] gives.
func elsewhere(out, name string) bool {
	_, behind, found := strings.Cut(out, "=== RUN   "+name+"\n")
	said, _, ended := strings.Cut(behind, "--- SKIP: "+name)
	return found && ended && strings.Contains(said, "the job of PostgreSQL") && !strings.Contains(said, "=== RUN")
}

// The process of the test above has what it says.
func TestNoLandlockHere(t *testing.T) {
	sandboxed := postgrestest.Server(t, postgrestest.Versions(t)[0]).Sandboxed()
	if lacks := os.Getenv(withoutLandlock) != ""; lacks && sandboxed {
		t.Error("the server is sandboxed")
	}
}

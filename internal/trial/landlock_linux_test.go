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
		if !strings.Contains(string(out), "--- PASS: "+name) {
			t.Errorf("%s did not run:\n%s", name, out)
		}
	}
}

// The process of the test above has what it says.
func TestNoLandlockHere(t *testing.T) {
	sandboxed := postgrestest.Start(t).Sandboxed()
	if lacks := os.Getenv(withoutLandlock) != ""; lacks && sandboxed {
		t.Error("the server is sandboxed")
	}
}

package skip

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// UnlessRoot has root run a test: where this process is another user's, once more
// in a process of root's, with sudo. It reports whether the test is done with that.
func UnlessRoot(t *testing.T) (done bool) {
	t.Helper()
	if os.Geteuid() == 0 {
		return false
	}
	if runtime.GOOS != "linux" || exec.Command("sudo", "--non-interactive", "true").Run() != nil {
		Here(t, "only root can")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sudo", "--non-interactive", "--set-home", "--preserve-env", self, "-test.run", "^"+t.Name()+"$", "-test.v").CombinedOutput()
	t.Logf("as root:\n%s", out)
	if err != nil {
		t.Error(err)
	}
	return true
}

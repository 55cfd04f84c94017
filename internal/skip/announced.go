package skip

import "testing"

// Announced skips a test that this machine cannot run where .ci/run has found that out
// before, and printed it: there is no Docker daemon. Unlike [Here] it does so in CI, too.
func Announced(t testing.TB, why string) {
	t.Helper()
	t.Skip(why + ", as .ci/run has said")
}

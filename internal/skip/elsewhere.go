package skip

import "testing"

// Elsewhere skips a test that another stage of .ci/run runs, such as "tests 18".
func Elsewhere(t testing.TB, stage string) {
	t.Helper()
	t.Skipf("the stage %q of .ci/run runs it", stage)
}

package skip

import (
	"flag"
	"fmt"
	"testing"
)

// Short skips a test with go test -short, which is how CI looks for data races: a
// second time, after every test has run without the detector. It is for what takes
// long and has no concurrency that others lack.
func Short(t testing.TB, why string) {
	t.Helper()
	if testing.Short() {
		t.Skip("not with -short: " + why)
	}
}

// ShortPackage is [Short] for all tests of a package: TestMain runs none where it says so.
func ShortPackage(why string) bool {
	flag.Parse()
	if testing.Short() {
		fmt.Println("not with -short: " + why)
	}
	return testing.Short()
}

// Shortened returns what a test runs of many: all, and with go test -short some, whose
// number it prints.
func Shortened[T any](t testing.TB, all, some []T) []T {
	t.Helper()
	if !testing.Short() {
		return all
	}
	fmt.Printf("%s: with -short %d of %d\n", t.Name(), len(some), len(all))
	return some
}

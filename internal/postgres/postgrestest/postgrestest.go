// Package postgrestest gives tests a PostgreSQL server. It finds or fetches
// one, and fails the test when there is none: a skipped test proves nothing.
//
// The test binary starts the server by executing itself again, so its package
// needs
//
//	func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }
//
// MIGVET_TEST_POSTGRES names what to test with: major versions or directories
// with server programs, separated by commas. MIGVET_TEST_VERSIONS=all stands
// for all supported major versions, and MIGVET_TEST_VERSIONS=14/all for 14 of them:
// the part of the whole that a job of CI does. Without them tests use the newest
// version that is installed.
package postgrestest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/migvet/migvet/internal/postgres"
)

// Main runs the tests of a package, and stops the servers they used. The
// result is the exit status.
func Main(m *testing.M) int {
	if handled, err := Child(os.Args[1:]); handled {
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	defer sharedServers.stopAll()
	return m.Run()
}

// Child is [postgres.Child] for test binaries, whose re-executions may be more than
// servers. It is for packages that have a TestMain of their own and no use for [Main].
func Child(args []string) (handled bool, err error) {
	if len(args) > 1 && args[0] == lackingArg {
		return true, becomeLacking(feature(args[1]), args[2:])
	}
	return postgres.Child(args)
}

// sharedServers are the servers of this test binary, one a version.
var sharedServers servers

type servers struct {
	mu      sync.Mutex
	started map[string]*started
}

type started struct {
	once   sync.Once
	server *postgres.Server
	err    error
}

// Start gives the server of [One] version. All tests of the binary share it.
func Start(t testing.TB) *postgres.Server {
	t.Helper()
	return Server(t, One(t))
}

// Server gives the server of a version, one of [Versions]. All tests of the
// binary share it.
func Server(t testing.TB, version string) *postgres.Server {
	t.Helper()
	s := sharedServers.get(version)
	s.once.Do(func() { s.server, s.err = startServer(version) })
	if s.err != nil {
		t.Fatalf("PostgreSQL for the test: %v", s.err)
	}
	return s.server
}

func (s *servers) get(version string) *started {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started == nil {
		s.started = map[string]*started{}
	}
	if s.started[version] == nil {
		s.started[version] = &started{}
	}
	return s.started[version]
}

func (s *servers) stopAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for version, one := range s.started {
		if one.server == nil {
			continue
		}
		if err := one.server.Stop(); err != nil {
			fmt.Fprintf(os.Stderr, "stop PostgreSQL %s: %v\n", version, err)
		}
	}
}

func startServer(version string) (*postgres.Server, error) {
	ctx := context.Background()
	i, err := postgres.Find(ctx, Options(version))
	if err != nil {
		return nil, err
	}
	return i.Start(ctx, postgres.StartOptions{})
}

// Options finds a version, one of [Versions].
func Options(version string) postgres.Options {
	o := postgres.Options{Getenv: os.Getenv, Fetch: true}
	if dir, err := os.UserCacheDir(); err == nil {
		o.CacheDir = filepath.Join(dir, "migvet")
	}
	if major, err := strconv.Atoi(version); err == nil {
		o.Version = major
	} else {
		o.BinDir = version
	}
	return o
}

var databaseCount atomic.Int64

// Database makes a fresh database in the server, and drops it after the test.
func Database(t testing.TB, s *postgres.Server) string {
	t.Helper()
	ctx := context.Background()
	name, err := s.CreateDatabase(ctx, fmt.Sprintf("test%d", databaseCount.Add(1)), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.DropDatabase(ctx, name); err != nil {
			t.Error(err)
		}
	})
	return name
}

package attack_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A target is what attacks aim at.
type target struct {
	dir     string
	port    int
	reached chan string
}

func newTarget(t *testing.T) target {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "migvettarget") // short, for the socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	tg := target{dir: dir, reached: make(chan string, 10)}
	tcp := tg.listen(t, "tcp", "127.0.0.1:0")
	tg.port = tcp.Addr().(*net.TCPAddr).Port
	socket := filepath.Join(dir, ".s.PGSQL.5432")
	tg.listen(t, "unix", socket)
	if err := os.Chmod(socket, 0o777); err != nil {
		t.Fatal(err)
	}
	return tg
}

func (tg target) listen(t *testing.T, network, address string) net.Listener {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			conn.Close()
			tg.reached <- network
		}
	}()
	return l
}

// trace is what an attack has left, "" for nothing.
func (tg target) trace(t *testing.T) string {
	t.Helper()
	select {
	case network := <-tg.reached:
		return "it connected with " + network
	case <-time.After(20 * time.Millisecond):
	}
	entries, err := os.ReadDir(tg.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != ".s.PGSQL.5432" {
			return "it made " + e.Name()
		}
	}
	return ""
}

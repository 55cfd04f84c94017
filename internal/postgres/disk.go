package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// maxDisk is what a server may store: databases, temporary files and write-ahead
// log. PostgreSQL limits only temporary files, and the kernel only single files.
const maxDisk = 4 << 30

const diskPoll = 200 * time.Millisecond

// A diskWatch tells when a directory has outgrown its limit.
type diskWatch struct {
	dir   string
	limit uint64 // bytes
	start uint64 // free in the file system when the server started
}

// newDiskWatch leaves a quarter of what is free to others.
func newDiskWatch(dir string, most uint64) diskWatch {
	w := diskWatch{dir: dir, limit: most, start: freeSpace(dir)}
	if w.start > 0 {
		w.limit = min(w.limit, w.start/4*3)
	}
	return w
}

// full measures the directory only when the file system has lost a good part of
// the limit: there can be tens of thousands of files.
func (w diskWatch) full() bool {
	if free := freeSpace(w.dir); free > 0 && w.start > 0 && free+w.limit/2 > w.start {
		return false
	}
	return directorySize(w.dir) > w.limit
}

// directorySize leaves out what disappears while it looks, and does not leave the
// directory, whatever its owner puts there.
func directorySize(dir string) uint64 {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return 0
	}
	defer root.Close()
	var size uint64
	_ = fs.WalkDir(root.FS(), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			size += uint64(info.Size())
		}
		return nil
	})
	return size
}

// watchDisk stops the server when it stores too much.
func (s *Server) watchDisk(ctx context.Context, w diskWatch) {
	tick := time.NewTicker(diskPoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.process.done:
			return
		case <-tick.C:
		}
		if w.full() {
			s.fail(fmt.Errorf("the migrations filled more than %d MiB of disk, so the server was stopped", w.limit>>20))
			_ = s.Stop() // the next Stop gives the error
			return
		}
	}
}

// Failure says why a server of ours ended before it was stopped; nil while it
// runs, and for servers of the user.
func (s *Server) Failure() error {
	if s.External() {
		return nil
	}
	s.failureMu.Lock()
	defer s.failureMu.Unlock()
	if s.failure == nil && !s.stopping && s.process.wait(endNotice) {
		s.failure = s.process.failure("PostgreSQL server " + s.version)
	}
	return s.failure
}

// endNotice is how long after its sessions a server may be seen to end.
const endNotice = 100 * time.Millisecond

func (s *Server) fail(why error) {
	s.failureMu.Lock()
	defer s.failureMu.Unlock()
	s.failure = errors.Join(s.failure, why)
}

package postgres

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// StartOptions says how to start a server.
type StartOptions struct {
	// RequireSandbox fails where the server cannot be confined, instead of
	// starting it unconfined.
	RequireSandbox bool
	// Unconfined does not even try. SQL that runs as [Superuser] can then do
	// what this process can.
	Unconfined bool
	// MaxDisk is how much the server may store, in bytes, before it is stopped;
	// 0 for 4 GiB. It is never more than three quarters of what is free.
	MaxDisk uint64
}

func (o StartOptions) maxDisk() uint64 {
	if o.MaxDisk == 0 {
		return maxDisk
	}
	return o.MaxDisk
}

// Start starts a throw-away server on an empty data directory of its own. It
// listens on a Unix socket only. It ends with [Server.Stop], when ctx is
// cancelled, and when this process dies, however it dies.
func (i *Installation) Start(ctx context.Context, o StartOptions) (*Server, error) {
	a, err := serverAccount()
	if err != nil {
		return nil, err
	}
	return i.startAs(ctx, o, a.alone())
}

func (i *Installation) startAs(ctx context.Context, o StartOptions, a account) (*Server, error) {
	files, err := makeFiles(i.options.dataRoot(), a)
	if err != nil {
		return nil, err
	}
	s, err := i.start(ctx, o, a, files)
	if err != nil {
		return nil, errors.Join(err, files.remove())
	}
	return s, nil
}

func (i *Installation) start(ctx context.Context, o StartOptions, a account, f *serverFiles) (*Server, error) {
	if err := i.prepareData(ctx, f, a); err != nil {
		return nil, fmt.Errorf("prepare PostgreSQL %s: %w", i.Version, err)
	}
	spec := childSpec{
		Account: a.identity(),
		as:      a,
		Path:    executablePath(i.BinDir, "postgres"),
		Args:    serverArgs(i.Major, f.data, f.socket),
		Env:     []string{"PATH=/nonexistent", "LC_ALL=C", "TZ=UTC"},
	}
	if !o.Unconfined {
		c, err := i.confinement(f.data, f.socket)
		if err != nil {
			return nil, err
		}
		spec.Confine = c
	}
	p, status, err := launchChild(spec, nil)
	if err != nil {
		return nil, err
	}
	s := &Server{version: i.Version, major: i.Major, superuser: true, process: p, files: f, sandbox: sandbox(status)}
	if err := s.becomeReady(ctx, o); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	go s.stopWith(ctx)
	go s.watchDisk(ctx, newDiskWatch(f.data, o.maxDisk()))
	return s, nil
}

func (s *Server) becomeReady(ctx context.Context, o StartOptions) error {
	if o.RequireSandbox && !s.Sandboxed() {
		return fmt.Errorf("PostgreSQL cannot be confined here: %s", s.SandboxNote())
	}
	config, err := socketConfig(s.files.socket)
	if err != nil {
		return err
	}
	s.config = config
	return s.awaitReady(ctx)
}

const (
	readyPoll    = time.Millisecond
	readyTimeout = 60 * time.Second
)

// awaitReady connects until the server answers.
func (s *Server) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		conn, err := pgx.ConnectConfig(ctx, s.Pinned(Superuser, maintenanceDatabase))
		if err == nil {
			return conn.Close(ctx)
		}
		if s.process.ended() {
			return s.process.failure("PostgreSQL server " + s.version)
		}
		select {
		case <-s.process.done: // the next round reports it
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL server %s does not accept connections: %w\n%s", s.version, err, s.process.output)
		case <-time.After(readyPoll):
		}
	}
}

// serverFiles are the directories of one server. The account owns the socket's
// directory from the start, and the data directory once it is filled.
type serverFiles struct {
	runs         []*runDir
	data, socket string
}

// maxSocketPath is what struct sockaddr_un holds on every system, without its
// final NUL: 104 bytes on macOS, 108 on Linux.
const maxSocketPath = 103

func makeFiles(root string, a account) (*serverFiles, error) {
	if err := errors.Join(a.reaches(root), onlyRoots(root)); err != nil {
		return nil, fmt.Errorf("directory for PostgreSQL: %w", err)
	}
	run, err := sweepAndMake(root)
	if err != nil {
		return nil, fmt.Errorf("directory for PostgreSQL: %w", err)
	}
	f := &serverFiles{runs: []*runDir{run}}
	socketRun := run
	if len(filepath.Join(run.Path, "s", ".s.PGSQL.5432")) > maxSocketPath {
		if socketRun, err = sweepAndMake("/tmp"); err != nil {
			return nil, errors.Join(fmt.Errorf("directory for the socket of PostgreSQL: %w", err), f.remove())
		}
		f.runs = append(f.runs, socketRun)
	}
	f.data, err = run.mkdir("data", ownAccount())
	if err == nil {
		f.socket, err = socketRun.mkdir("s", a)
	}
	if err != nil {
		return nil, errors.Join(err, f.remove())
	}
	return f, nil
}

func (f *serverFiles) remove() error {
	var errs []error
	for _, r := range f.runs {
		errs = append(errs, r.Remove())
	}
	return errors.Join(errs...)
}

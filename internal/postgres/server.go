package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
)

// A Role says as whom to connect to a server.
type Role int

const (
	// Superuser is the private superuser of the server. Never run SQL of
	// strangers as superuser outside of a sandbox.
	Superuser Role = iota
	// Owner owns the databases and runs migrations. It may create databases
	// and roles, and is named [OwnerName].
	Owner
	// Filler is a member of Owner whose sessions fire no triggers and check
	// no foreign keys (session_replication_role = replica).
	Filler
	// Prober has no rights but to become the roles that it is made a member of.
	Prober
	// SuperFiller is Filler as the private superuser: where migrations run as one,
	// tables may belong to anybody.
	SuperFiller
)

func (r Role) name() string {
	switch r {
	case Owner:
		return OwnerName
	case Filler:
		return FillerName
	case Prober:
		return ProberName
	default:
		return SuperuserName
	}
}

// String is the role in a message.
func (r Role) String() string {
	switch r {
	case Owner:
		return "the owner of the database"
	case Filler, SuperFiller:
		return "the role that fills tables"
	case Prober:
		return "the role that probes"
	default:
		return "superuser"
	}
}

// maintenanceDatabase is where migvet's own administration connects, and nobody else.
const maintenanceDatabase = "postgres"

// A Server is a running PostgreSQL server: one that we started, or one that
// the user pointed us to.
type Server struct {
	version   string
	major     int
	superuser bool
	config    *pgx.ConnConfig
	sandbox   sandbox
	image     string       // of the container it runs in; "" for none
	process   *process     // nil for a server of the user
	files     *serverFiles // nil for a server of the user

	admin   admin
	created map[string]bool // databases; for who has the admin session

	failureMu sync.Mutex
	failure   error // why it ended before its time
	stopping  bool

	stopOnce sync.Once
	stopErr  error
}

// Version is the full version, "16.14".
func (s *Server) Version() string { return s.version }

// Major is the major version, 16.
func (s *Server) Major() int { return s.major }

// Superuser reports whether [Server.Config] with the role Superuser gives a
// superuser. A server of the user may not have one for us.
func (s *Server) Superuser() bool { return s.superuser }

// External reports whether this is a server of the user.
func (s *Server) External() bool { return s.process == nil }

// Stop ends the server and removes its files. Of a server of the user it only
// drops the databases that [Server.CreateDatabase] made. It may be called more
// than once and from several goroutines; all get the result of the first call.
func (s *Server) Stop() error {
	s.stopOnce.Do(func() {
		s.failureMu.Lock()
		s.stopping = true
		s.failureMu.Unlock()
		s.stopErr = s.stop()
	})
	return s.stopErr
}

// stopWith stops the server when ctx ends before it does.
func (s *Server) stopWith(ctx context.Context) {
	select {
	case <-ctx.Done():
		_ = s.Stop() // the next Stop gives the error
	case <-s.process.done:
	}
}

func (s *Server) stop() error {
	if s.External() {
		return s.dropCreated()
	}
	if err := s.process.stop(); err != nil {
		return err // its files are still in use; a later start removes them
	}
	s.admin.mu.Lock() // whoever has it ends now
	defer s.admin.mu.Unlock()
	s.closeAdmin(context.Background())
	return s.files.remove()
}

// socketConfig connects to the socket in dir, whatever PG… variables the
// environment has.
func socketConfig(dir string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig("sslmode=disable dbname=" + maintenanceDatabase + " user=" + SuperuserName)
	if err != nil {
		return nil, fmt.Errorf("the PG… variables of the environment are in the way; unset them: %w", err)
	}
	c.Host, c.Port = dir, 5432
	c.Password = ""
	c.TLSConfig, c.Fallbacks, c.ValidateConnect = nil, nil, nil
	// No name of an application: SQL must not be able to ask whether it runs here.
	c.RuntimeParams = map[string]string{}
	c.DialFunc = hangingUp(c.DialFunc)
	return c, nil
}

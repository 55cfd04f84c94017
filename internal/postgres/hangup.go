package postgres

import (
	"context"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// longestHangUp is how long to wait for the process of a session that ends. One
// that still runs a statement does not see that its client has gone.
const longestHangUp = 100 * time.Millisecond

// A session is a connection whose Close returns when the process behind it has ended.
//
// pgx sends Terminate and closes the socket, while the process is in the server's list
// for another millisecond. CREATE DATABASE … TEMPLATE and DROP DATABASE that find it
// there sleep for 100 ms before they look again, and a trial has a dozen of them.
// https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/storage/ipc/procarray.c (CountOtherDBBackends)
//
// The socket closes when the process exits, which is after it has left the list.
type session struct {
	net.Conn
	patience time.Duration
}

func (s session) Close() error {
	if half, ok := s.Conn.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_ = s.SetReadDeadline(time.Now().Add(s.patience))
		_, _ = io.Copy(io.Discard, s.Conn) // whatever comes, nobody reads it any more
	}
	return s.Conn.Close()
}

func hangingUp(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return session{c, longestHangUp}, nil
	}
}

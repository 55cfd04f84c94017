package postgres

import (
	"context"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// Patient is a dial of [Server.Config] whose sessions wait for their processes as long as
// it takes: how soon a busy machine ends one is no matter of ours.
func Patient(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := dial(ctx, network, address)
		if s, ok := c.(session); ok {
			s.patience = time.Minute
			c = s
		}
		return c, err
	}
}

// HangUp closes a connection as sessions do.
func HangUp(c net.Conn, patience time.Duration) error { return session{c, patience}.Close() }

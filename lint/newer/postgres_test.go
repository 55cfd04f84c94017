package newer_test

import (
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Main(m)) }

// TestSince asks servers whether their grammar takes each statement: none does that is
// older than what it holds, and all do that are not. That there are no such tables is no
// matter of grammar.
func TestSince(t *testing.T) {
	for _, version := range postgrestest.Versions(t) {
		t.Run("postgres "+version, func(t *testing.T) {
			server := postgrestest.Server(t, version)
			conn, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Superuser, postgrestest.Database(t, server)))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			for _, tt := range statements {
				since := 0
				for _, k := range tt.kinds {
					since = max(since, k.Since())
				}
				_, err := conn.Exec(t.Context(), tt.text, pgx.QueryExecModeSimpleProtocol)
				var refusal *pgconn.PgError
				refused := errors.As(err, &refusal) && refusal.Code == "42601"
				if refused != (server.Major() < since) {
					t.Errorf("%s: since %d, refused by %d: %v", tt.text, since, server.Major(), err)
				}
			}
		})
	}
}

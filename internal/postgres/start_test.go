package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
)

func TestStart(t *testing.T) {
	for _, v := range postgrestest.Versions(t) {
		t.Run(v, func(t *testing.T) {
			ctx := context.Background()
			i, err := postgres.Find(ctx, postgrestest.Options(v))
			if err != nil {
				t.Fatal(err)
			}
			for range 5 {
				begin := time.Now()
				s, err := i.Start(ctx, postgres.StartOptions{})
				if err != nil {
					t.Fatal(err)
				}
				t.Log("start", time.Since(begin), s.SandboxNote())
				begin = time.Now()
				name, err := s.CreateDatabase(ctx, "app", "")
				if err != nil {
					t.Fatal(err)
				}
				t.Log("create", time.Since(begin))
				for _, r := range []postgres.Role{postgres.Superuser, postgres.Owner, postgres.Filler} {
					conn, err := pgx.ConnectConfig(ctx, s.Config(r, name))
					if err != nil {
						t.Fatal(err)
					}
					var user, role string
					if err := conn.QueryRow(ctx, "select session_user, current_setting('session_replication_role')").Scan(&user, &role); err != nil {
						t.Fatal(err)
					}
					t.Log(user, role)
					conn.Close(ctx)
				}
				begin = time.Now()
				if err := s.Stop(); err != nil {
					t.Fatal(err)
				}
				t.Log("stop", time.Since(begin))
			}
		})
	}
}

package rules_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/mutate"
	"github.com/migvet/migvet/internal/postgres"
	"github.com/migvet/migvet/internal/postgres/postgrestest"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// TestMutantsRunAlike runs the cases and their mutants on a server and compares
// how each statement ends: a mutant that fails where its case succeeds names
// something that is not there, and proves nothing about the rules.
func TestMutantsRunAlike(t *testing.T) {
	server := postgrestest.Start(t)
	conn, err := pgx.ConnectConfig(t.Context(), server.Config(postgres.Superuser, postgrestest.Database(t, server)))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, m := range mutate.All() {
		for _, c := range loadCases(t) {
			if c.major > server.Major() || c.except[m.Name] != "" {
				continue
			}
			t.Run(m.Name+"/"+c.rule+"/"+c.name, func(t *testing.T) {
				mutant, _ := c.mutated(t, m)
				want, got := c.outcomes(t, conn), mutant.outcomes(t, conn)
				if !slices.Equal(want, got) {
					t.Errorf("ends otherwise:\n got %q\nwant %q\n%s", got, want, mutant.text())
				}
			})
		}
	}
}

// outcomes are the SQLSTATEs of the new statements, "" for success, behind those
// with which the base fails, in one transaction that is rolled back.
func (c ruleCase) outcomes(t *testing.T, conn *pgx.Conn) (states []string) {
	t.Helper()
	must(t, conn, "BEGIN; SET LOCAL statement_timeout = '5s'")
	defer must(t, conn, "DISCARD ALL")
	defer must(t, conn, "ROLLBACK")
	if c.searchPath != nil {
		must(t, conn, "SET search_path = "+string(quote.Names(c.searchPath)))
	}
	states = slices.DeleteFunc(outcomes(t, conn, c.base), func(state string) bool { return state == "" })
	return append(states, outcomes(t, conn, c.new)...)
}

func outcomes(t *testing.T, conn *pgx.Conn, migrations []*lint.Migration) (states []string) {
	t.Helper()
	for _, m := range migrations {
		for _, s := range m.Statements() {
			if !leavesTransaction(s) {
				states = append(states, outcome(t, conn, s.SQL))
			}
		}
	}
	return states
}

// leavesTransaction tells whether a statement cannot be tried: it ends the
// transaction, or waits for rows of the client.
func leavesTransaction(s *lint.Statement) bool {
	return s.Node.GetTransactionStmt() != nil || s.Node.GetCopyStmt() != nil
}

func outcome(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	must(t, conn, "SAVEPOINT before")
	_, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err == nil {
		return ""
	}
	must(t, conn, "ROLLBACK TO SAVEPOINT before")
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Code
	}
	return fmt.Sprint(err)
}

func must(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.PgConn().Exec(t.Context(), sql).ReadAll(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

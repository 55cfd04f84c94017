package observe

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
)

const (
	probePoint = "migvet_probe"
	leaveProbe = "ROLLBACK TO SAVEPOINT " + probePoint + "; RELEASE SAVEPOINT " + probePoint
)

// askServer calls one of our functions in the session that is watched and decodes its
// answer. It leaves no trace there: inside a transaction a savepoint gives back
// the locks that asking took, and a refusal does not fail the migration.
//
// Nothing goes through pgx's own query modes: a migration may deallocate
// prepared statements, set client_encoding or standard_conforming_strings.
func askServer(ctx context.Context, conn *pgx.Conn, answer any, call quote.SQL) error {
	sql := "SELECT pg_catalog." + call
	inside := session.InTransaction(conn)
	if inside {
		sql = "SAVEPOINT " + probePoint + "; " + sql + "; " + leaveProbe
	}
	results, err := session.ReadAll(ctx, conn, sql)
	if inside && session.Refusal(err) != nil {
		if err := session.Execute(ctx, conn, leaveProbe); err != nil {
			return fmt.Errorf("observe: %w", err)
		}
	}
	if err != nil && session.Refusal(err) == nil {
		return err
	}
	if err == nil {
		err = decodeAnswer(results, answer)
	}
	if err != nil {
		return fmt.Errorf("observe: %w", err)
	}
	return nil
}

func decodeAnswer(results []*pgconn.Result, answer any) error {
	for _, r := range results {
		if len(r.Rows) == 1 && len(r.Rows[0]) == 1 {
			return unpackAnswer(string(r.Rows[0][0]), answer)
		}
	}
	return errors.New("no answer")
}

// unpackAnswer reads what migvet_pack wrote.
func unpackAnswer(text string, answer any) error {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, answer)
}

// jsonLiteral is v as a json constant that means the same under every
// client_encoding and standard_conforming_strings.
func jsonLiteral(v any) (quote.SQL, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("observe: %w", err)
	}
	return quote.Text(asciiJSON(string(text))) + "::pg_catalog.json", nil
}

func asciiJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// callerPath is the search path of the session, for names without a schema.
const callerPath = "pg_catalog.current_schemas(false)"

// askNamed asks about relations by name: about all when names are nil.
func askNamed(ctx context.Context, conn *pgx.Conn, answer any, function quote.SQL, names []name) error {
	argument := quote.SQL("NULL")
	if names != nil {
		var err error
		if argument, err = jsonLiteral(names); err != nil {
			return err
		}
	}
	return askServer(ctx, conn, answer, function+"("+argument+", "+callerPath+")")
}

package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/source"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// An Environment is what is in production's database before the first
// migration. It comes from the branch under review, like the migrations: the
// owner of the database makes it, with the owner's rights.
type Environment struct {
	Extensions []string
	Roles      []string
	Presets    []presets.Preset
	SearchPath []string // schemas that sessions of migrations begin with; nil for the tool's or the server's

	// Before is the file of before:, which may be a dump; nil without one.
	Before *lint.Migration // see source.ReadDump

	// Without are stand-ins of the presets that are left out.
	Without []facts.Name
}

// PathOf is the search_path of sessions that run migrations: the configuration's, else
// tool, which the migration tool sets. "" leaves the server's.
func (e Environment) PathOf(tool string) string {
	if len(e.SearchPath) > 0 {
		return string(quote.Names(e.SearchPath))
	}
	if tool != "" {
		return tool
	}
	for _, p := range e.Presets {
		if p.SearchPath != "" {
			return p.SearchPath
		}
	}
	return ""
}

func (e Environment) empty() bool {
	return len(e.Extensions) == 0 && len(e.Roles) == 0 && len(e.Presets) == 0 && len(e.SearchPath) == 0 && e.Before == nil
}

// withoutBefore is what the file of before: meets.
func (e Environment) withoutBefore() Environment {
	e.Before = nil
	return e
}

// beforeStatements are those of the file of before:, as far as they can be read.
func (e Environment) beforeStatements() []*lint.Statement {
	if e.Before == nil {
		return nil
	}
	return e.Before.Statements()
}

// inFurnished runs f while there is a database with the environment, of which all that
// begin with it are copies: its roles belong to the cluster, so that CREATE ROLE in a
// before: file would fail in a second database.
func (t *trial) inFurnished(ctx context.Context, f func(context.Context) error) error {
	if t.Environment.empty() && len(session.Provided(ctx)) == 0 {
		return f(ctx)
	}
	return t.inNewDatabase(ctx, "environment", "", func(ctx context.Context, database string) error {
		if err := t.furnish(ctx, database); err != nil {
			return err
		}
		t.furnished = database
		defer func() { t.furnished = "" }()
		return f(ctx)
	})
}

// furnish makes the environment in a database that is empty.
func (t *trial) furnish(ctx context.Context, database string) error {
	if err := t.installProvider(ctx, database); err != nil || t.Environment.empty() {
		return err
	}
	conn, err := t.connect(ctx, database, nil)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, name := range t.Environment.SearchPath {
		if t.makes(object{kind: "schema", name: name}) {
			continue // the migration that creates it would meet it
		}
		if err := session.Execute(ctx, conn, "CREATE SCHEMA IF NOT EXISTS "+quote.Name(name)); err != nil {
			return fmt.Errorf("search-path in .migvet.yml: %w", err)
		}
	}
	if t.withheld, err = t.findWithheld(); err != nil {
		return err
	}
	t.noteWithheld()
	for _, p := range t.Environment.Presets {
		if err := t.makePreset(ctx, conn, p); err != nil {
			return fmt.Errorf("preset %s: %w", p.Name, err)
		}
		if err := t.unbind(ctx, p.Unbound); err != nil {
			return fmt.Errorf("preset %s: %w", p.Name, err)
		}
	}
	for _, name := range t.Environment.Roles {
		if err := makeRole(ctx, conn, name); err != nil {
			return fmt.Errorf("roles in .migvet.yml: %w", err)
		}
	}
	if err := t.makeExtensions(ctx, conn); err != nil {
		return err
	}
	return t.runBefore(ctx, conn)
}

// runBefore runs the file of before:, which is often a dump of the database that the
// migrations begin on.
func (t *trial) runBefore(ctx context.Context, conn *pgx.Conn) error {
	if t.Environment.Before == nil {
		return nil
	}
	return t.restoreDump(ctx, conn, dump{
		Migration: t.Environment.Before, key: "before in .migvet.yml", role: "runs before the first migration",
		meets: !t.Environment.withoutBefore().empty(),
	})
}

// makePreset makes what a platform has and an earlier preset has not made: Supabase and
// Neon both have the role authenticated and the schema auth. What gives way, it leaves out,
// and with it what refers to that.
func (t *trial) makePreset(ctx context.Context, conn *pgx.Conn, p presets.Preset) error {
	statements, err := p.SQL()
	if err != nil {
		return err
	}
	for _, sql := range statements {
		if slices.ContainsFunc(madeBy(string(sql)), t.withholds) {
			continue
		}
		err := session.ExecuteAlone(ctx, conn, sql)
		if pe := session.Refusal(err); pe != nil && (session.IsDuplicate(pe.Code) || len(t.withheld) > 0 && slices.Contains(missingStates, pe.Code)) {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// unbind lets roles past row security. On a server of the user nobody may.
func (t *trial) unbind(ctx context.Context, roles []string) error {
	if t.Server.External() || len(roles) == 0 {
		return nil
	}
	return t.Server.Admin(ctx, func(conn *pgx.Conn) error {
		for _, role := range roles {
			err := session.Execute(ctx, conn, "ALTER ROLE "+quote.Name(role)+" BYPASSRLS")
			if pe := session.Refusal(err); err != nil && (pe == nil || !slices.Contains(missingStates, pe.Code)) {
				return err // a role that a migration makes itself is not there yet
			}
		}
		return nil
	})
}

// makeRole makes a role that can be granted to and owned by. One that a preset
// has made stays.
func makeRole(ctx context.Context, conn *pgx.Conn, name string) error {
	role := quote.Name(name)
	err := session.Execute(ctx, conn, "CREATE ROLE "+role+"; GRANT "+role+" TO CURRENT_USER")
	if pe := session.Refusal(err); pe != nil && pe.Code == session.DuplicateObject {
		return nil
	}
	return err
}

func (t *trial) makeExtensions(ctx context.Context, conn *pgx.Conn) error {
	for _, p := range t.Environment.Presets {
		for _, name := range p.Extensions {
			if t.withholds(facts.Name{Kind: facts.Extension, Schema: "public", Name: name}) {
				continue
			}
			if err := t.makeExtension(ctx, conn, name, p.Schema); err != nil && !errors.As(err, new(*missingExtension)) {
				return fmt.Errorf("preset %s: %w", p.Name, err)
			}
		}
	}
	if err := session.Execute(ctx, conn, "SET search_path = public"); err != nil {
		return err
	}
	for _, name := range t.Environment.Extensions {
		if err := t.makeExtension(ctx, conn, name, ""); err != nil {
			return fmt.Errorf("extensions in .migvet.yml: %w", err)
		}
	}
	return session.Execute(ctx, conn, "RESET search_path")
}

// A missingExtension is one that the server does not have.
type missingExtension struct{ text string }

func (e *missingExtension) Error() string { return e.text }

// makeExtension makes an extension: as the superuser what managed services make
// for owners, as the owner what owners may make.
func (t *trial) makeExtension(ctx context.Context, conn *pgx.Conn, name, schema string) error {
	var available int
	err := conn.QueryRow(ctx, "SELECT pg_catalog.count(*)::pg_catalog.int4 FROM pg_catalog.pg_available_extensions WHERE name OPERATOR(pg_catalog.=) $1", name).Scan(&available)
	if err != nil {
		return err
	}
	if available == 0 && !slices.Contains(t.standIns, name) {
		text, err := t.lackText(ctx, name)
		if err != nil {
			return err
		}
		return &missingExtension{text}
	}
	err = session.Execute(ctx, conn, session.CreateExtension(ctx, name, schema))
	if pe := session.Refusal(err); pe != nil && pe.Code == session.NoPrivilege {
		return fmt.Errorf("%s: only a superuser may create it; write role: superuser, if migrations run as one in production", name)
	}
	return err
}

// applicationNames are what tools call themselves in pg_stat_activity, where it is
// not "". SQL may ask for it.
var applicationNames = map[string]string{
	source.Flyway: "PostgreSQL JDBC Driver", source.Liquibase: "PostgreSQL JDBC Driver",
	source.Sqitch: "psql", source.Plain: "psql",
}

// sessions opens migrations' sessions as production does.
func (t *trial) sessions(c *pgx.ConnConfig) {
	if name := applicationNames[t.Source.Tool]; name != "" {
		c.RuntimeParams["application_name"] = name
	} else {
		delete(c.RuntimeParams, "application_name")
	}
	if path := t.Environment.PathOf(t.Source.SearchPath); path != "" {
		c.RuntimeParams["search_path"] = path
	}
}

// countCalls has a server of the user count calls of functions in sessions of a
// database that are opened from now on, and write the contexts of messages in
// English, as ours do.
func (t *trial) countCalls(ctx context.Context, database string) error {
	if !t.Server.External() {
		return nil
	}
	name := quote.Name(database)
	return t.asSuperuser(ctx, database, func(conn *pgx.Conn) error {
		return session.Execute(ctx, conn, "ALTER DATABASE "+name+" SET track_functions = 'all'; ALTER DATABASE "+name+" SET lc_messages = 'C'")
	})
}

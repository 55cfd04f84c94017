package postgres

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Names of the roles that every server we start has. See [Role].
const (
	SuperuserName = "migvet_su"
	OwnerName     = "postgres"
	FillerName    = "migvet_filler"
	ProberName    = "migvet_prober"
)

func initdbArgs(major int) []string {
	args := []string{
		"--no-sync", "--no-instructions", "--auth=trust", "--username=" + SuperuserName,
		"--encoding=UTF8", "--locale=C", "--wal-segsize=1",
	}
	if major >= 16 {
		// Segments of an initdb that is killed then lie in its directory. Older
		// ones leave up to 1 MiB in /dev/shm.
		args = append(args, "--set=dynamic_shared_memory_type=mmap")
	}
	if major >= 17 {
		// Knows the letters of all languages, at the speed of C.
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
	}
	if major >= 18 {
		args = append(args, "--no-data-checksums")
	}
	return args
}

// setupStatements makes the roles, and drops the database that nobody needs: fewer files
// to copy at every start.
//
// The owner is named postgres because real migrations say "TO postgres". It
// must not be a superuser, for it runs SQL of strangers.
func setupStatements(major int) []string {
	sql := []string{
		"UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'",
		"DROP DATABASE template0",
		"CREATE ROLE " + OwnerName + " LOGIN CREATEDB CREATEROLE NOSUPERUSER",
		"CREATE ROLE " + FillerName + " LOGIN NOSUPERUSER IN ROLE " + OwnerName,
		"CREATE ROLE " + ProberName + " LOGIN NOSUPERUSER NOINHERIT",
	}
	sql = append(sql, roleSettings(major)...)
	if major < 15 {
		// As it is from 15 on, where the owner of the database owns it.
		sql = append(sql, "ALTER SCHEMA public OWNER TO "+OwnerName)
	}
	if major < 16 {
		// Here CREATEROLE may grant itself the roles that reach files and
		// programs of the machine.
		// https://www.postgresql.org/docs/15/role-attributes.html
		sql = append(sql, "DELETE FROM pg_catalog.pg_authid WHERE rolname IN "+
			"('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')")
	}
	return append(sql, "CHECKPOINT")
}

func roleSettings(major int) []string {
	sql := []string{"ALTER ROLE " + FillerName + " SET session_replication_role = 'replica'"}
	if major >= 16 {
		sql = append(sql, "ALTER ROLE "+OwnerName+" SET createrole_self_grant = 'set, inherit'")
	}
	return sql
}

// initdb makes a data directory in dir, which exists and is empty.
func (i *Installation) initdb(ctx context.Context, dir string, a account) error {
	err := i.run(ctx, a, "initdb", "", append([]string{"-D", dir}, initdbArgs(i.Major)...))
	if err != nil {
		return err
	}
	script := strings.Join(setupStatements(i.Major), ";\n") + ";\n"
	return i.run(ctx, a, "postgres", script, []string{
		"--single", "-F", "-D", dir, "-c", "exit_on_error=on", "-c", "lc_messages=C", "-c", "dynamic_shared_memory_type=mmap", "template1",
	})
}

// deleteSpareWAL deletes the write-ahead log segments made in advance: after a shutdown
// the first one is all that is needed. It lets nobody in but through the socket.
// Nobody else may reach dir yet.
func deleteSpareWAL(dir string) error {
	segments, err := filepath.Glob(filepath.Join(dir, "pg_wal", strings.Repeat("[0-9A-F]", 24)))
	if err != nil {
		return err
	}
	for n, segment := range segments { // sorted
		if n == 0 {
			continue
		}
		if err := os.Remove(segment); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "pg_hba.conf"), []byte("local all all trust\n"), 0o600)
}

// run runs a program of PostgreSQL to its end. No SQL but our own is near yet:
// it is not confined, but it dies with us.
func (i *Installation) run(ctx context.Context, a account, name, stdin string, args []string) error {
	p, _, err := launchChild(childSpec{
		Account: a.identity(),
		as:      a,
		Path:    executablePath(i.BinDir, name),
		Args:    args,
		Kill:    true,
		// initdb starts the server through a shell.
		Env: []string{"PATH=" + i.BinDir + string(os.PathListSeparator) + "/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"},
	}, strings.NewReader(stdin))
	if err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.kill())
	}
	if p.err != nil {
		return p.failure(name)
	}
	return nil
}

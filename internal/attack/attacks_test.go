package attack_test

// An attack is SQL that must not get anywhere. In it @DIR@ is a directory that
// everybody may write to, with a Unix socket that listens, @PORT@ a port that
// listens, @PID@ a process of the account of the server, and NATIVE machine code.
type attack struct {
	name, sql string

	// quiet attacks may pass without an error: they fail when they leave no trace.
	quiet bool
	// owner attacks are about rights that a superuser has.
	owner bool
	// here says that the attack works without a sandbox on the machine of the
	// tests; what needs more than PostgreSQL's own packages may not.
	here bool
	// packaged attacks need what some packages of PostgreSQL have and others have
	// not: how they are refused depends on it.
	packaged bool
}

var attacks = []attack{
	{name: "run a program", here: true, sql: `COPY (SELECT 1) TO PROGRAM 'cat > @DIR@/program'`},
	{name: "read from a program", here: true, sql: `CREATE TABLE t (x text); COPY t FROM PROGRAM '/usr/bin/id'`},
	{name: "write a file", here: true, sql: `COPY (SELECT 1) TO '@DIR@/file'`},
	{name: "read a file", here: true, sql: `SELECT pg_read_file('/etc/passwd')`},
	{name: "load a file", here: true, sql: `CREATE TABLE t (x text); COPY t FROM '/etc/passwd'`},
	{name: "list a directory", here: true, sql: `SELECT pg_ls_dir('/tmp')`},
	{name: "list processes", here: true, sql: `SELECT pg_ls_dir('/proc')`},
	{name: "read its environment", here: true, sql: `SELECT pg_read_binary_file('/proc/self/environ')`},
	{name: "read the environment of another process", here: true, sql: `SELECT pg_read_binary_file('/proc/@PID@/environ')`},
	{name: "import a large object", here: true, sql: `SELECT lo_import('/etc/passwd')`},
	{name: "export a large object", here: true, sql: `SELECT lo_create(4711); SELECT lo_export(4711, '@DIR@/export')`},
	{name: "foreign table on a file", here: true, sql: `CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
		CREATE FOREIGN TABLE f (x text) SERVER s OPTIONS (filename '/etc/passwd'); SELECT * FROM f`},
	{name: "foreign table on a program", here: true, sql: `CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;
		CREATE FOREIGN TABLE f (x text) SERVER s OPTIONS (program 'cat > @DIR@/program; id'); SELECT * FROM f`},
	{name: "dblink over TCP", here: true, sql: `CREATE EXTENSION dblink; SELECT dblink_connect('host=127.0.0.1 port=@PORT@ user=x dbname=x')`},
	{name: "dblink over a Unix socket", here: true, sql: `CREATE EXTENSION dblink; SELECT dblink_connect('host=@DIR@ port=5432 user=x dbname=x')`},
	{name: "postgres_fdw over TCP", here: true, sql: `CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '@PORT@');
		CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'x', password 'x'); IMPORT FOREIGN SCHEMA public FROM SERVER s INTO public`},
	{name: "subscribe to another server", here: true, sql: `CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=@PORT@ user=x dbname=x' PUBLICATION p`},
	{name: "machine code", here: true, sql: loadNative},
	{name: "LANGUAGE C on the C library", sql: `CREATE FUNCTION f(cstring) RETURNS int AS 'libc.so.6', 'system' LANGUAGE c; SELECT f('cat > @DIR@/program')`},
	{name: "untrusted Python", packaged: true, sql: `CREATE EXTENSION plpython3u; DO $$ open('@DIR@/python', 'w') $$ LANGUAGE plpython3u`},
	{name: "untrusted Perl", packaged: true, sql: `CREATE EXTENSION plperlu; DO $$ system('touch @DIR@/perl') $$ LANGUAGE plperlu`},
	{name: "preload a library", sql: `SET session_preload_libraries = '@DIR@/evil'; LOAD '@DIR@/evil'`},
	{name: "archive_command", quiet: true, sql: `ALTER SYSTEM SET archive_command = 'cat > @DIR@/archive'`},
	{name: "ssl_passphrase_command", quiet: true, sql: `ALTER SYSTEM SET ssl_passphrase_command = 'cat > @DIR@/ssl'`},
	{name: "archive_cleanup_command and restore_command", quiet: true, sql: `ALTER SYSTEM SET restore_command = 'cat > @DIR@/restore'`},
	{name: "parallel workers", sql: parallel},
	{name: "NUL in a literal", sql: `SELECT E'\000'`},
	{name: "100 MB literal", quiet: true, sql: `SELECT length('LONG')`},

	{name: "take the right to run programs", owner: true, sql: `GRANT pg_execute_server_program TO CURRENT_USER; COPY (SELECT 1) TO PROGRAM 'cat > @DIR@/granted'`},
	{name: "take the right to write files", owner: true, sql: `GRANT pg_write_server_files TO CURRENT_USER; COPY (SELECT 1) TO '@DIR@/granted'`},
	{name: "take the right to read files", owner: true, sql: `GRANT pg_read_server_files TO CURRENT_USER; COPY (SELECT 1) TO '@DIR@/granted'`},
	{name: "LOAD", owner: true, sql: `LOAD '/usr/lib/evil.so'`},
	{name: "LANGUAGE C", owner: true, sql: `CREATE FUNCTION f(int) RETURNS int AS '$libdir/plpgsql', 'f' LANGUAGE c`},
	{name: "tablespace", owner: true, sql: `CREATE TABLESPACE evil LOCATION '@DIR@'`},
	{name: "become superuser", owner: true, sql: `ALTER ROLE CURRENT_USER SUPERUSER`},
	{name: "make a superuser", owner: true, sql: `CREATE ROLE evil SUPERUSER LOGIN`},
	{name: "change the superuser of migvet", owner: true, sql: `ALTER ROLE migvet_su PASSWORD 'x'`},
	{name: "SET ROLE to the superuser", owner: true, sql: `SET ROLE migvet_su`},
	{name: "grant the superuser to itself", owner: true, sql: `GRANT migvet_su TO CURRENT_USER`},
	{name: "ALTER SYSTEM", owner: true, sql: `ALTER SYSTEM SET fsync = on`},
	{name: "lift the limit on temporary files", owner: true, sql: `SET temp_file_limit = '100GB'`},
	{name: "switch triggers off", owner: true, sql: `SET session_replication_role = replica`},
	{name: "event trigger", owner: true, sql: `CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()`},
	{name: "function in pg_catalog", owner: true, sql: `CREATE FUNCTION pg_catalog.format(text, name) RETURNS text LANGUAGE sql AS 'SELECT 1::text'`},
	{name: "end sessions of the superuser", owner: true, sql: `DO $$ DECLARE p int; BEGIN
		SELECT pid INTO STRICT p FROM pg_stat_activity WHERE backend_type = 'checkpointer'; IF NOT pg_terminate_backend(p) THEN RAISE 'not'; END IF; END $$`},
}

// loadNative loads machine code that comes with the SQL.
const loadNative = `SELECT lo_from_bytea(4712, 'NATIVE'); SELECT lo_export(4712, current_setting('data_directory') || '/native.so');
	DO $$ BEGIN EXECUTE format('LOAD %L', current_setting('data_directory') || '/native.so'); END $$`

// parallel succeeds when the server starts a process for it.
const parallel = `SET max_parallel_workers = 500; SET max_parallel_workers_per_gather = 500; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
	SET min_parallel_table_scan_size = 0; CREATE TABLE big AS SELECT g FROM generate_series(1, 20000) g; ALTER TABLE big SET (parallel_workers = 500);
	DO $$ DECLARE plan json; BEGIN
		EXECUTE 'EXPLAIN (ANALYZE, FORMAT json) SELECT count(*) FROM big' INTO plan;
		IF plan::text !~ '"Workers Launched": [1-9]' THEN RAISE 'no workers' USING ERRCODE = '53400'; END IF;
	END $$`

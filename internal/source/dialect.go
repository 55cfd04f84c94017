package source

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

const postgresql = "postgresql"

// dialectNames is how databases are written in configuration and as folders,
// and how their makers write them.
var dialectNames = map[string]string{
	"mysql": "MySQL", "mariadb": "MariaDB", "singlestore": "SingleStore", "tidb": "TiDB",
	"sqlite": "SQLite", "sqlite3": "SQLite", "turso": "SQLite", "libsql": "SQLite", "d1": "SQLite",
	"mssql": "SQL Server", "sqlserver": "SQL Server", "oracle": "Oracle", "db2": "Db2",
	"h2": "H2", "hsqldb": "HSQLDB", "hsql": "HSQLDB", "derby": "Derby", "firebird": "Firebird",
	"clickhouse": "ClickHouse", "bigquery": "BigQuery", "snowflake": "Snowflake", "redshift": "Redshift", "duckdb": "DuckDB",
	"yugabyte": "YugabyteDB", "yugabytedb": "YugabyteDB",
	"cockroach": "CockroachDB", "cockroachdb": "CockroachDB", "crdb": "CockroachDB", "spanner": "Spanner", "cassandra": "Cassandra", "gel": "Gel",
}

// unmistakable are names that mean a database wherever they stand in a word: riversqlite.
// The others are words of their own: an "oracle" may tell prices.
var unmistakable = []string{"hsqldb", "sqlite", "mysql", "mariadb", "mssql", "sqlserver", "clickhouse", "cockroach", "postgres"}

// ambiguous are names of databases that are words of other things, too: an id of snowflake, a
// spanner's price. As a directory they say nothing but beside another database's, or where
// the SQL is none of PostgreSQL's.
var ambiguous = []string{"oracle", "gel", "snowflake", "spanner", "derby", "firebird", "cassandra", "turso", "d1", "redshift"}

func isUnmistakable(dialect string) bool {
	return slices.ContainsFunc(unmistakable, func(name string) bool { return strings.Contains(dialect, name) })
}

// canonicalDialect returns the name under which a dialect is compared.
func canonicalDialect(dialect string) string {
	switch d := strings.ToLower(dialect); d {
	case "pg", "pgsql", "psql", "postgres", "postgresql", "pglite":
		return postgresql
	default:
		return d
	}
}

// isDialect tells whether a canonical name is that of a database.
func isDialect(name string) bool { return name == postgresql || dialectNames[name] != "" }

func otherDialect(dialect, evidence string) string {
	name := cmp.Or(dialectNames[dialect], dialect)
	return "its migrations are for " + name + " (" + evidence + "); migvet checks PostgreSQL"
}

// IsForeign reports whether a folder is passed over for nothing but that its migrations are
// for another database.
func (f Found) IsForeign() bool {
	return f.ForAnother() && !f.Doubtful
}

// ForAnother reports whether the migrations of a folder are for another database, even if
// that was different on the base.
func (f Found) ForAnother() bool {
	return f.Skip != "" && f.Panic == nil && f.Dialect != "" && f.Dialect != postgresql
}

// A dialectClue is the database that a path says its SQL is for.
type dialectClue struct {
	dialect, part string
	weak          bool // SQL that only PostgreSQL has proves it wrong; where it is ambiguous, nothing else proves it right
}

// dialectOfPath goes by the last part of a path that names a database:
// oracle/db/postgresql is for PostgreSQL.
func dialectOfPath(dir string) dialectClue {
	for _, part := range slices.Backward(strings.Split(strings.ToLower(dir), "/")) {
		if name := canonicalDialect(part); isDialect(name) {
			return dialectClue{name, part, slices.Contains(ambiguous, name)}
		}
		if name := withoutNumber(part); isDialect(name) {
			return dialectClue{name, part, true}
		}
		if names := dialectsWithin(part); len(names) == 1 {
			return dialectClue{names[0], part, true}
		}
	}
	return dialectClue{}
}

// dialectsWithin are the databases that a part of a path names among other words: two
// of mysql-to-postgres.
func dialectsWithin(part string) (names []string) {
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, word := range wordsOf(part) {
		name := canonicalDialect(word)
		if at := slices.IndexFunc(unmistakable, func(u string) bool { return strings.Contains(word, u) }); at >= 0 {
			name = canonicalDialect(unmistakable[at])
		}
		if name == postgresql || len(name) > 2 && isDialect(name) || name == "h2" {
			add(name)
		}
	}
	return names
}

// dialectDirectories are the children for other databases, where one is PostgreSQL's:
// h2 and mysql beside postgresql.
func (d *directory) dialectDirectories() (foreign []string) {
	own := false
	for _, child := range d.dirs {
		switch name := canonicalDialect(child); {
		case name == postgresql:
			own = true
		case isDialect(name):
			foreign = append(foreign, child)
		}
	}
	if !own {
		return nil
	}
	return foreign
}

// otherDialect says for which other database the folder's SQL is written; ""
// when nothing speaks against PostgreSQL.
func (d *directory) otherDialect(files []string) (dialect, evidence string) {
	clue := dialectOfPath(d.dir)
	foreign := clue.dialect != "" && clue.dialect != postgresql
	if foreign && (!clue.weak || d.besideTwin(clue)) {
		return clue.dialect, "the folder " + clue.part
	}
	if dialect, file := dialectOfNames(files); dialect != "" {
		return dialect, "the name of " + file
	}
	seen := d.sampleSyntax(files)
	dialect, evidence = seen.verdict()
	if foreign && (dialect != "" || !slices.Contains(ambiguous, clue.dialect) && !seen.isPostgres()) {
		return clue.dialect, "the folder " + clue.part
	}
	if dialect != "" {
		return dialect, evidence
	}
	return d.dialectOfProject(files, seen)
}

// besideTwin tells whether the same place is there for another database, with files of SQL:
// an oracle/migrations beside postgresql/migrations tells no prices.
func (d *directory) besideTwin(clue dialectClue) bool {
	if withoutNumber(clue.part) != clue.dialect {
		return false // from-mysql
	}
	parts := strings.Split(d.dir, "/")
	at := len(parts) - 1
	for at >= 0 && !strings.EqualFold(parts[at], clue.part) {
		at--
	}
	if at < 0 {
		return false
	}
	parent, err := openDirectory(d.fsys, path.Join(append([]string{"."}, parts[:at]...)...))
	return err == nil && slices.ContainsFunc(parent.dirs, func(child string) bool {
		if name := withoutNumber(child); name == clue.dialect || !isDialect(name) || slices.Contains(ambiguous, name) {
			return false
		}
		twin, err := openDirectory(d.fsys, path.Join(append([]string{parent.dir, child}, parts[at+1:]...)...))
		return err == nil && len(twin.sqlBelow("")) > 0
	})
}

// withoutNumber is the canonical name of a database without its version: mysql8, oracle-19.
func withoutNumber(name string) string {
	if canonical := canonicalDialect(name); isDialect(canonical) {
		return canonical // h2
	}
	return canonicalDialect(strings.TrimRight(strings.ToLower(name), "0123456789.-_v"))
}

// inDialect skips folders of other databases. Without a word about the
// dialect, the SQL decides.
func (f Found) inDialect(d *directory, dialect, evidence string) Found {
	if dialect == "" {
		dialect, evidence = d.otherDialect(d.sql())
	}
	if dialect != "" && dialect != postgresql {
		f.Dialect, f.Skip = dialect, otherDialect(dialect, evidence)
	}
	return f
}

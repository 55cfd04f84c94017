package source

import (
	"io/fs"
	"path"
	"slices"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// A library is what a project's builds and settings name to talk to one database.
type library struct {
	dialect string
	names   *lazyregexp.Regexp
}

// libraries are those of databases that serve more than tests, as H2 and SQLite may.
func libraries() []library {
	return []library{{"mysql", mysqlLibrary}, {"mssql", mssqlLibrary}, {"oracle", oracleLibrary}}
}

var (
	mysqlLibrary     = lazyregexp.New(`(?i)\bmysql-connector|\bflyway-mysql\b|\bmariadb-java-client\b|\br2dbc-m(?:ysql|ariadb)\b|jdbc:(?:mysql|mariadb):|go-sql-driver/mysql\b|"mysql2?"\s*:`)
	mssqlLibrary     = lazyregexp.New(`(?i)\bmssql-jdbc\b|\bflyway-sqlserver\b|jdbc:sqlserver:|\bgo-mssqldb\b|"mssql"\s*:`)
	oracleLibrary    = lazyregexp.New(`(?i)\bojdbc\d+\b|\bflyway-database-oracle\b|jdbc:oracle:`)
	cockroachLibrary = lazyregexp.New(`(?i)cockroachdb/cockroach|\bflyway-database-cockroachdb\b|\bcockroach\s+(?:sql|start|demo)\b`)
	postgresLibrary  = lazyregexp.New(`(?i)postgres|\bpg\b|\bpgx\b|\blib/pq\b|\bredshift\b`)

	// cockroachURL and postgresServer are how programs are told where their database is, and
	// the image that runs one.
	cockroachURL   = lazyregexp.New(`(?i)\bcockroach(db)?://`)
	postgresServer = lazyregexp.New(`(?i)\b(postgres(ql)?|pgx?5?)://|\bimage:\s*["']?[\w./-]*(postgres|postgis|pgvector|timescale)`)

	// indexInTable is what CockroachDB and MySQL have in CREATE TABLE.
	indexInTable = lazyregexp.New(`(?i)\bCREATE\s+TABLE\b[^;]*?[(,]\s*(UNIQUE\s+)?INDEX\s+\w*\s*\(`)

	// buildFile matches where a project names the libraries and the URL of its database.
	buildFile = lazyregexp.New(`(?i)^(pom\.xml|build\.gradle(\.kts)?|go\.mod|package\.json|makefile|justfile|application[\w.-]*\.(properties|ya?ml)|(docker-)?compose[\w.-]*\.ya?ml|\.env(\.(example|sample))?)$`)
)

// dialectOfProject is for files whose syntax says little. A project that names the
// libraries of one database, and PostgreSQL nowhere, has migrations for that one. CockroachDB
// is spoken to with PostgreSQL's libraries, so that there a file must have its syntax, too,
// or its URL be there and no server of PostgreSQL's.
func (d *directory) dialectOfProject(files []string, seen syntaxSample) (dialect, evidence string) {
	if seen.ownNames || len(files) == 0 || dialectOfPath(d.dir).dialect == postgresql || slices.ContainsFunc(files, isForPostgres) {
		return "", ""
	}
	p := d.projectDatabases()
	if p.cockroachURL != "" && !p.postgresServer {
		return "cockroachdb", "the URL in " + p.cockroachURL
	}
	if p.cockroach != "" {
		for _, f := range files {
			if text := sqlNoise.ReplaceAllString(d.beginning(f), " "); cockroachSyntax.MatchString(text) || indexInTable.MatchString(text) {
				return "cockroachdb", "the syntax of " + f + ", and " + p.cockroach
			}
		}
	}
	if p.postgres || len(p.others) != 1 || seen.postgres > 0 {
		return "", ""
	}
	if slices.ContainsFunc(sampleFiles(files), func(f string) bool { return namesPostgres.MatchString(d.beginning(f)) }) {
		return "", ""
	}
	for name, file := range p.others {
		dialect, evidence = name, file+" names its libraries, and nothing names PostgreSQL's"
	}
	return dialect, evidence
}

// ForOtherDatabase tells whether the project that a directory belongs to names one other
// database in its builds and settings, and PostgreSQL nowhere.
func ForOtherDatabase(fsys fs.FS, dir string) bool {
	d, err := openDirectory(fsys, dir)
	if err != nil {
		return dir != "." && ForOtherDatabase(fsys, path.Dir(dir))
	}
	if dialect, _ := d.dialectOfJDBC(); dialect != "" {
		return true
	}
	p := d.projectDatabases()
	return !p.postgres && len(p.others) == 1
}

// projectDatabases are what the builds and settings of a project name.
type projectDatabases struct {
	postgres       bool
	postgresServer bool              // a URL or an image of it
	cockroach      string            // the file that names it
	cockroachURL   string            // the file that has it
	others         map[string]string // by database: the file
}

func (d *directory) projectDatabases() projectDatabases {
	p := projectDatabases{others: map[string]string{}}
	d.climb(func(up *directory) bool {
		for _, name := range slices.Concat(up.files, []string{"gradle/libs.versions.toml"}) {
			if buildFile.MatchString(name) || name == "gradle/libs.versions.toml" && slices.Contains(up.dirs, "gradle") {
				p.add(path.Join(up.dir, name), up.beginning(name))
			}
		}
		return false
	})
	return p
}

func (p *projectDatabases) add(file, text string) {
	p.postgres = p.postgres || postgresLibrary.MatchString(text)
	p.postgresServer = p.postgresServer || postgresServer.MatchString(text)
	if p.cockroachURL == "" && cockroachURL.MatchString(text) {
		p.cockroachURL = file
	}
	if p.cockroach == "" && cockroachLibrary.MatchString(text) {
		p.cockroach = file
	}
	for _, l := range libraries() {
		if p.others[l.dialect] == "" && l.names.MatchString(text) {
			p.others[l.dialect] = file
		}
	}
}

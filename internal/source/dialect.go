package source

import (
	"cmp"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

const postgresql = "postgresql"

// dialectNames is how databases are written in configuration and as folders,
// and how their makers write them.
var dialectNames = map[string]string{
	"mysql": "MySQL", "mariadb": "MariaDB", "singlestore": "SingleStore",
	"sqlite": "SQLite", "sqlite3": "SQLite", "turso": "SQLite", "libsql": "SQLite", "d1": "SQLite",
	"mssql": "SQL Server", "sqlserver": "SQL Server", "oracle": "Oracle",
	"clickhouse": "ClickHouse", "bigquery": "BigQuery", "snowflake": "Snowflake",
	"cockroach": "CockroachDB", "cockroachdb": "CockroachDB", "gel": "Gel",
}

// canonicalDialect returns the name under which a dialect is compared.
func canonicalDialect(dialect string) string {
	switch d := strings.ToLower(dialect); d {
	case "pg", "postgres", "postgresql", "pglite":
		return postgresql
	default:
		return d
	}
}

func otherDialect(dialect, evidence string) string {
	name := cmp.Or(dialectNames[dialect], dialect)
	return "its migrations are for " + name + " (" + evidence + "); migvet checks PostgreSQL"
}

var (
	// sqlNoise is what may hold any word: comments and string literals.
	sqlNoise = lazyregexp.New(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'`)

	mysqlSyntax    = lazyregexp.New("(?i)\\bAUTO_INCREMENT\\b|\\bENGINE\\s*=\\s*(InnoDB|MyISAM)\\b|`\\w+`")
	sqliteSyntax   = lazyregexp.New(`(?im)\bAUTOINCREMENT\b|^\s*PRAGMA\s|\)\s*(WITHOUT\s+ROWID|STRICT)\s*;`)
	mssqlSyntax    = lazyregexp.New(`(?im)^\s*GO\s*$|\bIDENTITY\s*\(\s*1\s*,\s*1\s*\)|\[dbo\]\.`)
	postgresSyntax = lazyregexp.New(`(?i)\b(BIG|SMALL)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bplpgsql\b|\$\w*\$|::\s*["a-z]|\bAS\s+IDENTITY\b|\bCREATE\s+(EXTENSION|POLICY|TYPE)\b|\bCONCURRENTLY\b|\bWITH\s+TIME\s+ZONE\b|\bUSING\s+(gin|gist|btree)\b`)
)

// maxSampled is how many files of a folder are read to guess its dialect.
const maxSampled = 24

// otherDialect says for which other database the folder's SQL is written; ""
// when nothing speaks against PostgreSQL.
func (d *directory) otherDialect(files []string) (dialect, evidence string) {
	for _, part := range strings.Split(strings.ToLower(d.dir), "/") {
		if name := canonicalDialect(part); dialectNames[name] != "" {
			return name, "the folder " + part
		}
	}
	sampled := sampleFiles(files)
	if !slices.ContainsFunc(sampled, func(f string) bool { return hintsAtAnother(d.beginning(f)) }) {
		return "", ""
	}
	postgres := 0
	others := map[string][]string{}
	for _, f := range sampled {
		text := sqlNoise.ReplaceAllString(d.beginning(f), " ")
		if dialect := foreignSyntax(text); dialect != "" && !postgresSyntax.MatchString(text) {
			others[dialect] = append(others[dialect], f)
		} else if postgresSyntax.MatchString(text) {
			postgres++
		}
	}
	dialect = mostLikely(others)
	if dialect == "" || len(others[dialect]) <= postgres {
		return "", ""
	}
	return dialect, "the syntax of " + others[dialect][0]
}

// hintsAtAnother reports whether a text has something that foreignSyntax looks for.
// It spares the regular expressions, which take longer than all else that is asked
// of a folder.
func hintsAtAnother(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc([]string{"auto_increment", "engine", "`", "autoincrement", "pragma", "rowid", "strict", "go", "identity", "[dbo]"}, func(word string) bool {
		return strings.Contains(text, word)
	})
}

// mostLikely returns the dialect of most files: SQLite when its own syntax was
// seen anywhere, since it shares backticks with MySQL.
func mostLikely(files map[string][]string) string {
	switch {
	case len(files["sqlite"]) > 0:
		return "sqlite"
	case len(files["mssql"]) > len(files["mysql"]):
		return "mssql"
	case len(files["mysql"]) > 0:
		return "mysql"
	default:
		return ""
	}
}

func foreignSyntax(text string) string {
	switch {
	case sqliteSyntax.MatchString(text):
		return "sqlite"
	case mysqlSyntax.MatchString(text):
		return "mysql"
	case mssqlSyntax.MatchString(text):
		return "mssql"
	default:
		return ""
	}
}

// sampleFiles returns the first and the last files.
func sampleFiles(files []string) []string {
	if len(files) <= maxSampled {
		return files
	}
	return slices.Concat(files[:maxSampled/2], files[len(files)-maxSampled/2:])
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

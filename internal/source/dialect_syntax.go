package source

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
)

// sqlNoise is what may hold any word: comments and string literals.
var sqlNoise = lazyregexp.New(`(?s)--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'`)

// A dialectSign is syntax that PostgreSQL refuses and another database has.
type dialectSign struct {
	dialect string
	syntax  *lazyregexp.Regexp
	sure    bool // whatever else stands in the file

	// identity: the database has GENERATED … AS IDENTITY as well.
	identity bool
}

// dialectSigns are asked in this order. What several databases have, such as
// backquotes, comes last.
func dialectSigns() []dialectSign {
	return []dialectSign{
		{dialect: "clickhouse", syntax: clickHouseSyntax, sure: true},
		{dialect: "cockroachdb", syntax: cockroachSyntax, sure: true},
		{dialect: "redshift", syntax: redshiftSyntax, sure: true},
		{dialect: "yugabytedb", syntax: yugabyteSyntax, sure: true},
		{dialect: "sqlite", syntax: sqliteSyntax},
		{dialect: "oracle", syntax: oracleSyntax, identity: true},
		{dialect: "mssql", syntax: mssqlSyntax},
		{dialect: "hsqldb", syntax: hsqldbSyntax, identity: true},
		{dialect: "mysql", syntax: mysqlSyntax},
		{dialect: anotherDatabase, syntax: lobSyntax, identity: true},
		{dialect: anotherDatabase, syntax: warehouseSyntax},
		{dialect: backquoted, syntax: backquotes},
	}
}

// backquoted are files of which only the quotes are another database's: MySQL's, SQLite's
// or ClickHouse's.
const backquoted = "backquotes"

// anotherDatabase are files of which nothing but types is another database's, and those
// are of several: SQLite, MySQL, Oracle and H2 have BLOB.
const anotherDatabase = "another database"

var (
	clickHouseSyntax = lazyregexp.New(`(?i)\bENGINE\s*=?\s*\w*MergeTree\b|\bENGINE\s*=\s*(Distributed|Kafka|S3Queue|TinyLog|StripeLog|Dictionary)\b|\bLowCardinality\s*\(|\bNullable\s*\(\s*(U?Int|Float|String|Date|UUID|Decimal|Bool|Enum)|\b(TABLE|VIEW|DATABASE|DICTIONARY|FUNCTION)\s+(IF\s+(NOT\s+)?EXISTS\s+)?["\x60\w.]+\s+ON\s+CLUSTER\s+\S|\bORDER\s+BY\s+tuple\s*\(|\bUInt(8|16|32|64|128|256)\b|\bDateTime64\s*\(`)
	cockroachSyntax  = lazyregexp.New(`(?i)` + typeOfColumn + `STRING(\s*[,);]|\s+\w)|\bCREATE\s+TABLE\b[^;]*?[(,]\s*INVERTED\s+INDEX\b|\bunique_rowid\(|\bcrdb_internal\.|\bINDEX\b[^;]*\bSTORING\s*\(`)
	redshiftSyntax   = lazyregexp.New(`(?i)\)\s*(DISTSTYLE\s+(ALL|EVEN|KEY|AUTO)\b|DISTKEY\s*\(|((COMPOUND|INTERLEAVED)\s+)?SORTKEY\s*\()|\bENCODE\s+(zstd|lzo|az64|bytedict|delta32k|runlength|mostly(8|16|32)|text(255|32k))\b`)
	yugabyteSyntax   = lazyregexp.New(`(?i)\bSPLIT\s+(INTO\s+\d+\s+TABLETS|AT\s+VALUES)\b|\bPRIMARY\s+KEY\s*\([^;]{0,200}?[\w")]\s+HASH\s*[,)]`)
	sqliteSyntax     = lazyregexp.New(`(?im)\bAUTOINCREMENT\b|^\s*PRAGMA\s|\)\s*(WITHOUT\s+ROWID|STRICT)\s*[;,]|\b(strftime|datetime|ifnull)\s*\(\s*[,)]|\b(julianday|unixepoch)\s*\(\s*[,)]|\blast_insert_rowid\s*\(`)
	oracleSyntax     = lazyregexp.New(`(?i)\bN?VARCHAR2\s*\(|\bNUMBER\s*\(\s*\d|\bSYSTIMESTAMP\b|\bFROM\s+dual\b|` + typeOfColumn + `(NUMBER|N?VARCHAR2|NCLOB|BINARY_(FLOAT|DOUBLE))\b`)
	mssqlSyntax      = lazyregexp.New(`(?im)^\s*GO\s*$|\bIDENTITY\s*\(\s*1\s*,\s*1\s*\)|\[dbo\]\.|\bNVARCHAR\s*\(|\bDATETIME2\b|\bUNIQUEIDENTIFIER\b`)
	hsqldbSyntax     = lazyregexp.New(`(?i)\bCREATE\s+(CACHED|MEMORY)\s+TABLE\b|\bLONGVARCHAR\b|\bSET\s+DATABASE\s+SQL\b`)
	mysqlSyntax      = lazyregexp.New(`(?i)\bAUTO_INCREMENT\b|\bENGINE\s*=\s*(InnoDB|MyISAM)\b|\b(INT|BIGINT|SMALLINT|TINYINT)\s*(\(\d+\)\s*)?UNSIGNED\b|\b(MEDIUM|LONG)(TEXT|BLOB)\b|\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b`)
	lobSyntax        = lazyregexp.New(`(?i)` + typeOfColumn + `[BC]LOB\b`)
	warehouseSyntax  = lazyregexp.New(`(?i)\bREPLACE\s+(TRANSIENT\s+)?TABLE\b|\bTIMESTAMP_(NTZ|LTZ)\b|\bSTRING\s*\(\s*(MAX|\d+)\s*\)|\bCREATE\s+KEYSPACE\b|` + typeOfColumn + `(INT64|FLOAT64|VARIANT)\b`)
	backquotes       = lazyregexp.New("`\\w+`")
	postgresSyntax   = lazyregexp.New(`(?i)\b(BIG|SMALL)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bplpgsql\b|\$\w*\$|::\s*["a-z]|\bCREATE\s+(EXTENSION|POLICY|TYPE)\b|\bCONCURRENTLY\b|\bWITH\s+TIME\s+ZONE\b|\bUSING\s+(gin|gist|btree)\b`)
	identitySyntax   = lazyregexp.New(`(?i)\bAS\s+IDENTITY\b`)

	// ownNames are objects that give PostgreSQL what another database has: a domain blob,
	// a function ifnull, orafce.
	ownNames = lazyregexp.New(`(?i)\bCREATE\s+(OR\s+REPLACE\s+)?(DOMAIN|TYPE|FUNCTION|AGGREGATE)\s+("?\w+"?\.)?"?([BC]LOB|N?CLOB|STRING|NUMBER|N?VARCHAR2|BINARY_(FLOAT|DOUBLE)|strftime|datetime|ifnull|julianday|unixepoch|unique_rowid)\b|\bEXTENSION\s+(IF\s+NOT\s+EXISTS\s+)?"?orafce\b`)
)

// typeOfColumn is what stands before a column's type where a table is made or gets a
// column, without beforeName. A column may be called blob or number.
const typeOfColumn = `(\bCREATE\s+TABLE\b[^;]*?[(,]|\bADD\s+)\s*["\x60]?\w+["\x60]?\s+`

// beforeName are words that are no column where one may stand, so that a name stands behind
// them and no type: ADD COLUMN number integer, CONSTRAINT blob UNIQUE (a), LIKE number.
var beforeName = lazyregexp.New(`(?i)(\bADD\s+|[(,]\s*)(COLUMN|CONSTRAINT|TABLE|LIKE)\s+(IF\s+NOT\s+EXISTS\s+)?`)

// signWords are in every text that a sign matches, in lower case. They spare the regular
// expressions, which take longer than all else that is asked of a folder.
var signWords = []string{
	"mergetree", "engine", "lowcardinality", "nullable", "cluster", "tuple", "uint", "datetime64",
	"distkey", "sortkey", "diststyle", "encode", "tablets", "split", "hash",
	"string", "inverted", "unique_rowid", "crdb_internal", "storing",
	"autoincrement", "pragma", "rowid", "strict", "strftime", "datetime", "ifnull", "julianday", "unixepoch", "varchar2", "number", "orafce", "binary_", "blob", "clob", "systimestamp", "dual",
	"go", "identity", "[dbo]", "nvarchar", "datetime2", "uniqueidentifier",
	"timestamp_", "string", "keyspace", "int64", "float64", "variant", "transient", "replace table",
	"cached", "memory", "longvarchar", "database sql", "auto_increment", "unsigned", "mediumtext", "longtext", "mediumblob", "longblob", "current_timestamp", "`",
}

func hintsAtAnother(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(signWords, func(word string) bool { return strings.Contains(text, word) })
}

// foreignSyntax returns the database whose syntax a text has, without comments and
// literals; "" for none. What PostgreSQL alone has weighs more than most of it.
func foreignSyntax(text string) string {
	text = beforeName.ReplaceAllString(text, "$1")
	isPostgres, hasIdentity := postgresSyntax.MatchString(text), identitySyntax.MatchString(text)
	for _, sign := range dialectSigns() {
		if (sign.sure || !isPostgres && (sign.identity || !hasIdentity)) && sign.syntax.MatchString(text) {
			return sign.dialect
		}
	}
	return ""
}

// maxSampled is how many files of a folder are read to guess its dialect.
const maxSampled = 24

// sampleFiles returns the first and the last files.
func sampleFiles(files []string) []string {
	if len(files) <= maxSampled {
		return files
	}
	return slices.Concat(files[:maxSampled/2], files[len(files)-maxSampled/2:])
}

// A syntaxSample is what the first and the last files of a folder are written in.
type syntaxSample struct {
	files    int
	postgres int                 // that have what only PostgreSQL has
	foreign  int                 // that have what it has not
	ownNames bool                // it makes what another database has
	first    bool                // the first file is one of foreign
	by       map[string][]string // foreign, by database
}

// sampleSyntax reads no ways back where there is anything else: DROP TABLE says nothing.
func (d *directory) sampleSyntax(files []string) syntaxSample {
	if forward := slices.DeleteFunc(slices.Clone(files), func(f string) bool { return isWayBack(path.Base(f)) }); len(forward) > 0 {
		files = forward
	}
	sampled := sampleFiles(files)
	s := syntaxSample{files: len(sampled), by: map[string][]string{}}
	for i, f := range sampled {
		s.add(f, d.beginning(f), i == 0)
	}
	return s
}

func (s *syntaxSample) add(file, text string, first bool) {
	hints := hintsAtAnother(text)
	text = sqlNoise.ReplaceAllString(text, " ")
	dialect := ""
	if hints {
		dialect = foreignSyntax(text)
	}
	switch {
	case dialect != "":
		s.by[dialect] = append(s.by[dialect], file)
		s.foreign++
		s.first = s.first || first
	case postgresSyntax.MatchString(text) || identitySyntax.MatchString(text):
		s.postgres++
	}
	s.ownNames = s.ownNames || hints && ownNames.MatchString(text)
}

// isPostgres tells that most files are PostgreSQL's beyond doubt.
func (s syntaxSample) isPostgres() bool {
	return s.foreign == 0 && 2*s.postgres >= s.files && s.postgres > 0
}

// verdict says for which other database most files are. A stray word in one file says
// nothing of the folder where another file is PostgreSQL's, and a quote or a type nothing
// at all: that file is wrong.
func (s syntaxSample) verdict() (dialect, evidence string) {
	most := 2*s.foreign >= s.files || (s.first || s.foreign > len(s.by[backquoted])+len(s.by[anotherDatabase])) && s.postgres == 0
	if s.ownNames || s.foreign <= s.postgres || !most {
		return "", ""
	}
	for _, sign := range dialectSigns() {
		if sign.dialect != backquoted && len(s.by[sign.dialect]) > len(s.by[dialect]) {
			dialect = sign.dialect
		}
	}
	if dialect == "" {
		return "mysql", "the syntax of " + s.by[backquoted][0]
	}
	return dialect, "the syntax of " + s.by[dialect][0]
}

// ForeignTo returns the other database whose syntax a statement has that PostgreSQL refuses,
// as its makers write it; "" for none.
func ForeignTo(sql string) string {
	switch dialect := foreignSyntax(sqlNoise.ReplaceAllString(sql, " ")); dialect {
	case backquoted:
		return "MySQL"
	default:
		return cmp.Or(dialectNames[dialect], dialect)
	}
}

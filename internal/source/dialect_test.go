package source

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestDialectOfPath(t *testing.T) {
	for dir, want := range map[string]dialectClue{
		"db/hsqldb":                     {"hsqldb", "hsqldb", false},
		"src/main/resources/H2":         {"h2", "h2", false},
		"driver/riversqlite/migration":  {"sqlite", "riversqlite", true},
		"db/migration-mariadb":          {"mariadb", "migration-mariadb", true},
		"sql/h2-migrations":             {"h2", "h2-migrations", true},
		"oracle/db/postgresql":          {"postgresql", "postgresql", false},
		"postgres/clickhouse/schema":    {"clickhouse", "clickhouse", false},
		"services/oracle/migrations":    {"oracle", "oracle", true},
		"mysql-to-postgres/migrations":  {},
		"services/angel/gelato/d1stats": {},
		"db/migrations":                 {},
	} {
		if got := dialectOfPath(dir); got != want {
			t.Errorf("%s: %+v, want %+v", dir, got, want)
		}
	}
}

func TestDetectDialects(t *testing.T) {
	const plain = "CREATE TABLE t (id int, name varchar(20));"
	tests := []struct {
		name  string
		files []string
		want  []string // as in TestDetect
	}{
		{"H2 with plain SQL", []string{"db/h2/V1__a.sql: " + plain, "db/postgres/V1__a.sql: " + plain}, []string{"db/h2 Flyway !H2 (the folder h2)", "db/postgres Flyway"}},
		{"H2 with MySQL's words", []string{"db/h2/V1__a.sql: CREATE TABLE t (id int AUTO_INCREMENT);"}, []string{"db/h2 Flyway !H2"}},
		{"Oracle, Db2 and HSQLDB", []string{"sql/oracle/1_a.sql", "sql/db2/1_a.sql", "sql/hsql/1_a.sql"}, []string{"sql/db2 plain SQL !Db2", "sql/hsql plain SQL !HSQLDB", "sql/oracle plain SQL !Oracle"}},
		{"an oracle that is none", []string{"oracle/migrations/1_a.sql: CREATE TABLE prices (at timestamptz);"}, []string{"oracle/migrations plain SQL"}},
		{"from MySQL to PostgreSQL", []string{"from-mysql/migrations/1_a.sql: CREATE TABLE t (a jsonb);"}, []string{"from-mysql/migrations plain SQL"}},
		{"a driver for SQLite", []string{"driver/fastsqlite/migrations/1_a.up.sql: " + plain}, []string{"driver/fastsqlite/migrations golang-migrate !SQLite ~names of its files"}},
		{"ClickHouse by syntax", []string{"analytics/migrations/1_a.sql: CREATE TABLE e (at DateTime64(3), `k` LowCardinality(String)) ENGINE = ReplacingMergeTree ORDER BY (k, at);", "analytics/migrations/2_b.sql: ALTER TABLE e ON CLUSTER main ADD COLUMN n Nullable(Int32);"}, []string{"analytics/migrations plain SQL !ClickHouse (the syntax of 1_a.sql)"}},
		{"ClickHouse with casts", []string{"m/1_a.sql: CREATE VIEW v AS SELECT x::String FROM t; CREATE TABLE u (n UInt64) ENGINE = MergeTree ORDER BY n;"}, []string{"m plain SQL !ClickHouse"}},
		{"Oracle by syntax", []string{"m/1_a.sql: CREATE TABLE t (id NUMBER(10), name VARCHAR2(20));"}, []string{"m plain SQL !Oracle"}},
		{"SQL Server by syntax", []string{"m/1_a.sql: CREATE TABLE t (id UNIQUEIDENTIFIER, name NVARCHAR(20));\nGO\n"}, []string{"m plain SQL !SQL Server"}},
		{"HSQLDB by syntax", []string{"m/1_a.sql: CREATE CACHED TABLE t (a LONGVARCHAR);"}, []string{"m plain SQL !HSQLDB"}},
		{"SQLite, in the first file only", []string{"m/1_a.sql: CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);", "m/2_b.sql: " + plain, "m/3_c.sql: " + plain, "m/4_d.sql: " + plain}, []string{"m plain SQL !SQLite"}},
		{"a stray backquote", []string{"m/1_a.sql: " + plain, "m/2_b.sql: " + plain, "m/3_c.sql: ALTER TABLE t DROP COLUMN `name`;"}, []string{"m plain SQL"}},
		{"columns called like that", []string{"m/1_a.sql: CREATE TABLE t (number int, nullable bool, cluster text, engine text, uint text);"}, []string{"m plain SQL"}},
		{"every file for MySQL", []string{"m/1_a.mysql.sql: " + plain, "m/2_b.mysql.sql: " + plain}, []string{"m plain SQL !MySQL (the name of 1_a.mysql.sql)"}},
		{"SQLite by a type and its dates", []string{"m/1_a.sql: CREATE TABLE notes (id text primary key, body blob not null);", "m/2_b.sql: CREATE TABLE seen (at text default (strftime('%s', 'now')), day text default (datetime('now', 'utc')));"}, []string{"m plain SQL !(the syntax of"}},
		{"SQLite's ifnull", []string{"m/1_a.sql: CREATE VIEW v AS SELECT ifnull('a', 'b');"}, []string{"m plain SQL !SQLite"}},
		{"a type of several others", []string{"m/1_a.sql: CREATE TABLE notes (id int, body blob);"}, []string{"m plain SQL !its migrations are for another database (the syntax of 1_a.sql)"}},
		{"a type of several others, added", []string{"m/1_a.sql: ALTER TABLE notes ADD body CLOB;"}, []string{"m plain SQL !another database"}},
		{"columns and tables called like types and functions", []string{"m/1_a.sql: CREATE TABLE number (blob bytea, clob text, number int, datetime timestamp);", "m/2_b.sql: INSERT INTO number (number, blob) SELECT number, blob FROM old; ALTER TABLE t DROP COLUMN blob, DROP COLUMN number; CREATE TABLE datetime (\n a int);"}, []string{"m plain SQL"}},
		{"columns and constraints called like types, added", []string{"m/1_a.sql: ALTER TABLE t ADD COLUMN number integer, ADD COLUMN IF NOT EXISTS blob bytea, ADD CONSTRAINT number UNIQUE (a);", "m/2_b.sql: CREATE TABLE u (LIKE number, CONSTRAINT blob UNIQUE (a)); ALTER TABLE u ADD clob text; ALTER PUBLICATION p ADD TABLE number;"}, []string{"m plain SQL"}},
		{"columns of types of several others, added", []string{"m/1_a.sql: ALTER TABLE t ADD COLUMN IF NOT EXISTS body CLOB;"}, []string{"m plain SQL !another database"}},
		{"a table called cluster", []string{"m/1_a.sql: CREATE INDEX i ON cluster (id); GRANT SELECT ON cluster TO r; CREATE TRIGGER t BEFORE UPDATE ON cluster FOR EACH ROW EXECUTE FUNCTION f();"}, []string{"m plain SQL"}},
		{"ClickHouse by its clusters", []string{"m/1_a.sql: CREATE TABLE IF NOT EXISTS app.t ON CLUSTER '{cluster}' (id String);", "m/2_b.sql: DROP TABLE app.t ON CLUSTER main;"}, []string{"m plain SQL !ClickHouse"}},
		{"SQLite with spaces, among plain SQL", []string{"m/1_a.sql: " + plain, "m/2_b.sql: " + plain, "m/3_c.sql: CREATE TABLE seen (at text DEFAULT (strftime ('%s', 'now')));", "m/4_d.sql: " + plain}, []string{"m plain SQL !SQLite (the syntax of 3_c.sql)"}},
		{"SQLite, and ways back that say nothing", []string{"m/1_a.up.sql: CREATE TABLE t (id integer PRIMARY KEY, body blob);", "m/1_a.down.sql: DROP TABLE t;", "m/2_b.up.sql: " + plain, "m/2_b.down.sql: DROP TABLE u;"}, []string{"m golang-migrate !another database ~by the names"}},
		{"a slip among PostgreSQL's", []string{"m/1_a.sql: CREATE TABLE t (id bigserial);", "m/2_b.sql: " + plain, "m/3_c.sql: CREATE TABLE u (id int AUTO_INCREMENT);"}, []string{"m plain SQL"}},
		{"a domain that PostgreSQL makes", []string{"m/1_a.sql: CREATE DOMAIN blob AS bytea;", "m/2_b.sql: CREATE TABLE notes (id int, body blob);", "m/3_c.sql: CREATE TABLE pages (id int, body blob);"}, []string{"m plain SQL"}},
		{"a function that PostgreSQL makes", []string{"m/1_a.sql: CREATE OR REPLACE FUNCTION public.ifnull(a text, b text) RETURNS text LANGUAGE sql AS 'SELECT coalesce(a, b)';", "m/2_b.sql: CREATE VIEW v AS SELECT ifnull('', n) FROM t;", "m/3_c.sql: CREATE VIEW w AS SELECT ifnull('', n) FROM t;"}, []string{"m plain SQL"}},
		{"orafce", []string{"m/1_a.sql: CREATE EXTENSION orafce;", "m/2_b.sql: CREATE TABLE a (n varchar2(9));", "m/3_c.sql: CREATE TABLE b (n varchar2(9));"}, []string{"m plain SQL"}},
		{"one blob among others", []string{"m/1_a.sql: CREATE TABLE a (id bigserial);", "m/2_b.sql: " + plain, "m/3_c.sql: CREATE TABLE b (x blob);"}, []string{"m plain SQL"}},
		{"Oracle with identities", []string{"m/1_a.sql: CREATE TABLE t (id NUMBER GENERATED ALWAYS AS IDENTITY, price NUMBER NOT NULL);"}, []string{"m plain SQL !Oracle (the syntax of 1_a.sql)"}},
		{"PostgreSQL with identities", []string{"m/1_a.sql: CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY, number int);"}, []string{"m plain SQL"}},
		{"Oracle beside PostgreSQL", []string{"sql/oracle/V1__a.sql: CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);", "sql/postgresql/V1__a.sql: " + plain}, []string{"sql/oracle Flyway !Oracle (the folder oracle)", "sql/postgresql Flyway"}},
		{"an oracle beside what is no twin", []string{"oracle/migrations/1_a.sql: CREATE TABLE prices (at timestamptz);", "postgres/init.txt: x"}, []string{"oracle/migrations plain SQL"}},
		{"numbers of versions", []string{"db/mysql8/1_a.sql: " + plain, "db/oracle-19/1_a.sql: " + plain, "db/postgres15/1_a.sql: " + plain}, []string{"db/mysql8 plain SQL !MySQL (the folder mysql8)", "db/oracle-19 plain SQL !Oracle (the folder oracle-19)", "db/postgres15 plain SQL"}},
		{"a number that is PostgreSQL's", []string{"db/oracle2/1_a.sql: CREATE TABLE prices (at timestamptz);"}, []string{"db/oracle2 plain SQL"}},
		{"an oracle and a snowflake of plain SQL", []string{"services/oracle/migrations/1_a.sql: " + plain, "services/snowflake/migrations/1_a.sql: " + plain, "lib/spanner-prices/migrations/1_a.sql: " + plain}, []string{"lib/spanner-prices/migrations plain SQL", "services/oracle/migrations plain SQL", "services/snowflake/migrations plain SQL"}},
		{"Snowflake by its folder and syntax", []string{"snowflake/migrations/1_a.sql: CREATE OR REPLACE TRANSIENT TABLE t (id int, at TIMESTAMP_NTZ, more VARIANT);"}, []string{"snowflake/migrations plain SQL !Snowflake (the folder snowflake)"}},
		{"Spanner by its folder and syntax", []string{"spanner/migrations/1_a.sql: CREATE TABLE t (id INT64, name STRING(MAX)) PRIMARY KEY (id);"}, []string{"spanner/migrations plain SQL !Spanner (the folder spanner)"}},
		{"directories within a folder of Flyway", []string{"db/V1__a.sql: " + plain, "db/postgresql/V2__b.sql: " + plain, "db/h2/V2__b.sql: " + plain}, []string{"db Flyway"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := Detect(tree(test.files...))
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(test.want) {
				t.Fatalf("found %+v, want %v", found, test.want)
			}
			for i, want := range test.want {
				compareFound(t, found[i], want)
			}
		})
	}
}

func TestVariants(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  []string // names of migrations
	}{
		{"each for four databases", []string{"1_a.cockroach.up.sql", "1_a.mysql.up.sql", "1_a.postgres.up.sql", "1_a.sqlite3.up.sql", "1_a.postgres.down.sql", "1_a.mysql.down.sql"}, []string{"1_a.postgres"}},
		{"some for all", []string{"1_a.up.sql", "2_b.mysql.up.sql", "2_b.postgresql.up.sql", "3_c.up.sql", "3_c.sqlite3.up.sql"}, []string{"1_a", "2_b.postgresql", "3_c"}},
		{"one of its own beside that for all", []string{"1_a.up.sql", "1_a.pg.up.sql", "1_a.mysql.up.sql"}, []string{"1_a.pg"}},
		{"one that only others have", []string{"1_a.postgres.up.sql", "1_a.mysql.up.sql", "2_b.mysql.up.sql", "3_c.postgres.autocommit.up.sql"}, []string{"1_a.postgres", "3_c.postgres.autocommit"}},
		{"without directions", []string{"001_a_pg.sql", "001_a_sqlite.sql", "002_b_pg.sql", "002_b_sqlite.sql"}, []string{"001_a_pg", "002_b_pg"}},
		{"for all by name", []string{"V1.a.all.up.sql", "V2.b.postgres.up.sql", "V2.b.mysql.up.sql"}, []string{"V1.a.all.up", "V2.b.postgres.up"}},
		{"names that tell what is done", []string{"001_a.sql", "002_leave_mysql.sql", "003_revoke_all.sql", "004_to_pg.sql"}, []string{"001_a", "002_leave_mysql", "003_revoke_all", "004_to_pg"}},
		{"done beside variants", []string{"1_a.mysql.up.sql", "1_a.postgres.up.sql", "2_leave_mysql.up.sql"}, []string{"1_a.postgres", "2_leave_mysql"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var lines []string
			for _, f := range test.files {
				lines = append(lines, "db/migrations/"+f)
			}
			s := reviewed(t, nil, tree(lines...))
			if got := names(s.Head); !slices.Equal(got, test.want) {
				t.Errorf("migrations are %v, want %v", got, test.want)
			}
			if len(s.Findings) > 0 {
				t.Errorf("found %v", s.Findings)
			}
		})
	}
}

// TestVariantsGoBack has a way back for each database.
func TestVariantsGoBack(t *testing.T) {
	s := reviewed(t, nil, tree(
		"db/migrations/1_a.mysql.up.sql", "db/migrations/1_a.postgres.up.sql",
		"db/migrations/1_a.mysql.down.sql: DROP TABLE m;", "db/migrations/1_a.postgres.down.sql: DROP TABLE p;"))
	if down := s.Undo.Down(s.Head[0]); down == nil || down.Path != "db/migrations/1_a.postgres.down.sql" {
		t.Errorf("the way back is %+v", down)
	}
}

// TestVariantsAreToldOf has new files that are left out, which count unless the base leaves
// out others like them.
func TestVariantsAreToldOf(t *testing.T) {
	const (
		doubtful = "; nothing on main shows that what runs the folder leaves it out"
		twins    = "m/1_a.mysql.up.sql m/1_a.postgres.up.sql"
	)
	tests := []struct {
		name       string
		base, head string   // files; head has those of base, too
		want       []string // names of migrations
		told       []string // "path, begins like that"; ! in front of what counts
	}{
		{"as on the base", twins, "m/2_b.mysql.up.sql m/2_b.postgres.up.sql m/3_c.sqlite.up.sql", []string{"1_a.postgres", "2_b.postgres"},
			[]string{"m/2_b.mysql.up.sql is for MySQL by its name, and was left out", "m/3_c.sqlite.up.sql is for SQLite by its name, and"}},
		{"a folder of plain files", "m/01_a_pg.sql m/01_a_sqlite.sql", "m/02_b_pg.sql m/02_b_mysql.sql", []string{"01_a_pg", "02_b_pg"}, []string{"!m/02_b_mysql.sql is for MySQL by its name, and was left out" + doubtful}},
		{"a drop behind ways back", "m/1_a.up.sql m/1_a.down.sql m/2_b.up.sql", "m/3_drop_mysql.up.sql m/0.down.sql m/0_mysql.down.sql", []string{"1_a", "2_b", "3_drop_mysql"}, nil},
		{"a drop behind twins of its own branch", "m/1_a.up.sql m/2_b.up.sql", "m/3_c.up.sql m/3_c_mysql.up.sql m/4_drop_mysql.up.sql", []string{"1_a", "2_b", "3_c"},
			[]string{"!m/3_c_mysql.up.sql is for MySQL by its name, like 1 more, and was left out" + doubtful}},
		{"a drop beside one for PostgreSQL", "m/1_a.sql", "m/2_drop.sql m/2_drop.postgres.sql m/2_drop.mysql.sql", []string{"1_a", "2_drop.postgres"},
			[]string{"!m/2_drop.mysql.sql is for MySQL", "!m/2_drop.sql gives way to the one of the same name that is for PostgreSQL, and"}},
		{"one of the base gives way", twins + " m/2_b.up.sql", "m/2_b.postgres.up.sql", []string{"1_a.postgres", "2_b.postgres"}, []string{"!m/2_b.up.sql gives way"}},
		{"many", "m/1_a.sql m/2_b.sql m/3_c.sql m/4_d.sql", "m/1_a.mysql.sql m/2_b.mysql.sql m/3_c.mysql.sql m/4_d.mysql.sql", []string{"1_a", "2_b", "3_c", "4_d"},
			[]string{`!m/1_a.mysql.sql is for MySQL by its name, like 3 more, and was left out` + doubtful + `, too; call it otherwise if it is to run, else say so under migrations in .migvet.yml: {dir: m, exclude: ["*.mysql*"]}`}},
		{"a new folder", "", twins, []string{"1_a.postgres"}, []string{"!m/1_a.mysql.up.sql is for MySQL"}},
		{"Supabase", "supabase/migrations/1_a.sql", "supabase/migrations/2_drop.sql supabase/migrations/3_drop_mysql.sql supabase/migrations/3_drop_pg.sql", []string{"1_a", "2_drop", "3_drop_mysql", "3_drop_pg"}, nil},
		{"Flyway's repeatable migrations", "m/V1__a.sql", "m/R__d.sql m/R__d_mysql.sql", []string{"V1__a", "R__d", "R__d_mysql"}, nil},
		{"Flyway's directories", "m/V1__a.sql", "m/postgresql/V2__b.sql m/h2/V2__b.sql", []string{"V1__a", "postgresql/V2__b"}, []string{"!m/h2/V2__b.sql is in m/h2, beside a directory for PostgreSQL, and was left out"}},
		{"Flyway's directories as on the base", "m/V1__a.sql m/postgresql/V2__b.sql m/h2/V2__b.sql", "m/h2/V3__b.sql m/postgresql/2026/V3__b.mysql.sql m/postgresql/2026/V3__b.pg.sql", []string{"V1__a", "postgresql/V2__b", "postgresql/2026/V3__b.pg"},
			[]string{"!m/postgresql/2026/V3__b.mysql.sql is for MySQL", "m/h2/V3__b.sql is in m/h2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			base := strings.Fields(test.base)
			head := tree(append(base, strings.Fields(test.head)...)...)
			var s *Source
			if len(base) == 0 {
				s = reviewed(t, nil, head)
			} else {
				s = reviewed(t, tree(base...), head)
			}
			if got := names(s.Head); !slices.Equal(got, test.want) {
				t.Errorf("migrations are %v, want %v", got, test.want)
			}
			compareUnchecked(t, s.Unchecked, test.told)
			if got := brief(s); slices.ContainsFunc(got, func(f string) bool { return strings.Contains(f, "was deleted") }) {
				t.Errorf("found %v", got)
			}
		})
	}
}

// compareUnchecked compares with "path reason", ! in front of what counts.
func compareUnchecked(t *testing.T, all []Unchecked, want []string) {
	t.Helper()
	var got []string
	for _, u := range all {
		text := u.Path + " " + u.Reason
		if !u.Known {
			text = "!" + text
		}
		got = append(got, text)
	}
	if !slices.EqualFunc(got, want, strings.HasPrefix) {
		t.Errorf("not checked: %q, want %q", got, want)
	}
}

// TestVariantsWithoutBase has nothing that could show what a branch adds.
func TestVariantsWithoutBase(t *testing.T) {
	s := Review(nil, load(t, tree("m/1_a.mysql.sql", "m/1_a.postgres.sql")), ReviewOptions{})
	compareUnchecked(t, s.Unchecked, []string{"m/1_a.mysql.sql is for MySQL by its name, and was left out"})
}

// TestVariantsOfNamedFolders has a person say of which tool they are.
func TestVariantsOfNamedFolders(t *testing.T) {
	base, head := tree("m/1_a.mysql.sql", "m/1_a.pg.sql"), tree("m/1_a.mysql.sql", "m/1_a.pg.sql", "m/2_b.mysql.sql")
	var folders []*Folder
	for _, fsys := range []fs.FS{base, head} {
		found, err := At(fsys, "m", "plain")
		if err != nil {
			t.Fatal(err)
		}
		folder, err := Load(fsys, found)
		if err != nil {
			t.Fatal(err)
		}
		folders = append(folders, folder)
	}
	s := Review(folders[0], folders[1], ReviewOptions{Base: "main"})
	compareUnchecked(t, s.Unchecked, []string{"m/2_b.mysql.sql is for MySQL by its name, and was left out"})
}

// TestDialectDirectories has Flyway look below its folder for what is PostgreSQL's.
func TestDialectDirectories(t *testing.T) {
	s := reviewed(t, nil, tree("db/V1__a.sql", "db/postgresql/V2__b.sql", "db/h2/V2__b.sql", "db/mysql/more/V3__c.sql", "db/views/R__v.sql"))
	if got := names(s.Head); !slices.Equal(got, []string{"V1__a", "postgresql/V2__b", "views/R__v"}) {
		t.Errorf("migrations are %v", got)
	}
}

// TestDialectsOfProjects has SQL that any database may run, and projects that say which.
func TestDialectsOfProjects(t *testing.T) {
	const (
		neutral   = "app/migrations/1_a.sql: CREATE TABLE t (id integer, name text);"
		sqlite    = "app/Cargo.toml: [package]\nname = \"app\"\n[dependencies]\nsqlx = { version = \"0.8\", features = [\"runtime-tokio\", \"sqlite\"] }\n"
		changelog = "app/migrations/1_a.sql: --liquibase formatted sql\n--changeset me:1\nCREATE TABLE t (id integer);"
		oracleURL = "app/liquibase.properties: url=jdbc:oracle:thin:@localhost:1521/X\n"
	)
	const byOrder, byNames = " ~no changelog names", " ~taken for a folder of golang-migrate"
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"sqlx for SQLite", []string{neutral, sqlite}, "app/migrations sqlx !SQLite (sqlx's features in app/Cargo.toml)"},
		{"sqlx for MySQL in a table of its own", []string{neutral, "app/Cargo.toml: [package]\nname = \"app\"\n[dependencies.sqlx]\nfeatures = [\"mysql\"]\n"}, "app/migrations sqlx !MySQL"},
		{"sqlx for both", []string{neutral, strings.Replace(sqlite, `"sqlite"`, `"sqlite", "postgres"`, 1)}, "app/migrations sqlx"},
		{"sqlx for any", []string{neutral, strings.Replace(sqlite, `"sqlite"`, `"sqlite", "any"`, 1)}, "app/migrations sqlx"},
		{"PostgreSQL by a feature", []string{neutral, sqlite + "[features]\nserver = [\"sqlx/postgres\"]\n"}, "app/migrations sqlx"},
		{"PostgreSQL by its SQL", []string{neutral, "app/migrations/2_b.sql: CREATE TABLE u (at timestamptz);", sqlite}, "app/migrations sqlx"},
		{"PostgreSQL by its URL", []string{neutral, sqlite, ".env.example: DATABASE_URL=postgres://localhost/app\n"}, "app/migrations sqlx"},
		{"PostgreSQL by its name", []string{strings.Replace(neutral, "migrations", "migrations/postgres", 1), sqlite}, "app/migrations/postgres sqlx"},
		{"goose for CockroachDB", []string{"db/1_a.sql: -- +goose Up\nCREATE TABLE t (id uuid PRIMARY KEY, at timestamptz, INDEX t_at (at));", "db/2_b.sql: -- +goose Up\nCREATE TABLE u (at timestamptz);", "go.mod: require github.com/cockroachdb/cockroach-go/v2 v2.3.0\nrequire github.com/lib/pq v1.10.0\n"},
			"db goose !CockroachDB (the syntax of 1_a.sql, and go.mod)"},
		{"goose for either", []string{"db/1_a.sql: -- +goose Up\nCREATE TABLE t (id uuid PRIMARY KEY, at timestamptz);", "go.mod: require github.com/cockroachdb/cockroach-go/v2 v2.3.0\n"}, "db goose"},
		{"golang-migrate for CockroachDB by its URL", []string{"m/1_a.up.sql: CREATE TABLE t (id uuid PRIMARY KEY, at timestamptz);", "Makefile: up:\n\tmigrate -path m -database \"cockroachdb://root@localhost:26257/a\" up\n", "go.mod: require github.com/lib/pq v1.10.0\n"},
			"m golang-migrate !CockroachDB (the URL in Makefile)" + byNames},
		{"golang-migrate for either by their URLs", []string{"m/1_a.up.sql: CREATE TABLE t (id uuid PRIMARY KEY);", "Makefile: up:\n\tmigrate -database cockroachdb://localhost/a up\n\tmigrate -database postgres://localhost/a up\n"}, "m golang-migrate" + byNames},
		{"golang-migrate for either by an image", []string{"m/1_a.up.sql: CREATE TABLE t (id uuid PRIMARY KEY);", "Makefile: up:\n\tmigrate -database cockroachdb://localhost/a up\n", "compose.yaml: services:\n  db:\n    image: postgres:16\n"}, "m golang-migrate" + byNames},
		{"Redshift by its keys", []string{"m/1_a.up.sql: CREATE TABLE t (id bigint, at timestamp, n int ENCODE az64)\nDISTKEY(id) SORTKEY(at);"}, "m golang-migrate !Redshift (the syntax of 1_a.up.sql)" + byNames},
		{"Redshift by its style", []string{"m/1_a.up.sql: CREATE TABLE t (id bigint)\nDISTSTYLE EVEN\nCOMPOUND SORTKEY (id);"}, "m golang-migrate !Redshift" + byNames},
		{"columns called as Redshift's keys", []string{"m/1_a.up.sql: CREATE TABLE t (id bigint, sortkey int, distkey int, encode text);\nCREATE INDEX ON t (sortkey);\nINSERT INTO t (sortkey) VALUES (1);"}, "m golang-migrate" + byNames},
		{"YugabyteDB by its hash", []string{"m/1_a.up.sql: CREATE TABLE t (id bigint, at timestamptz, PRIMARY KEY ((id) HASH, at ASC));"}, "m golang-migrate !YugabyteDB (the syntax of 1_a.up.sql)" + byNames},
		{"YugabyteDB by its tablets", []string{"m/1_a.up.sql: CREATE TABLE t (id bigint PRIMARY KEY) SPLIT INTO 10 TABLETS;"}, "m golang-migrate !YugabyteDB" + byNames},
		{"a key called hash", []string{"m/1_a.up.sql: CREATE TABLE t (a int, hash text, PRIMARY KEY (hash), UNIQUE (a, hash)) PARTITION BY HASH (hash);\nCREATE TABLE u (hash text PRIMARY KEY, note text CHECK (note <> ''));\nCREATE TABLE v (a int, hash text, PRIMARY KEY (a, hash));\nCREATE INDEX ON t USING hash (hash);"}, "m golang-migrate" + byNames},
		{"CockroachDB by its types", []string{"db/1_a.sql: -- +goose Up\nCREATE TABLE t (id uuid PRIMARY KEY, name STRING, at timestamptz);"}, "db goose !CockroachDB (the syntax of 1_a.sql)"},
		{"a domain of its own", []string{"db/1_a.sql: -- +goose Up\nCREATE DOMAIN string AS text;\nCREATE TABLE t (name string);"}, "db goose"},
		{"Flyway for MySQL by its libraries", []string{"src/main/resources/db/migration/V2__a.sql: ALTER TABLE t ADD COLUMN n int;", "pom.xml: <artifactId>flyway-mysql</artifactId>"}, "src/main/resources/db/migration Flyway !MySQL (pom.xml names its libraries, and nothing names PostgreSQL's)"},
		{"Flyway for MySQL by its URL", []string{"src/main/resources/db/migration/V2__a.sql: ALTER TABLE t ADD COLUMN n int;", "src/main/resources/application-prod.yml: spring.datasource.url: jdbc:mysql://db/a\n"}, "src/main/resources/db/migration Flyway !MySQL"},
		{"Flyway with libraries of both", []string{"src/main/resources/db/migration/V2__a.sql: ALTER TABLE t ADD COLUMN n int;", "pom.xml: <artifactId>flyway-mysql</artifactId><artifactId>postgresql</artifactId>"}, "src/main/resources/db/migration Flyway"},
		{"Flyway with SQL of PostgreSQL", []string{"src/main/resources/db/migration/V2__a.sql: ALTER TABLE t ADD COLUMN n jsonb;", "pom.xml: <artifactId>flyway-mysql</artifactId>"}, "src/main/resources/db/migration Flyway"},
		{"a workspace", []string{neutral, sqlite + "[workspace]\nmembers = [\"server\"]\n"}, "app/migrations sqlx"},
		{"a manifest that is none", []string{neutral, sqlite + "[[\n"}, "app/migrations sqlx"},
		{"Diesel for SQLite", []string{"migrations/2024-01-01-000000_a/up.sql: CREATE TABLE t (id integer);", "Cargo.toml: [package]\nname = \"a\"\n[dependencies]\ndiesel = { features = [\"sqlite\"] }\n"}, "migrations Diesel !SQLite (diesel's features in Cargo.toml)"},
		{"Liquibase for Oracle", []string{changelog, oracleURL}, "app/migrations Liquibase !Oracle (the URL in app/liquibase.properties)" + byOrder},
		{"Liquibase for SQL Server by its command's key", []string{changelog, "liquibase.properties: liquibase.command.url: jdbc:sqlserver://localhost\n"}, "app/migrations Liquibase !SQL Server" + byOrder},
		{"Liquibase for PostgreSQL, nearer than Oracle", []string{changelog, "app/liquibase.properties: url=jdbc:postgresql://localhost/a\n", "liquibase.properties: url=jdbc:oracle:thin:@x\n"}, "app/migrations Liquibase" + byOrder},
		{"Liquibase for what the environment says", []string{changelog, "app/liquibase.properties: url=${URL}\n"}, "app/migrations Liquibase" + byOrder},
		{"Liquibase with H2 for tests", []string{changelog, "liquibase.properties: url=jdbc:h2:mem:a\n", "pom.xml: <artifactId>postgresql</artifactId>\n"}, "app/migrations Liquibase" + byOrder},
		{"Liquibase with H2", []string{changelog, "liquibase.properties: url=jdbc:h2:mem:a\n"}, "app/migrations Liquibase !H2" + byOrder},
		{"H2 that plays PostgreSQL", []string{changelog, "liquibase.properties: url=jdbc:h2:mem:a;MODE=PostgreSQL\n"}, "app/migrations Liquibase" + byOrder},
		{"Liquibase with a changeset for PostgreSQL", []string{strings.Replace(changelog, "me:1", "me:1 dbms:postgresql", 1), oracleURL}, "app/migrations Liquibase" + byOrder},
		{"Liquibase with a changelog", []string{changelog, oracleURL, "app/db.changelog-root.xml: <databaseChangeLog><include file=\"migrations/1_a.sql\" relativeToChangelogFile=\"true\"/></databaseChangeLog>"}, "app Liquibase !Oracle"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found, err := Detect(tree(test.files...))
			if err != nil || len(found) != 1 {
				t.Fatalf("found %+v, %v", found, err)
			}
			compareFound(t, found[0], test.want)
		})
	}
}

package rows

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestDescribe makes PostgreSQL itself write the errors.
func TestDescribe(t *testing.T) { onVersions(t, testDescribe) }

func testDescribe(t *testing.T, version string) {
	d := newDatabaseOn(t, version)
	d.load(t, `
		CREATE TYPE mood AS ENUM ('sad', 'ok');
		CREATE DOMAIN small AS int CONSTRAINT small_check CHECK (VALUE < 5);
		CREATE TABLE parents (id int PRIMARY KEY);
		INSERT INTO parents VALUES (1), (2);
		CREATE TABLE t (id int, owner int, a text, b text, n bigint, at timestamptz);
		INSERT INTO t VALUES (1, 1, 'x', 'y', 3000000000, now()), (2, NULL, 'x', 'y', 0, now()), (3, 77, 'X', 'z', 5, now());
		CREATE TABLE users (id int, parent int REFERENCES parents);
		INSERT INTO users VALUES (1, 1);
		CREATE TABLE parts (n int) PARTITION BY LIST (n);
		CREATE TABLE loose (n int);
		INSERT INTO loose VALUES (4);`)
	for _, test := range []struct{ sql, want string }{
		{`ALTER TABLE t ALTER owner SET NOT NULL`, "a row where t.owner is NULL"},
		{`ALTER TABLE t ADD c int NOT NULL`, "a row where t.c is NULL"},
		{`CREATE UNIQUE INDEX ON t (a)`, "two rows with the same a"},
		{`CREATE UNIQUE INDEX ON t (a, b)`, "two rows with the same (a, b)"},
		{`CREATE UNIQUE INDEX ON t (lower(a))`, "two rows with the same lower(a)"},
		{`ALTER TABLE t ADD FOREIGN KEY (owner) REFERENCES parents`, "a row of t whose owner is not in parents"},
		{`DELETE FROM parents`, "a row that is deleted or changed while users still refers to it"},
		{`ALTER TABLE t ADD CONSTRAINT n_small CHECK (n < 10)`, "a row of t that violates n_small"},
		{`ALTER TABLE t ALTER n TYPE small`, "a number out of range for integer"},
		{`SELECT id::small FROM generate_series(4, 6) id`, "a value that domain small refuses by small_check"},
		{`INSERT INTO parts VALUES (1)`, "a row of parts that no partition takes"},
		{`CREATE TABLE part2 PARTITION OF parts FOR VALUES IN (2); INSERT INTO part2 VALUES (1)`, "a row of part2 that belongs to another partition"},
		{`ALTER TABLE parts ATTACH PARTITION loose FOR VALUES IN (5)`, "a row of loose that belongs to another partition"},
		{`CREATE TABLE rest PARTITION OF parts DEFAULT; INSERT INTO parts VALUES (6); CREATE TABLE part6 PARTITION OF parts FOR VALUES IN (6)`, "a row of rest that belongs to the new partition"},
		{`DO $$ BEGIN RAISE 'too few' USING ERRCODE = 'check_violation'; END $$`, `a row that code refuses with "too few"`},
		{`DO $$ BEGIN RAISE 'too few' USING ERRCODE = 'check_violation', TABLE = 't', CONSTRAINT = 'n_few'; END $$`, "a row of t that violates n_few"},
		{`ALTER TABLE t ALTER n TYPE int`, "a number out of range for integer"},
		{`SELECT '99999999999'::text::int`, "a number out of range for integer, such as 99999999999"},
		{`ALTER TABLE t ALTER a TYPE int USING a::int`, `a value that is no integer, such as "x"`},
		{`ALTER TABLE t ALTER a TYPE mood USING a::mood`, `a value that enum mood does not have, such as "x"`},
		{`ALTER TABLE t ALTER a TYPE date USING a::date`, `a value that is no date, such as "x"`},
		{`ALTER TABLE t ALTER a TYPE uuid USING a::uuid`, `a value that is no uuid, such as "x"`},
		{`ALTER TABLE t ALTER a TYPE json USING a::json`, `a value that cannot be converted: "invalid input syntax for type json"`},
		{`ALTER TABLE t ADD v varchar(3); UPDATE t SET v = 'long' || a`, "a value too long for character varying(3)"},
		{`ALTER TABLE t ADD EXCLUDE (a WITH =)`, "two rows of t that exclude each other by t_a_excl"},
		{`SELECT 1 / (id - 1) FROM t`, "a row where a divisor is zero"},
		{`SELECT (SELECT id FROM t)`, "several rows where a subquery may find one"},
		{`DO $$ BEGIN RAISE EXCEPTION 'no' || E'\nway'; END $$`, ""},
		{`DO $$ BEGIN RAISE 'still % rows', 3; END $$`, `data for which the migration raises "still 3 rows"`},
		{`CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RAISE 'it stays'; END $f$; CREATE TRIGGER stay BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stay(); UPDATE t SET id = id`, `data for which stay() raises "it stays"`},
		{`CREATE FUNCTION few(n int) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN ASSERT n > 3, 'few'; RETURN n; END $f$; DO $$ BEGIN PERFORM few(2); END $$`, `data for which few() fails by ASSERT with "few"`},
		{`DO $$ DECLARE i int; BEGIN SELECT id INTO STRICT i FROM t; END $$`, "several rows where SELECT INTO STRICT must find one"},
		{`DO $$ DECLARE i int; BEGIN SELECT id INTO STRICT i FROM t WHERE false; END $$`, "no row where SELECT INTO STRICT must find one"},
		{`SELECT * FROM nowhere`, ""},
	} {
		_, err := d.owner.PgConn().Exec(context.Background(), test.sql).ReadAll()
		var e *pgconn.PgError
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", test.sql, err)
			continue
		}
		if got := Describe(e); got != test.want {
			t.Errorf("%s\n got %q\nwant %q\n%+v", test.sql, got, test.want, e)
		}
	}
}

func TestDescribeStaysOnOneLine(t *testing.T) {
	evil := "x\n::error::\x1b[31m" + strings.Repeat("ü", 1000) + "\xff"
	for code := range describeByCode {
		got := Describe(&pgconn.PgError{
			Code: code, Message: evil, Detail: "Key (" + evil + ")=(1) is not present in table \"" + evil + "\".",
			TableName: evil, ColumnName: evil, ConstraintName: evil, DataTypeName: evil,
		})
		if got == "" || strings.ContainsAny(got, "\n\r\x1b") || utf8.RuneCountInString(got) > maxPhrase+1 || !utf8.ValidString(got) {
			t.Errorf("%s: %q", code, got)
		}
	}
}

package source

import (
	"strings"
	"testing"

	"github.com/migvet/migvet/lint"
)

// TestSplitLiquibase expects what StringUtil.processMultiLineSQL of Liquibase
// 4.28.0 answered, with the comments that it strips.
func TestSplitLiquibase(t *testing.T) {
	for _, test := range []struct{ sql, delimiter, want string }{
		{"CREATE FUNCTION f() AS $$\nBEGIN\n  a; b;\nEND\n$$;\nSELECT 1;", "", "CREATE FUNCTION f() AS $$\nBEGIN\n  a; b;\nEND\n$$|SELECT 1"},
		{"CREATE FUNCTION f() AS $$ SELECT 1; SELECT 2 $$ LANGUAGE sql; SELECT 3", "", "CREATE FUNCTION f() AS $$ SELECT 1|SELECT 2 $$ LANGUAGE sql|SELECT 3"},
		{"DO $$ DECLARE x int; BEGIN PERFORM 1; IF a THEN b; END IF; END; $$; SELECT 3", "", "DO $$ DECLARE x int|BEGIN PERFORM 1; IF a THEN b; END IF|END|$$|SELECT 3"},
		{"DO $$BEGIN a; END$$; b; c", "", "DO $$BEGIN a|END$$|b|c"},
		{"BEGIN; SELECT 1; COMMIT; SELECT 2;", "", "BEGIN; SELECT 1; COMMIT; SELECT 2;"},
		{"BEGIN TRANSACTION; a; END; b", "", "BEGIN TRANSACTION|a|END|b"},
		{"BEGIN a; BEGIN b; END; c; END; d", "", "BEGIN a; BEGIN b; END; c; END|d"},
		{"x BEGIN a; b; ENDS; c END; d; e", "", "x BEGIN a; b; ENDS; c END|d|e"},
		{"SELECT a.begin; b; c", "", "SELECT a.begin|b|c"},
		{"SELECT 1;\nGO\nSELECT 2\n/\nSELECT 3", "", "SELECT 1|SELECT 2|SELECT 3"},
		{"SELECT 'a\\'; SELECT 'b;c'; SELECT 2", "", "SELECT 'a\\'; SELECT 'b|c'|SELECT 2"},
		{"SELECT 'a;b''c;d'; SELECT \"x;y\"; -- c; d\nSELECT 3 /* a; b */; SELECT 4", "", "SELECT 'a;b''c;d'|SELECT \"x;y\"|-- c; d\nSELECT 3 /* a; b */|SELECT 4"},
		{"a @@ b; c @@ d@@e", "@@", "a|b; c|d@@e"},
		{"BEGIN a @@ END @@ b @@ c", "@@", "BEGIN a @@ END|b|c"},
		{"a\n/\nb / c", `\n/`, "a|b / c"},
		{"a go\nGO\nb", "GO", "a|b"},
		{"a;;b", "", "a|b"},
	} {
		var got []string
		for _, c := range splitLiquibase(test.sql, lint.Span{Start: 0, End: len(test.sql)}, test.delimiter) {
			got = append(got, test.sql[c.Start:c.End])
		}
		if text := strings.Join(got, "|"); text != test.want {
			t.Errorf("%q parts into\n     %q\nwant %q", test.sql, text, test.want)
		}
	}
}

// TestLiquibaseChangelogs finds the files of a changelog in its order.
func TestLiquibaseChangelogs(t *testing.T) {
	const sql = "--liquibase formatted sql\n--changeset a:1\nSELECT 1;"
	for _, test := range []struct {
		name  string
		files []string
		want  string // names of migrations, in order
	}{
		{"XML", []string{
			"db/changelog.xml: <databaseChangeLog xmlns='x'><include file='b.sql' relativeToChangelogFile='true'/><changeSet id='1' author='x'><sql>SELECT 1</sql></changeSet><include file='db/a.sql'/></databaseChangeLog>",
			"db/a.sql: " + sql, "db/b.sql: " + sql, "db/left-out.sql: " + sql,
		}, "db/b.sql a:1, db/changelog.xml !not SQL, db/a.sql a:1"},
		{"nested, by the class path", []string{
			"app/resources/db/db.changelog-master.yaml: databaseChangeLog:\n- include: {file: 'classpath:db/v1/index.json'}\n- includeAll: {path: v2/, relativeToChangelogFile: true}",
			"app/resources/db/v1/index.json: {\"databaseChangeLog\": [{\"include\": {\"file\": \"/db/v1/x.sql\"}}]}",
			"app/resources/db/v1/x.sql: " + sql, "app/resources/db/v2/z.sql: " + sql, "app/resources/db/v2/deep/y.sql: SELECT 1;",
		}, "app/resources/db/v1/x.sql a:1, app/resources/db/v2/deep/y.sql includeAll:raw, app/resources/db/v2/z.sql a:1"},
		{"sqlFile in XML", []string{
			"db/changelog.xml: <databaseChangeLog logicalFilePath='app'><changeSet id='2' author='x'><preConditions/><sqlFile path='v/b.sql' relativeToChangelogFile='true'/><rollback>DROP TABLE b</rollback></changeSet>" +
				"<changeSet id='h2' author='x' dbms='h2'><sqlFile path='v/h2.sql'/></changeSet><changeSet id='t' author='x'><tagDatabase tag='1'/></changeSet>" +
				"<changeSet id='1' author='x'><comment>why</comment><sqlFile dbms='postgresql' path='db/v/a.sql'/><sqlFile dbms='h2' path='v/h2.sql'/></changeSet></databaseChangeLog>",
			"db/v/a.sql: SELECT 1;", "db/v/b.sql: SELECT 1;", "db/v/h2.sql: SELECT 1;", "db/v/left-out.sql: SELECT 1;",
		}, "db/v/b.sql x:2, db/v/a.sql x:1"},
		{"sqlFile in another encoding", []string{
			"db/changelog.xml: <?xml version='1.0' encoding='ISO-8859-1'?><databaseChangeLog><changeSet id='1' author='x'><sqlFile path='b.sql'/></changeSet></databaseChangeLog>", "db/b.sql: SELECT 1;",
		}, "db/b.sql x:1"},
		{"sqlFile in YAML and JSON", []string{
			"db/changelog.yaml: databaseChangeLog:\n- changeSet:\n    id: 7\n    author: x\n    changes:\n    - sqlFile: {path: b.sql, relativeToChangelogFile: true}\n    rollback:\n    - sqlFile: {path: undo.sql}\n- include: {file: db/more.json}\n",
			`db/more.json: {"databaseChangeLog": [{"changeSet": {"id": "8", "author": "y", "changes": [{"sqlFile": {"path": "a.sql", "relativeToChangelogFile": true}}], "rollback": "DROP TABLE a"}}]}`,
			"db/a.sql: SELECT 1;", "db/b.sql: SELECT 1;", "db/undo.sql: SELECT 1;",
		}, "db/b.sql x:7, db/a.sql y:8"},
		{"sqlFile among changesets that are no SQL", []string{
			"db/changelog.xml: <databaseChangeLog><changeSet id='1' author='x'><sqlFile path='a.sql'/></changeSet><changeSet id='2' author='x'><createTable tableName='t'/></changeSet>" +
				"<changeSet id='3' author='x'><sqlFile path='b.sql'/></changeSet><changeSet id='4' author='x'><sqlFile path='c.sql'/><sql>SELECT 1</sql></changeSet></databaseChangeLog>",
			"db/a.sql: SELECT 1;", "db/b.sql: SELECT 1;", "db/c.sql: SELECT 1;",
		}, "db/a.sql x:1, db/changelog.xml !not SQL, db/b.sql x:3, db/changelog.xml !not SQL"},
		{"sqlFile without its file", []string{
			"db/changelog.xml: <databaseChangeLog><changeSet id='1' author='x'><sqlFile path='a.sql'/></changeSet><changeSet id='2' author='x'><sqlFile path='../../etc/b.sql'/></changeSet></databaseChangeLog>", "db/a.sql: SELECT 1;",
		}, "db/a.sql x:1, db/changelog.xml !not SQL"},
		{"no changelog", []string{"sql/b.sql: " + sql, "sql/a.sql: " + sql}, "sql/a.sql a:1, sql/b.sql a:1"},
		{"no file outside", []string{"db/changelog.yaml: databaseChangeLog:\n- include: {file: ../../../etc/passwd.sql, relativeToChangelogFile: true}\n- include: {file: a.sql}", "db/a.sql: " + sql}, "db/a.sql a:1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, s := range loaded(t, nil, test.files...).steps {
				name := s.path + " " + s.name
				if s.opaque != "" {
					name = s.path + " !not SQL"
				}
				got = append(got, name)
			}
			if text := strings.Join(got, ", "); text != test.want {
				t.Errorf("got %s\nwant %s", text, test.want)
			}
		})
	}
}

// TestParseLiquibase reads what may stand behind a changeset's name.
func TestParseLiquibase(t *testing.T) {
	p := parseLiquibase(`--liquibase formatted sql logicalFilePath:moved.sql
--property name:x value:1
--property name:y value:2 dbms:oracle
--changeset "Ann B":"1 a" context:"a and b" labels:l dbms:postgresql,h2 runOnChange:true
--comment why
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT 1
--ignoreLines:1
dropped
SELECT 1;
/* liquibase rollback
SELECT 2;
*/
--changeset b:2 dbms:!postgresql
SELECT 3;
--changeset b:3 ignore:true
--changeset b:4
--validCheckSum: any
SELECT 4;
--rollback SELECT 5;
--rollback SELECT 6;
`)
	if p.wrong != "" || len(p.changesets) != 4 || p.logical != "moved.sql" || p.properties["x"] != "1" || p.properties["y"] != "" {
		t.Fatalf("%+v", p)
	}
	at := func(parts []lint.Span) string {
		var all []string
		for _, c := range parts {
			all = append(all, strings.TrimSpace(p.text[c.Start:c.End]))
		}
		return strings.Join(all, "|")
	}
	c := p.changesets[0]
	if c.author != "Ann B" || c.id != "1 a" || c.contexts != "a and b" || c.labels != "l" || c.comment != "why" || !c.onChange || c.skipped {
		t.Errorf("%+v", c)
	}
	if at(c.body) != "SELECT 1;" || at(c.rollback) != "SELECT 2;" {
		t.Errorf("runs %q, and back %q", at(c.body), at(c.rollback))
	}
	if !p.changesets[1].skipped || !p.changesets[2].skipped {
		t.Error("changesets that are not for PostgreSQL, or to be ignored, run")
	}
	if c = p.changesets[3]; !c.anySum || at(c.rollback) != "SELECT 5;|SELECT 6;" {
		t.Errorf("%+v goes back with %q", c, at(c.rollback))
	}
	for text, want := range map[string]string{
		"--changeset a\nSELECT 1;":    "without author:id",
		"-changeset a:1\nSELECT 1;":   "without author:id",
		"--changeset a:1\n-- nothing": "",
		"--changeset a:1\n\n":         "without SQL, a:1",
	} {
		if got := parseLiquibase("--liquibase formatted sql\n" + text).wrong; !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// TestLiquibaseEdits changes a changeset that is on the base branch.
func TestLiquibaseEdits(t *testing.T) {
	load := func(attributes, sql string) *Folder {
		return loaded(t, nil, "m/a.sql: --liquibase formatted sql\n--changeset a:1"+attributes+"\n"+sql+"\n")
	}
	for _, test := range []struct {
		name, attributes, before, after string
		want                            string // part of the only finding; "" for none
		pending                         bool
	}{
		{"white space", "", "SELECT 1;", "SELECT\n  1;", "", false},
		{"text", "", "SELECT 1;", "SELECT 2;", "refuses to run anything", false},
		{"comment", "", "SELECT 1;", "-- x\nSELECT 1;", "if only in what does not run", false},
		{"accepted", "", "SELECT 1;", "--validCheckSum: any\nSELECT 2;", "is told to accept it", false},
		{"on change", " runOnChange:true", "SELECT 1;", "SELECT 2;", "", true},
		{"always", " runAlways:true", "SELECT 1;", "SELECT 2;", "", true},
		{"always, as it was", " runAlways:true", "SELECT 1;", "SELECT 1;", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := Review(load(test.attributes, test.before), load(test.attributes, test.after), ReviewOptions{})
			said := strings.Join(brief(s), "\n")
			if !strings.Contains(said, test.want) || (said == "") != (test.want == "") {
				t.Errorf("said %q", said)
			}
			row := liquibaseSum(&load(test.attributes, test.before).steps[0]) + " m/a.sql::1::a"
			pending, err := s.Runner.Pending([]string{row}, s.Head)
			if refused := test.want == "" || strings.Contains(test.want, "told"); (err == nil) != refused || (len(pending) > 0) != test.pending {
				t.Errorf("pending %d, %v", len(pending), err)
			}
		})
	}
}

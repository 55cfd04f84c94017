package newer_test

import (
	"strings"
	"testing"
	"time"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/skip"
	"github.com/migvet/migvet/lint/newer"
)

// statements has one of each kind at least, as people write it, and what the parser
// gets to read.
var statements = []struct {
	text, older string
	kinds       []newer.Kind
}{
	{"ALTER TABLE dives ADD CONSTRAINT dives_depth NOT NULL depth NOT VALID",
		"ALTER TABLE dives ADD CONSTRAINT dives_depth CHECK(0)       NOT VALID", []newer.Kind{newer.NotNullConstraint}},
	{`alter table dives add not null "Größe" no inherit, add constraint b not null b`,
		"alter table dives add CHECK(0)           no inherit, add constraint b CHECK(0)  ", []newer.Kind{newer.NotNullConstraint, newer.NotNullConstraint}},
	{"CREATE TABLE dives (a int, CONSTRAINT a_known NOT NULL a, NOT NULL b, b int, c int CONSTRAINT x NOT NULL NO INHERIT)",
		"CREATE TABLE dives (a int, CONSTRAINT a_known CHECK(0)  , CHECK(0)  , b int, c int CONSTRAINT x NOT NULL           )",
		[]newer.Kind{newer.NotNullConstraint, newer.NotNullConstraint, newer.NotNullNoInherit}},
	{"ALTER DOMAIN depth ADD CONSTRAINT known NOT NULL", "ALTER DOMAIN depth ADD CONSTRAINT known CHECK(0)", []newer.Kind{newer.DomainNotNull}},
	{"ALTER TABLE dives ADD CONSTRAINT deep CHECK (depth > 0) NOT ENFORCED",
		"ALTER TABLE dives ADD CONSTRAINT deep CHECK (depth > 0) NOT VALID   ", []newer.Kind{newer.NotEnforced}},
	{"ALTER TABLE dives ADD FOREIGN KEY (site) REFERENCES sites (id) ON DELETE CASCADE NOT ENFORCED",
		"ALTER TABLE dives ADD FOREIGN KEY (site) REFERENCES sites (id) ON DELETE CASCADE NOT VALID   ", []newer.Kind{newer.NotEnforced}},
	{"ALTER TABLE dives ADD COLUMN site bigint REFERENCES sites NOT ENFORCED, ADD CHECK (a > 0) ENFORCED",
		"ALTER TABLE dives ADD COLUMN site bigint REFERENCES sites             , ADD CHECK (a > 0)         ", []newer.Kind{newer.NotEnforced, newer.Enforced}},
	{"CREATE TABLE dives (a int CHECK (a > 0) NOT /* yet */ ENFORCED, CHECK (a < 9) NOT ENFORCED)",
		"CREATE TABLE dives (a int CHECK (a > 0)                       , CHECK (a < 9) NOT VALID   )", []newer.Kind{newer.NotEnforced, newer.NotEnforced}},
	{"ALTER TABLE dives ALTER CONSTRAINT dives_site_fkey ENFORCED, ALTER CONSTRAINT b NOT ENFORCED",
		"ALTER TABLE dives ALTER CONSTRAINT dives_site_fkey         , ALTER CONSTRAINT b             ", []newer.Kind{newer.AlterEnforced, newer.AlterNotEnforced}},
	{"ALTER TABLE dives ALTER CONSTRAINT a INHERIT, ALTER CONSTRAINT b NO INHERIT",
		"ALTER TABLE dives ALTER CONSTRAINT a        , ALTER CONSTRAINT b           ", []newer.Kind{newer.AlterInherit, newer.AlterInherit}},
	{"ALTER TABLE dives ADD COLUMN feet int GENERATED ALWAYS AS (metres * 3) VIRTUAL NOT NULL",
		"ALTER TABLE dives ADD COLUMN feet int GENERATED ALWAYS AS (metres * 3) STORED  NOT NULL", []newer.Kind{newer.Virtual}},
	{"CREATE TABLE dives (m int, feet int GENERATED ALWAYS AS (m * 3), x int GENERATED ALWAYS AS (m) STORED)",
		"CREATE TABLE dives (m int, feet int DEFAULT             (m * 3), x int GENERATED ALWAYS AS (m) STORED)", []newer.Kind{newer.Virtual}},
	{"CREATE TABLE stays (room int, during daterange, CONSTRAINT apart PRIMARY KEY (room, during WITHOUT OVERLAPS))",
		"CREATE TABLE stays (room int, during daterange, CONSTRAINT apart PRIMARY KEY (room, during                 ))", []newer.Kind{newer.WithoutOverlaps}},
	{"ALTER TABLE stays ADD UNIQUE (room, during WITHOUT OVERLAPS)",
		"ALTER TABLE stays ADD UNIQUE (room, during                 )", []newer.Kind{newer.WithoutOverlaps}},
	{"ALTER TABLE visits ADD CONSTRAINT v FOREIGN KEY (room, PERIOD during) REFERENCES stays (room, PERIOD during)",
		"ALTER TABLE visits ADD CONSTRAINT v FOREIGN KEY (room,        during) REFERENCES stays (room,        during)", []newer.Kind{newer.Period, newer.Period}},
	{"ALTER TABLE dives ALTER COLUMN feet SET EXPRESSION AS (metres * 3.28)",
		"ALTER TABLE dives ALTER COLUMN feet SET DEFAULT       (metres * 3.28)", []newer.Kind{newer.SetExpression}},
	{"ALTER TABLE dives SET ACCESS METHOD DEFAULT", "ALTER TABLE dives SET ACCESS METHOD heap   ", []newer.Kind{newer.AccessMethodDefault}},
	{"ALTER TABLE dives ALTER depth SET STATISTICS DEFAULT", "ALTER TABLE dives ALTER depth SET STATISTICS -1     ", []newer.Kind{newer.StatisticsDefault}},
	{"MERGE INTO dives d USING log l ON l.id = d.id WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN NOT MATCHED BY TARGET THEN INSERT VALUES (1) RETURNING merge_action(), d.*",
		"MERGE INTO dives d USING log l ON l.id = d.id WHEN MATCHED               THEN DELETE WHEN NOT MATCHED           THEN INSERT VALUES (1)                              ",
		[]newer.Kind{newer.MergeBySource, newer.MergeBySource, newer.MergeReturning}},
	{"WITH m AS (MERGE INTO dives USING log ON true WHEN MATCHED THEN DELETE RETURNING dives.id) SELECT 1",
		"WITH m AS (MERGE INTO dives USING log ON true WHEN MATCHED THEN DELETE                   ) SELECT 1", []newer.Kind{newer.MergeReturning}},
	{"UPDATE dives SET depth = 1 RETURNING WITH (OLD AS o, NEW AS n) o.depth, n.depth",
		"UPDATE dives SET depth = 1 RETURNING                           o.depth, n.depth", []newer.Kind{newer.ReturningAliases}},
	{"CREATE VIEW deep AS SELECT JSON_VALUE(doc, '$.depth' RETURNING int DEFAULT 0 ON EMPTY) FROM dives",
		"CREATE VIEW deep AS SELECT JSON_VALUE(doc, '$.depth'                                 ) FROM dives", []newer.Kind{newer.JSONFunction}},
	{"INSERT INTO dives SELECT j.* FROM log, JSON_TABLE(log.doc, '$[*]' AS root COLUMNS (id int PATH '$.id')) AS j",
		"INSERT INTO dives SELECT j.* FROM log, JSON_TABLE(log.doc, '$[*]'                                     ) AS j", []newer.Kind{newer.JSONFunction}},
	{"SELECT JSON_EXISTS(doc FORMAT JSON, '$.a' TRUE ON ERROR), JSON('{}' WITH UNIQUE KEYS), JSON_QUERY(d, '$' EMPTY ARRAY ON ERROR)",
		"SELECT JSON_EXISTS(doc            , '$.a'              ), JSON('{}'                 ), JSON_QUERY(d, '$'                     )",
		[]newer.Kind{newer.JSONFunction, newer.JSONFunction, newer.JSONFunction, newer.JSONFunction}},
	{"SELECT started AT LOCAL FROM dives", "SELECT started          FROM dives", []newer.Kind{newer.AtLocal}},
	{"VACUUM (ANALYZE) ONLY dives, ONLY sites", "VACUUM (ANALYZE)      dives,      sites", []newer.Kind{newer.VacuumOnly, newer.VacuumOnly}},
	{"ALTER DEFAULT PRIVILEGES GRANT SELECT ON LARGE OBJECTS TO reader", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES        TO reader", []newer.Kind{newer.LargeObjects}},
	{"REPACK dives USING INDEX dives_site_idx", "VACUUM dives                           ", []newer.Kind{newer.Repack}},
	{"REPACK (CONCURRENTLY, VERBOSE) public.dives", "VACUUM (CONCURRENTLY, VERBOSE) public.dives", []newer.Kind{newer.Repack}},
	{"REPACK", "VACUUM", []newer.Kind{newer.Repack}},
	{"ALTER TABLE dives SPLIT PARTITION y2026 INTO (PARTITION a FOR VALUES FROM (1) TO (2), PARTITION b DEFAULT)",
		"ALTER TABLE dives INHERIT         y2026                                                                   ", []newer.Kind{newer.SplitPartition}},
	{"ALTER TABLE dives MERGE PARTITIONS (y2025, log.y2026) INTO y2025_26",
		"ALTER TABLE dives INHERIT                                  y2025_26", []newer.Kind{newer.MergePartitions}},
	{"INSERT INTO sites (name) VALUES ('ü') ON CONFLICT (name) DO SELECT FOR UPDATE WHERE sites.id > 1 RETURNING id",
		"INSERT INTO sites (name) VALUES ('ü')                                                            RETURNING id", []newer.Kind{newer.ConflictSelect}},
	{"SELECT lag(depth) IGNORE NULLS OVER (ORDER BY id) FROM dives", "SELECT lag(depth)              OVER (ORDER BY id) FROM dives", []newer.Kind{newer.NullTreatment}},
	{"SELECT site, count(*) FROM dives GROUP BY ALL ORDER BY 1", "SELECT site, count(*) FROM dives              ORDER BY 1", []newer.Kind{newer.GroupByAll}},
	{"CHECKPOINT (MODE FAST)", "CHECKPOINT            ", []newer.Kind{newer.CheckpointOption}},
}

func bridge(t *testing.T, text string) (string, []newer.Construct) {
	t.Helper()
	scanned, err := pg.Scan(text)
	if err != nil {
		t.Fatal(err)
	}
	return newer.Bridge(text, scanned.Tokens)
}

func TestBridge(t *testing.T) {
	seen := map[newer.Kind]bool{}
	for _, tt := range statements {
		older, found := bridge(t, tt.text)
		if older != tt.older {
			t.Errorf("%s\ngives %s\nwant  %s", tt.text, older, tt.older)
		}
		var kinds []newer.Kind
		for _, c := range found {
			kinds = append(kinds, c.Kind)
			seen[c.Kind] = true
		}
		if len(kinds) != len(tt.kinds) {
			t.Errorf("%s: kinds %v, want %v", tt.text, kinds, tt.kinds)
			continue
		}
		for i := range kinds {
			if kinds[i] != tt.kinds[i] {
				t.Errorf("%s: kinds %v, want %v", tt.text, kinds, tt.kinds)
			}
		}
		if _, err := pg.Parse(tt.text); err == nil {
			t.Errorf("%s: the parser knows it", tt.text)
		}
		if _, err := pg.Parse(older); err != nil {
			t.Errorf("%s: %v", older, err)
		}
	}
	for k := newer.SetExpression; k <= newer.CheckpointOption; k++ {
		if !seen[k] || k.String() == "" || k.Since() < 17 {
			t.Errorf("kind %d, %q, since %d, is in no statement", k, k, k.Since())
		}
	}
}

// The older text of a long statement takes as many times longer as there are tokens: each
// construct asks in which bracket and in which action it is. What is quadratic takes ten
// seconds and more.
func TestBridgeOfLongStatements(t *testing.T) {
	skip.Short(t, "it measures time, and has no concurrency")
	for _, statement := range []struct {
		start, repeated string
		times           int
	}{
		{"CREATE TABLE dives (a int", ", CHECK (a > 0) NOT ENFORCED", 40_000},
		{"ALTER TABLE dives ADD x int", ", ALTER y SET STATISTICS DEFAULT", 60_000},
		{"ALTER TABLE dives ADD x int", " INHERIT", 200_000},
		{"ALTER TABLE dives ADD x int", " SPLIT PARTITION", 200_000},
		{"SELECT 1", " DO SELECT", 200_000},
		{"SELECT ", "JSON(", 100_000},
	} {
		text := statement.start + strings.Repeat(statement.repeated, statement.times)
		scanned, err := pg.Scan(text)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		newer.Bridge(text, scanned.Tokens)
		if took := time.Since(start); took > 8*time.Second {
			t.Errorf("%s: %s", statement.repeated, took)
		}
	}
}

// Names are what PostgreSQL makes of them.
func TestNamesOfConstraints(t *testing.T) {
	for text, want := range map[string]string{`Tiefe`: "tiefe", `Größe`: "größe", `ÄRGER`: "Ärger", `"a"""`: `a"`, `"""a"`: `"a`} {
		text = "ALTER TABLE dives ADD NOT NULL " + text
		older, found := bridge(t, text)
		parsed, err := pg.Parse(older)
		if err != nil {
			t.Fatal(err)
		}
		tree := parsed.Stmts[0].Stmt
		newer.Restore(tree, found)
		keys := tree.GetAlterTableStmt().Cmds[0].GetAlterTableCmd().Def.GetConstraint().Keys
		if got := keys[0].GetString_().Sval; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

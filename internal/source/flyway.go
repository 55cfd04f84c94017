package source

import (
	"cmp"
	"hash/crc32"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
)

// Flyway goes by versions, keeps a checksum of each file, and runs repeatable
// migrations whenever their text changes.
const Flyway = "Flyway"

const repeatable = "R " // begins the keys of repeatable migrations

var flywayPlaceholder = lazyregexp.New(`\$\{([^}\n]*)\}`)

func flyway() tool { return flywayUnder(flywayValidation{}) }

// flywayUnder is Flyway as a project has it validate.
func flywayUnder(validation flywayValidation) tool {
	late, onLate := validation.lateness()
	v := versions{
		tool: Flyway, order: flywayOrder, late: late, onLate: onLate,
		same:     flywayVersion,
		onTwin:   "Flyway refuses the whole folder (“Found more than one migration with version”); take the next free version",
		unique:   true,
		onRename: validation.onRename(),
	}
	return tool{
		name: Flyway, key: "flyway", nested: true, anyDepth: true,
		detect: detectFlyway,
		load:   loadFlyway,
		leaves: flywayLeaves,
		configure: func(f *Folder, d *directory) {
			f.schemas = d.flywaySettings().schemas
			f.own = d.flywayValidation()
			if f.Schema != "" {
				f.searchPath = beginsWith(f.Schema)
			}
		},
		configured: func(f *Folder) tool {
			validation, _ := f.own.(flywayValidation)
			return flywayUnder(validation)
		},
		onEdit: validation.onEdit(),
		strict: !validation.off,
		onLoss: validation.onLoss(), onRepeatableLoss: validation.onRepeatableLoss(),
		review: v.review,
		table:  flywayTable, tableIn: flywayTableIn,
		places: func(d *directory) []string {
			return d.settingPlaces(flywayFiles(), "flyway.locations", "flyway.callbacklocations", "flyway.sqlmigrationsuffixes", flywayPrefix)
		},
		runner: func(r *review) Runner {
			return validation.ledger(v, r.to.historyTable(flywayTable), flywayTableName(r.to.Table)).ready(r)
		},
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return flywayRow(table, s, "UNDO_SQL")
		}, stops: true},
		withoutDown: "flyway undo refuses it",
		// https://github.com/flyway/flyway: PostgreSQLConnection.doRestoreOriginalState
		outlasts: func(setting string) bool { return setting != "role" },
	}
}

func loadFlyway(d *directory, found Found) (*Folder, error) {
	names := d.flywayNaming()
	literal := !d.flywayReplaces()
	places := d.flywayPlaces(found)
	files := flywayFolderFiles(places)
	l := layout{
		list: func(*directory) []string { return files },
		name: stepIn(places, names), order: flywayOrder, tx: lint.TxFile,
		stray: "is not named " + names.example() + ", so Flyway never runs it; rename it, or move it out of the folder", knows: func(file string) bool { return flywayKnows(names.usual(file)) },
		up: func(f *Folder, s *step) { flywayParts(d, literal, f, s) },
	}
	undos := slices.DeleteFunc(slices.Clone(files), func(file string) bool { return !flywayUndo.MatchString(path.Base(file)) })
	l.downs = func(*directory) findDown { return flywayDowns(undos) }
	l.prepare = l.up
	f, err := l.load(d, found)
	if err != nil {
		return nil, err
	}
	f.forward = len(undos) == 0
	for _, p := range places[1:] {
		f.further = append(f.further, p.dir)
	}
	if len(f.further) == 0 {
		f.among = d.amongOthers(f.Place)
	}
	return f, nil
}

// flywayOrder puts versions by their numbers, and repeatable ones behind them.
func flywayOrder(a, b string) int {
	switch ra, rb := strings.HasPrefix(a, repeatable), strings.HasPrefix(b, repeatable); {
	case ra && rb:
		return strings.Compare(a, b)
	case ra:
		return 1
	case rb:
		return -1
	}
	as, bs := strings.Split(a, "."), strings.Split(b, ".")
	for i := range max(len(as), len(bs)) {
		if c := byNumber(versionPart(as, i), versionPart(bs, i)); c != 0 {
			return c
		}
	}
	return 0
}

// flywayVersion writes 1, 1.0 and 01 as one version.
func flywayVersion(key string) string {
	parts := strings.Split(key, ".")
	for i := range parts {
		parts[i] = withoutLeadingZeros(parts[i])
	}
	for len(parts) > 1 && parts[len(parts)-1] == "0" {
		parts = parts[:len(parts)-1]
	}
	return strings.Join(parts, ".")
}

// versionPart returns one number of a version; those that are not there are zero.
func versionPart(parts []string, i int) string {
	if i < len(parts) {
		return parts[i]
	}
	return "0"
}

func flywayParts(d *directory, literal bool, f *Folder, s *step) {
	s.dropMark()
	if stdinWord.MatchString(s.text) {
		s.sendRows(scanPsql(s.text).rows)
	}
	if !literal {
		marks := flywayMarks(s.text)
		known := map[string]string{
			"flyway:defaultSchema": cmp.Or(f.Schema, "public"), "flyway:table": flywayTableName(f.Table), "flyway:filename": path.Base(s.path),
		}
		d.addFlywayPlaceholders(known, marks)
		f.fill(s, marks, known)
	}
	if s.opaque != "" {
		return
	}
	s.sendStatements()
	without, within := 0, 0
	for _, c := range s.chunks {
		switch text := s.text[c.Start:c.End]; {
		case outsideTransactions(text):
			without++
		case lint.HasStatement(text):
			within++
		}
	}
	configured := d.flywayWithoutTransaction(strings.TrimPrefix(s.path, f.Dir+"/") + ".conf")
	switch {
	case configured || without > 0 && within == 0:
		s.tx = lint.TxNone
	case without > 0:
		f.refuse(s, wholeFile, "mixes statements that cannot run in a transaction with others, so Flyway refuses it (“Detected both transactional and non-transactional statements”) unless mixed is set; move them into a migration of their own")
	}
}

// flywayWithoutTransaction reads the configuration of one script.
// https://documentation.red-gate.com/fd/flyway-execute-in-transaction-setting-277578996.html
func (d *directory) flywayWithoutTransaction(script string) bool {
	if !d.has(script) {
		return false
	}
	settings, err := parseOnce(d, script, flywayConf)
	if err != nil {
		d.refuse(path.Join(d.dir, script), err)
	}
	return strings.EqualFold(settings["executeintransaction"], "false")
}

// flywayMarks returns the placeholders of a file. Flyway replaces them in
// comments and literals too.
func flywayMarks(text string) []mark {
	var marks []mark
	for _, m := range flywayPlaceholder.FindAllStringSubmatchIndex(text, -1) {
		marks = append(marks, mark{lint.Span{Start: m[0], End: m[1]}, text[m[2]:m[3]]})
	}
	return marks
}

// flywayChecksum is the CRC32 of the lines without their ends, of repeatable
// migrations with the values of placeholders in them.
// https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/resolver/ChecksumCalculator.java
func flywayChecksum(text string) int32 {
	text = strings.TrimPrefix(text, "\ufeff")
	text = strings.NewReplacer("\r\n", "", "\r", "", "\n", "").Replace(text)
	return int32(crc32.ChecksumIEEE([]byte(text)))
}

// flywayDowns finds the file that undoes a step; only paid editions of Flyway run
// it.
func flywayDowns(undos []string) findDown {
	ofFile := func(file string) string {
		return flywayVersion(strings.ReplaceAll(flywayUndo.FindStringSubmatch(path.Base(file))[1], "_", "."))
	}
	return downsByKey(undos, ofFile, func(s *step) string {
		if s.repeatable {
			return ""
		}
		return flywayVersion(s.key)
	})
}

func flywayLedger(v versions, table quote.SQL, name string) ledger {
	return ledger{
		versions: v, table: table, sums: true, needs: true,
		sum: func(s *step) string { return string(flywaySum(s)) },
		setup: `CREATE TABLE IF NOT EXISTS ` + table + ` (
	"installed_rank" INT NOT NULL,
	"version" VARCHAR(50),
	"description" VARCHAR(200) NOT NULL,
	"type" VARCHAR(20) NOT NULL,
	"script" VARCHAR(1000) NOT NULL,
	"checksum" INTEGER,
	"installed_by" VARCHAR(100) NOT NULL,
	"installed_on" TIMESTAMP NOT NULL DEFAULT now(),
	"execution_time" INTEGER NOT NULL,
	"success" BOOLEAN NOT NULL,
	CONSTRAINT ` + quote.Name(name+"_pk") + ` PRIMARY KEY ("installed_rank")
);
CREATE INDEX IF NOT EXISTS ` + quote.Name(name+"_s_idx") + ` ON ` + table + ` ("success")`,
		applied: `SELECT "checksum" || ' ' || coalesce("version", 'R ' || "description") FROM ` + table + ` WHERE "success" ORDER BY "installed_rank"`,
		// Flyway sets the role before each migration to what it was, and keeps its table on
		// another connection.
		record: func(s *step) quote.SQL { return `RESET ROLE; ` + flywayRow(table, s, "SQL") },
	}
}

// flywayRow is what Flyway adds to its history table: also for what it takes
// back.
func flywayRow(table quote.SQL, s *step, kind string) quote.SQL {
	version, description := quote.Text(s.key), path.Base(s.name)
	if s.repeatable {
		version = "NULL"
	}
	_, description, _ = strings.Cut(description, "__")
	texts := []string{strings.ReplaceAll(description, "_", " "), kind, s.name + ".sql"}
	return `INSERT INTO ` + table + ` ("installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "execution_time", "success")
SELECT coalesce(max("installed_rank"), 0) + 1, ` + version + `, ` + quote.List(texts, quote.Text) + `, ` + flywaySum(s) + `, current_user, 0, true FROM ` + table
}

const flywayTable = `"public"."flyway_schema_history"`

// flywayTableName is the history table's name without its schema.
func flywayTableName(configured string) string { return cmp.Or(configured, "flyway_schema_history") }

// flywayTableIn reads what the project tells Flyway, or Spring Boot for it.
func flywayTableIn(d *directory) (schema, table string) {
	s := d.flywaySettings()
	if len(s.schemas) > 0 {
		schema = s.schemas[0]
	}
	return schema, s.table
}

func flywaySum(s *step) quote.SQL {
	if s.repeatable {
		return quote.Number(int64(flywayChecksum(s.text)))
	}
	return quote.Number(int64(flywayChecksum(s.raw)))
}

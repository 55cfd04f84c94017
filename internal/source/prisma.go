package source

import (
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Prisma sends each migration.sql as one message, in no transaction of its own.
const Prisma = "Prisma"

func prisma() tool {
	v := versions{
		tool: Prisma, order: strings.Compare, byFile: true,
		onLate: "create it again on top of the base branch",
	}
	return tool{
		name: Prisma, key: "prisma", nested: true,
		detect: detectPrisma,
		load: func(d *directory, found Found) (*Folder, error) {
			l := layout{list: listPrisma, name: prismaStep, order: strings.Compare, tx: lint.TxNone, check: (*Folder).findEmptyFolders}
			if d.aboveMatches(prismaOverDriver, "prisma.config.ts", "prisma.config.mts", "prisma.config.js", "prisma.config.mjs", "prisma.config.cjs", ".config/prisma.ts") {
				l.up = cutAtSemicolons
			}
			return l.load(d, found)
		},
		leaves: leavesAllBut(Prisma, "the migration.sql of directories"),
		onEdit: "prisma migrate deploy does not look, so databases that have run it stay at the old text; prisma migrate dev asks to reset the database",
		onLoss: "prisma migrate dev asks to reset the database",
		review: v.review,
		runner: func(r *review) Runner { return prismaLedger(v).ready(r) },

		generated: true,
	}
}

func detectPrisma(d *directory) (Found, bool) {
	folders := d.with("migration.sql")
	locked := slices.Contains(d.files, "migration_lock.toml")
	if !locked && (len(folders) == 0 || !isMost(folders, numberFirst.MatchString)) {
		return Found{}, false // queries/migration.sql holds queries about migrations
	}
	found := Found{Dir: d.dir, Tool: Prisma, Dialect: postgresql}
	if !locked {
		found.Assumed = assumption(Prisma, "prisma", "its folders with a migration.sql, without a migration_lock.toml")
		return found, true
	}
	provider := prismaProvider(d.beginning("migration_lock.toml"))
	if provider == "" || strings.ContainsFunc(provider, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return found, true
	}
	return found.inDialect(d, canonicalDialect(provider), "migration_lock.toml"), true
}

// prismaProvider reads migration_lock.toml as Prisma does, which takes the first line that
// begins so and no notice of others: comments in any style, conflict markers.
// https://github.com/prisma/prisma-engines/blob/main/schema-engine/connectors/schema-connector/src/migrations_directory.rs
func prismaProvider(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "provider") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(line), "provider = "), `"`)
		}
	}
	return ""
}

func listPrisma(d *directory) []string {
	var files []string
	for _, dir := range d.dirs {
		if file := path.Join(dir, "migration.sql"); d.has(file) {
			files = append(files, file)
		} else if code := d.prismaCode(dir); code != "" {
			files = append(files, code)
		}
	}
	return files
}

// prismaCode is the program in a folder without migration.sql, which a runner of the
// application's own runs, such as migration.ts; "" for none.
func (d *directory) prismaCode(dir string) string {
	child, err := openDirectory(d.fsys, path.Join(d.dir, dir))
	if err != nil {
		return ""
	}
	for _, file := range child.files {
		if languageOf(file) != "" && !strings.HasSuffix(file, ".d.ts") {
			return path.Join(dir, file)
		}
	}
	return ""
}

func prismaStep(file string) (step, bool) {
	name := path.Dir(file)
	s := step{name: name, key: name}
	if language := languageOf(file); language != "" {
		s.writtenIn(language)
	}
	return s, true
}

// prismaOverDriver is in the configuration of projects whose migrations go over a
// driver of JavaScript.
var prismaOverDriver = lazyregexp.New(`(?m)^\s*engine\s*:\s*["']js["']`)

// cutAtSemicolons sends what is between semicolons, wherever they stand, each as a
// message of its own, as Prisma's drivers do.
// https://github.com/prisma/prisma/blob/7.10.1/packages/adapter-pg/src/pg.ts (executeScript)
func cutAtSemicolons(f *Folder, s *step) {
	f.findCuts(s)
	s.chunks = nil
	for start := 0; start < len(s.text); {
		end := len(s.text)
		if n := strings.IndexByte(s.text[start:], ';'); n >= 0 {
			end = start + n
		}
		if strings.TrimSpace(s.text[start:end]) != "" {
			s.chunks = append(s.chunks, lint.Span{Start: start, End: end})
		}
		start = end + 1
	}
}

// findCuts looks for semicolons that do not stand behind a statement.
func (f *Folder) findCuts(s *step) {
	for i := 0; i < len(s.text); {
		n := notCode(s.text, i)
		part := s.text[i : i+n]
		if at := strings.IndexByte(part, ';'); at >= 0 && strings.TrimSpace(part[at+1:]) != "" {
			f.problems = append(f.problems, problem{rules.BreakpointInLiteral.At(s.path, i+at, i+at+1,
				"Prisma's driver cuts the file at every semicolon, also inside of strings, function bodies and comments, and the pieces are not SQL; "+
					"drop engine: \"js\" in prisma.config, whose own engine sends the file as it is"), "cut " + s.path + "\n" + s.raw})
			return
		}
		i += max(n, 1)
	}
}

// findEmptyFolders looks for folders on which Prisma stops when it comes to them.
func (f *Folder) findEmptyFolders(d *directory) {
	for _, dir := range d.dirs {
		if d.has(path.Join(dir, "migration.sql")) || d.prismaCode(dir) != "" {
			continue
		}
		file := path.Join(f.Dir, dir, "migration.sql")
		if f.stop.reason == "" {
			f.stop = stop{dir, file + " does not exist"}
		}
		f.problems = append(f.problems, problem{rules.MigrationMissing.AtFile(file, fmt.Sprintf(
			"the folder %s has no migration.sql, so Prisma stops there (P3015) and runs nothing behind it; remove the folder, or restore the file", dir)), "missing " + file})
	}
}

func prismaLedger(v versions) ledger {
	const table = `"public"."_prisma_migrations"`
	return ledger{
		versions: v, table: table,
		setup: `CREATE TABLE ` + table + ` (
	id VARCHAR(36) PRIMARY KEY NOT NULL,
	checksum VARCHAR(64) NOT NULL,
	finished_at TIMESTAMPTZ,
	migration_name VARCHAR(255) NOT NULL,
	logs TEXT,
	rolled_back_at TIMESTAMPTZ,
	started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
	applied_steps_count INTEGER NOT NULL DEFAULT 0
)`,
		applied: `SELECT migration_name::text FROM ` + table + ` WHERE rolled_back_at IS NULL ORDER BY migration_name`,
		record: func(s *step) quote.SQL {
			hash := sha256.Sum256([]byte(s.raw))
			return `INSERT INTO ` + table + ` (id, checksum, migration_name, finished_at, applied_steps_count) VALUES (gen_random_uuid()::text, '` +
				quote.Hex(hash[:]) + `', ` + quote.Text(s.name) + `, now(), 1)`
		},
	}
}

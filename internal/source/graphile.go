package source

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// GraphileMigrate runs committed migrations, whose hashes form a chain.
const GraphileMigrate = "graphile-migrate"

// https://github.com/graphile/migrate/blob/main/src/migration.ts
var (
	graphileName        = lazyregexp.New(`^([0-9]+)(-[-_a-zA-Z0-9]*)?\.sql$`)
	graphileHeader      = lazyregexp.New(`^--! ([A-Z][a-zA-Z0-9_]*)(?::([^\r]*))?$`)
	graphileFolderKey   = lazyregexp.New(`["']?migrationsFolder["']?\s*:\s*["']([^"']+)["']`)
	graphileNoTx        = lazyregexp.New(`^--!\s*no-transaction\b`)
	graphilePlaceholder = lazyregexp.New(`:[A-Z][0-9A-Z_]+\b`)
)

func graphileMigrate() tool {
	v := versions{
		tool: GraphileMigrate, order: strings.Compare, late: lateSkipped,
		onLate: "graphile-migrate runs only what sorts behind the last one that a database has; uncommit it and commit it again on top of the base branch",
		onTwin: "graphile-migrate goes by numbers, so only one of them can follow what is before; uncommit it and commit it again on top of the base branch",
	}
	l := layout{
		list: listGraphile, name: graphileStep, order: strings.Compare, tx: lint.TxFile,
		stray: "is not named 000001.sql or 000001-name.sql, so graphile-migrate never runs it; move it out of the folder",
		check: func(f *Folder, d *directory) {
			f.verifyGraphileChain()
			f.findCurrent(d)
		},
	}
	return tool{
		name: GraphileMigrate, key: "graphile-migrate", inner: "committed",
		detect: detectGraphile,
		load: func(d *directory, found Found) (*Folder, error) {
			declared := d.graphilePlaceholders()
			l := l
			l.up = func(f *Folder, s *step) { graphileParts(f, s, declared) }
			f, err := l.load(d, found)
			if f != nil {
				f.fillBefore = func(f *Folder, s *step) { f.fillGraphile(s, declared) }
				f.setup = d.graphileSetup()
			}
			return f, err
		},
		onEdit: "graphile-migrate verifies hashes of what it runs only, so databases that have run it stay at the old text, and new ones refuse it",
		onLoss: "the chain of hashes breaks, so graphile-migrate runs nothing",
		review: v.review,
		places: func(d *directory) []string {
			return settingPlace("migrationsFolder", d.aboveFinds(graphileFolderKey, ".gmrc", ".gmrc.js"))
		},
		runner: func(r *review) Runner { return graphileLedger(v).ready(r) },
	}
}

// detectGraphile takes the folder that holds committed/ and current.sql. Before the first
// commit there is only the latter, or current/, where .gmrc has it.
func detectGraphile(d *directory) (Found, bool) {
	if !slices.Contains(d.dirs, "committed") {
		current := d.has("current.sql") || len(d.currentFiles()) > 0
		return d.claim(GraphileMigrate, current && (d.aboveHas(".gmrc") || d.aboveHas(".gmrc.js")))
	}
	committed, err := openDirectory(d.fsys, path.Join(d.dir, "committed"))
	ours := err == nil && len(committed.sql()) > 0 &&
		(committed.mostContain(`^--! Previous:`) || d.aboveHas(".gmrc") || d.aboveHas(".gmrc.js"))
	return d.claim(GraphileMigrate, ours)
}

func listGraphile(d *directory) []string {
	committed, err := openDirectory(d.fsys, path.Join(d.dir, "committed"))
	if err != nil || !slices.Contains(d.dirs, "committed") {
		return nil
	}
	var files []string
	for _, name := range committed.sql() {
		files = append(files, path.Join("committed", name))
	}
	return files
}

func graphileStep(file string) (step, bool) {
	m := graphileName.FindStringSubmatch(path.Base(file))
	if m == nil {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(path.Base(file), ".sql"), key: m[1]}, true
}

// graphileFile is a committed migration taken apart as graphile-migrate does.
type graphileFile struct {
	headers map[string]string
	at      map[string]lint.Span // the lines of the headers
	body    lint.Span            // without white space around it
	wrong   string               // why it is no committed migration; "" when it is
}

func parseGraphile(text string) graphileFile {
	g := graphileFile{headers: map[string]string{}, at: map[string]lint.Span{}}
	end := 0
	for at := range textLines(text) {
		line := strings.TrimSuffix(text[at.Start:at.End], "\n")
		m := graphileHeader.FindStringSubmatch(line)
		if m == nil {
			if line != "" {
				g.wrong = "has no empty line behind its header"
			}
			if strings.HasSuffix(line, "\r") {
				g.wrong = "has the line ends of Windows (CRLF), behind which no header is found"
			}
			break
		}
		g.headers[m[1]], g.at[m[1]] = strings.TrimSpace(m[2]), at
		end = at.End
	}
	for _, header := range []string{"Hash", "Previous"} {
		if g.wrong == "" && g.headers[header] == "" {
			g.wrong = "has no --! " + header + ": line"
		}
	}
	body := text[end:]
	g.body.Start = end + len(body) - len(strings.TrimLeft(body, " \t\r\n"))
	g.body.End = max(g.body.Start, end+len(strings.TrimRight(body, " \t\r\n")))
	return g
}

// previous returns the hash of the migration before, "" for the first.
func (g graphileFile) previous() string { return strings.TrimPrefix(g.headers["Previous"], "-") }

// sum is the hash that a migration should have.
// https://github.com/graphile/migrate/blob/main/src/hash.ts
func (g graphileFile) sum(text string) string {
	return fmt.Sprintf("sha1:%x", sha1.Sum([]byte(strings.TrimSpace(g.previous()+"\n"+text[g.body.Start:g.body.End])+"\n")))
}

func graphileParts(f *Folder, s *step, declared map[string]declaredValue) {
	g := parseGraphile(s.text)
	if g.wrong != "" {
		f.broken = s.file() + " " + g.wrong
		f.refuse(s, wholeFile, g.wrong+", so graphile-migrate fails on it and runs nothing; make it with graphile-migrate commit")
		return
	}
	_, allowed := g.headers["AllowInvalidHash"]
	switch valid := g.sum(s.raw) == g.headers["Hash"]; {
	case !valid && !allowed:
		f.refuse(s, g.at["Hash"], "has another hash than its header says, so graphile-migrate refuses it (“has the file been tampered with?”); uncommit it, and commit it again")
		return
	case valid && allowed:
		f.refuse(s, g.at["AllowInvalidHash"], "has --! AllowInvalidHash although its hash is right, so graphile-migrate refuses it; remove the line")
		return
	}
	if graphileNoTx.MatchString(s.text[g.body.Start:]) {
		s.tx = lint.TxNone
	}
	s.keep(g.body)
	f.fillGraphile(s, declared)
}

// Placeholders that graphile-migrate knows the values of. Others are declared
// in .gmrc; what is not declared is left alone.
const (
	graphileDatabase = ":DATABASE_NAME"
	graphileOwner    = ":DATABASE_OWNER"
)

// standInDatabase is what migrations may grant on in the place of the database
// that they run in: the trial runs them in several.
const standInDatabase = "migvet_database"

// database returns the name by which the migrations call the database that
// they run in; "" when they do not.
func (f *Folder) database() string {
	for _, s := range f.steps {
		if name := f.databaseIn(s.raw); name != "" {
			return name
		}
	}
	return ""
}

// databaseIn returns the name by which SQL calls the database that it runs in; "" when it
// does not.
func (f *Folder) databaseIn(sql string) string {
	if f.Tool != GraphileMigrate || !strings.Contains(sql, graphileDatabase) {
		return ""
	}
	return cmp.Or(f.Placeholders[graphileDatabase], standInDatabase)
}

// verifyGraphileChain looks at what each migration says of the one before.
func (f *Folder) verifyGraphileChain() {
	before := ""
	for i := range f.steps {
		s := &f.steps[i]
		if s.unreadable {
			f.broken = s.file() + " cannot be read"
			return
		}
		g := parseGraphile(s.raw)
		if g.wrong == "" && g.previous() != before {
			f.broken = s.file() + " does not follow the migration before it"
			f.problems = append(f.problems, problem{rules.JournalInvalid.At(s.path, g.at["Previous"].Start, g.at["Previous"].End, fmt.Sprintf(
				"%s names another migration as the one before it than there is, so graphile-migrate runs nothing; uncommit it, and commit it again on top of the base branch", s.file())),
				"chain " + s.path})
		}
		before = g.headers["Hash"]
	}
}

// findCurrent tells of SQL that is not committed, which no deploy runs.
func (f *Folder) findCurrent(d *directory) {
	for _, file := range append([]string{"current.sql"}, d.currentFiles()...) {
		if !d.has(file) || !lint.HasStatement(d.text(file)) {
			continue
		}
		full := path.Join(d.dir, file)
		finding := rules.MigrationOrphaned.AtFile(full, file+" is not committed yet, so no deploy runs it and it was not checked; graphile-migrate commit makes a migration of it")
		finding.Severity = lint.Notice
		f.problems = append(f.problems, problem{finding, "current " + full + "\n" + d.text(file)})
	}
}

func (d *directory) currentFiles() []string {
	var files []string
	if child, err := openDirectory(d.fsys, path.Join(d.dir, "current")); err == nil && slices.Contains(d.dirs, "current") {
		for _, file := range child.sql() {
			files = append(files, path.Join("current", file))
		}
	}
	return files
}

func graphileLedger(v versions) ledger {
	const table = `"graphile_migrate"."migrations"`
	return ledger{
		versions: v, table: table,
		setup: `CREATE SCHEMA IF NOT EXISTS graphile_migrate;
CREATE TABLE IF NOT EXISTS ` + table + ` (
	hash text PRIMARY KEY,
	previous_hash text REFERENCES ` + table + `,
	filename text NOT NULL,
	date timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS graphile_migrate.current (
	filename text PRIMARY KEY DEFAULT 'current.sql',
	content text NOT NULL,
	date timestamptz NOT NULL DEFAULT now()
)`,
		applied: `SELECT regexp_replace(filename, '\.sql$', '') FROM ` + table + ` ORDER BY filename`,
		record: func(s *step) quote.SQL {
			g := parseGraphile(s.raw)
			return `INSERT INTO ` + table + ` (hash, previous_hash, filename) VALUES (` +
				quote.Text(g.headers["Hash"]) + `, ` + orNull(g.previous()) + `, ` + quote.Text(s.key+".sql") + `)`
		},
	}
}

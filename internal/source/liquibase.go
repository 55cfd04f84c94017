package source

import (
	"cmp"
	"crypto/md5"
	"fmt"
	"path"
	"strings"
	"unicode"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Liquibase runs changesets, of which a file holds many, in the order of a
// changelog, and keeps a checksum of each.
const Liquibase = "Liquibase"

func liquibase() tool {
	return tool{
		name: Liquibase, key: "liquibase", anyDepth: true,
		detect:    detectLiquibase,
		load:      loadLiquibase,
		configure: configureLiquibase,
		onEdit:    "Liquibase compares checksums and refuses to run anything where it has run (“Validation Failed: 1 changesets check sum”)",
		strict:    true, sameSum: sameLiquibaseSum,
		table: liquibaseTable,
		tableIn: func(d *directory) (schema, table string) {
			s := d.liquibaseSettings()
			return s.tables, s.table
		},
		places: func(d *directory) []string {
			_, changelog := d.liquibaseItems("")
			return append(settingPlace("changelog", changelog),
				d.settingPlaces(liquibaseFiles(), "changelogfile", "liquibase.changelogfile", "liquibase.command.changelogfile", "liquibase.changelog")...)
		},
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			id, author, file := changesetOf(s).names()
			return `DELETE FROM ` + table + ` WHERE ID = ` + id + ` AND AUTHOR = ` + author + ` AND FILENAME = ` + file
		}},
		withoutDown: "liquibase rollback fails on it",
		review:      reviewLiquibase,
		runner:      func(r *review) Runner { return liquibaseLedger(r.to).ready(r) },
	}
}

// detectLiquibase takes a directory with a changelog that names formatted SQL,
// or one of formatted SQL alone.
func detectLiquibase(d *directory) (Found, bool) {
	found := Found{Dir: d.dir, Tool: Liquibase, Dialect: postgresql}
	c, changelog := d.liquibaseItems("")
	isChangelog := changelog != ""
	if !isChangelog && !d.mostContain(`(?i)^\s*--\s*liquibase\s*formatted`) {
		return Found{}, false
	}
	if !isChangelog {
		found.Assumed = "no changelog names these files, so they are taken to run in the order of their names, as includeAll runs them"
		dialect, evidence := d.otherDialect(d.sql())
		dialect, evidence = d.orElse(d.sql(), dialect, evidence, d.dialectOfJDBC)
		return found.inDialect(d, cmp.Or(dialect, postgresql), evidence), true
	}
	found.changelog = changelog
	root, err := openDirectory(d.fsys, ".")
	if err != nil {
		return Found{}, false
	}
	var files []string
	for _, item := range c.items {
		files = append(files, item.file)
	}
	dialect, evidence := root.otherDialect(files)
	dialect, evidence = root.orElse(files, dialect, evidence, d.dialectOfJDBC)
	return found.inDialect(d, cmp.Or(dialect, postgresql), evidence), true
}

// liquibaseItems returns what the changelog of a directory lists. Of several, the one
// that lists the most counts; changelog is "" when none names a file of SQL.
func (d *directory) liquibaseItems(only string) (all liquibaseChangelogs, changelog string) {
	for _, name := range d.files {
		if only != "" && name != only || !liquibaseRoot.MatchString(name) || !strings.Contains(d.beginning(name), "databaseChangeLog") {
			continue
		}
		c := liquibaseChangelogs{fsys: d.fsys}
		c.read(path.Join(d.dir, name), 0)
		if c.sql > 0 && len(c.items) > len(all.items) {
			all, changelog = c, name
		}
	}
	return all, changelog
}

func loadLiquibase(d *directory, found Found) (*Folder, error) {
	root, err := openDirectory(d.fsys, ".")
	if err != nil {
		return nil, err
	}
	f := &Folder{Found: found, files: map[string]string{}}
	c, changelog := d.liquibaseItems(found.changelog)
	if changelog == "" {
		for _, file := range d.sqlBelow("") {
			c.items = append(c.items, liquibaseItem{file: path.Join(d.dir, file)})
		}
	}
	for _, item := range c.items {
		if err := f.addLiquibase(root, item); err != nil {
			return nil, err
		}
	}
	f.lists = c.seen
	if changelog != "" {
		f.findUnlisted(d, root, changelog, c)
		f.findOtherRoots(d, root, changelog, c)
	}
	f.findSameChangesets()
	return f, nil
}

func (f *Folder) addLiquibase(root *directory, item liquibaseItem) error {
	if item.missing != "" || item.opaque != "" {
		f.addUnread(item)
		return nil
	}
	text, err := root.read(item.file)
	if err != nil {
		return err
	}
	file := step{
		name: item.file, key: item.file, path: item.file,
		listed: wholeFile, tx: lint.TxFile,
		partOfFile: true, own: &changeset{id: "raw", author: "includeAll", file: liquibasePath(item.file), listedBy: item.file},
	}
	f.read(&file, text, nil)
	if file.unreadable {
		f.steps = append(f.steps, file)
		return nil
	}
	if item.changeset != nil {
		return f.addSQLFile(root, item, file)
	}
	p := parseLiquibase(text)
	if p.wrong != "" {
		f.refuseAll(&file, p.at, p.wrong)
		f.steps = append(f.steps, file)
		return nil
	}
	if len(p.changesets)*len(text) > maxLiquibase {
		file.opaque = fmt.Sprintf("it has %d changesets in one file, more than migvet takes apart; go on in a new file", len(p.changesets))
		f.steps = append(f.steps, file)
		return nil
	}
	f.noteOutside(item.file, text, p)
	for _, c := range p.changesets {
		if c.skipped {
			continue
		}
		c.file = cmp.Or(c.logical, cmp.Or(p.logical, liquibasePath(item.file)))
		c.listedBy = item.file
		s := file
		s.own, s.editable = c, c.anySum
		f.fillChangeset(&s, item.properties, p.properties)
		f.steps = append(f.steps, s)
	}
	return nil
}

// maxLiquibase bounds what the copies of a file, one for each changeset, take
// together.
const maxLiquibase = 256 << 20

// liquibasePath is the path of a file as the changelog's own directory tree has
// it, which begins at the class path.
func liquibasePath(file string) string {
	if _, inside, ok := strings.Cut("/"+file, "/src/main/resources/"); ok {
		return inside
	}
	return file
}

// findSameChangesets looks for changesets that Liquibase cannot tell apart.
func (f *Folder) findSameChangesets() {
	seen := map[string]bool{}
	for i := range f.steps {
		s := &f.steps[i]
		if seen[s.key] {
			f.refuseAll(s, s.listed, "has a second changeset "+changesetOf(s).author+":"+changesetOf(s).id+", so Liquibase refuses the whole changelog (“changesets had duplicate identifiers”)")
		}
		seen[s.key] = true
	}
}

// reviewLiquibase reports changesets that were put between those of their file, or of
// their changelog. The order of files is tried on an empty database.
func reviewLiquibase(r *review) {
	versions{tool: Liquibase}.renamed(r)
	newest := map[string]*step{} // of those on the base, by the file that lists them
	place := map[*step]int{}
	for i := range r.to.steps {
		place[&r.to.steps[i]] = i
	}
	for _, p := range r.pairs {
		by := changesetOf(p.to).listedBy
		if last := newest[by]; last == nil || place[last] < place[p.to] {
			newest[by] = p.to
		}
	}
	for _, s := range r.added {
		last := newest[changesetOf(s).listedBy]
		if last == nil || place[s] > place[last] || s.repeatable {
			continue
		}
		f := rules.MigrationOutOfOrder.At(s.path, s.listed.Start, s.listed.End, fmt.Sprintf(
			"%s stands before %s, which is on %s; deployed databases run it after that one, new ones before; append it", s.name, last.name, r.base))
		f.Severity = lint.Warning
		r.report(f)
	}
}

// liquibaseSum is the checksum of version 9, since Liquibase 4.22: the text
// without white space, with the values of properties in it.
func liquibaseSum(s *step) string {
	text := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s.text)
	change := fmt.Sprintf("9:%x", md5.Sum([]byte(text)))
	return fmt.Sprintf("9:%x", md5.Sum([]byte(change+":")))
}

// sameLiquibaseSum tells whether Liquibase sees no difference between two texts of
// a changeset.
func sameLiquibaseSum(from, to *step) bool {
	return changesetOf(from) != nil && changesetOf(to) != nil && liquibaseSum(from) == liquibaseSum(to)
}

const liquibaseTable = `"databasechangelog"`

func liquibaseLedger(f *Folder) ledger {
	table := f.historyTable(liquibaseTable)
	settings, _ := f.own.(liquibaseSettings)
	lock := (&Found{Schema: f.Schema, Table: settings.lock}).historyTable(`"databasechangeloglock"`)
	return ledger{
		versions: versions{tool: Liquibase, order: func(_, _ string) int { return 0 }},
		table:    withPublic(table), sums: true, sum: liquibaseSum,
		setup: `CREATE TABLE ` + lock + ` (ID INTEGER NOT NULL, LOCKED BOOLEAN NOT NULL, LOCKGRANTED TIMESTAMP WITHOUT TIME ZONE, LOCKEDBY VARCHAR(255), CONSTRAINT ` + quote.Name(cmp.Or(settings.lock, "databasechangeloglock")+"_pkey") + ` PRIMARY KEY (ID));
INSERT INTO ` + lock + ` (ID, LOCKED) VALUES (1, FALSE);
CREATE TABLE ` + table + ` (ID VARCHAR(255) NOT NULL, AUTHOR VARCHAR(255) NOT NULL, FILENAME VARCHAR(255) NOT NULL, DATEEXECUTED TIMESTAMP WITHOUT TIME ZONE NOT NULL, ORDEREXECUTED INTEGER NOT NULL, EXECTYPE VARCHAR(10) NOT NULL, MD5SUM VARCHAR(35), DESCRIPTION VARCHAR(255), COMMENTS VARCHAR(255), TAG VARCHAR(255), LIQUIBASE VARCHAR(20), CONTEXTS VARCHAR(255), LABELS VARCHAR(255), DEPLOYMENT_ID VARCHAR(10))`,
		applied: `SELECT coalesce(MD5SUM, '') || ' ' || FILENAME || '::' || ID || '::' || AUTHOR FROM ` + table + ` ORDER BY ORDEREXECUTED`,
		record:  func(s *step) quote.SQL { return liquibaseRow(table, s) },
	}
}

// liquibaseRow adds the row of a changeset, or updates it when the changeset ran
// again, as with runOnChange.
func liquibaseRow(table quote.SQL, s *step) quote.SQL {
	c := changesetOf(s)
	id, author, file := c.names()
	next := `(SELECT coalesce(max(ORDEREXECUTED), 0) + 1 FROM ` + table + `)`
	sum := quote.Text(liquibaseSum(s))
	return `WITH again AS (UPDATE ` + table + ` SET MD5SUM = ` + sum + `, DATEEXECUTED = now(), EXECTYPE = 'RERAN', ORDEREXECUTED = ` + next + ` WHERE ID = ` + id + ` AND AUTHOR = ` + author + ` AND FILENAME = ` + file + ` RETURNING ID)
INSERT INTO ` + table + ` (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, MD5SUM, DESCRIPTION, COMMENTS, EXECTYPE, CONTEXTS, LABELS) SELECT ` + id + `, ` + author + `, ` + file + `, now(), ` + next + `, ` + sum + `, 'sql', ` + quote.Text(c.comment) + `, 'EXECUTED', ` + orNull(c.contexts) + `, ` + orNull(c.labels) + ` WHERE NOT EXISTS (SELECT FROM again)`
}

func orNull(text string) quote.SQL {
	if text == "" {
		return "NULL"
	}
	return quote.Text(text)
}

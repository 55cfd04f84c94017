package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"

	"github.com/migvet/migvet/lint"
)

// liquibaseWords are elements of a changeset that change nothing in the database.
// Preconditions are taken to hold.
var liquibaseWords = []string{"comment", "labels", "preConditions", "property", "tagDatabase", "empty", "output"}

// changeset reads a changelog's own changeset, of which nobody knows what it does unless
// it runs a file of SQL; runs is false for one that runs nothing here.
func (c *liquibaseChangelogs) changeset(changelog, logical string, e liquibaseEntry) (item liquibaseItem, runs bool) {
	set := e.changeset()
	set.file, set.listedBy = cmp.Or(set.logical, logical, liquibasePath(changelog)), changelog
	if set.skipped {
		return liquibaseItem{}, false
	}
	opaque := liquibaseItem{
		file: changelog, changeset: set, text: e.text(),
		opaque: "its changes are not SQL, so migvet does not know what they do (liquibase update-sql prints them)",
	}
	var changes, rollbacks []liquibaseEntry
	for _, change := range e.inside {
		switch {
		case change.kind == "rollback":
			rollbacks = append(rollbacks, change)
		case change.kind == "validCheckSum":
			set.anySum = true
		case !slices.Contains(liquibaseWords, change.kind) && forPostgres(change.values["dbms"]):
			changes = append(changes, change)
		}
	}
	if len(changes) == 0 {
		return liquibaseItem{}, false
	}
	if len(changes) > 1 || changes[0].kind != "sqlFile" || set.program != "" {
		return opaque, true
	}
	set.delimiter, set.whole = changes[0].values["endDelimiter"], isFalse(changes[0].values["splitStatements"])
	item = liquibaseItem{file: c.sqlFile(changelog, changes[0]), changeset: set, properties: c.properties}
	if item.file == "" && changes[0].values["path"] == "" {
		return opaque, true
	}
	if item.file == "" {
		item.file, item.missing = changelog, changes[0].values["path"]
	}
	if len(rollbacks) > 0 {
		set.hasBack, item.back = true, c.rollback(changelog, rollbacks)
	}
	return item, true
}

// text is what an entry says, whatever its order and its spaces.
func (e liquibaseEntry) text() string {
	return fmt.Sprint(e.values, e.inside)
}

// changeset is what the attributes of the entry say.
func (e liquibaseEntry) changeset() *changeset {
	a := e.values
	_, sums := a["validCheckSum"]
	return &changeset{
		id: a["id"], author: a["author"], line: wholeFile, comment: a["comment"], logical: a["logicalFilePath"], program: a["runWith"],
		contexts: cmp.Or(a["contextFilter"], a["context"]), labels: a["labels"],
		skipped: !forPostgres(a["dbms"]) || isTrue(a["ignore"]),
		noTx:    isFalse(a["runInTransaction"]), onChange: isTrue(a["runOnChange"]), always: isTrue(a["runAlways"]), anySum: sums,
	}
}

func (c *liquibaseChangelogs) sqlFile(changelog string, change liquibaseEntry) string {
	return c.find(changelog, change.values["path"], isTrue(change.values["relativeToChangelogFile"]), isFile)
}

// rollback is the file of a rollback that runs one and nothing else, "" for another.
func (c *liquibaseChangelogs) rollback(changelog string, rollbacks []liquibaseEntry) string {
	if len(rollbacks) != 1 || len(rollbacks[0].inside) != 1 || rollbacks[0].values["value"] != "" || rollbacks[0].inside[0].kind != "sqlFile" {
		return ""
	}
	return c.sqlFile(changelog, rollbacks[0].inside[0])
}

// addSQLFile adds the changeset of a changelog that runs a file of SQL, which is file.
func (f *Folder) addSQLFile(root *directory, item liquibaseItem, file step) error {
	c := item.changeset
	c.body = []lint.Span{{Start: 0, End: len(file.text)}}
	s := file
	s.own, s.editable = c, c.anySum
	f.fillChangeset(&s, item.properties)
	s.listed = wholeFile
	if c.hasBack {
		s.down = func() *step { return nil } // which is not tried
	}
	if item.back != "" {
		text, err := root.read(item.back)
		if err != nil {
			return err
		}
		s.down = func() *step { return f.sqlFileBack(s, item, text) }
	}
	f.steps = append(f.steps, s)
	return nil
}

// sqlFileBack is the step that runs the file of a changeset's rollback.
func (f *Folder) sqlFileBack(s step, item liquibaseItem, text string) *step {
	back := step{name: s.name, key: s.key, path: item.back, listed: wholeFile, tx: lint.TxFile, partOfFile: true, own: s.own}
	f.read(&back, text, nil)
	if back.unreadable || back.opaque != "" {
		return nil
	}
	f.sendParts(&back, []lint.Span{{Start: 0, End: len(back.text)}}, item.properties)
	return &back
}

// addUnread adds a changeset of a changelog that is not run: what is no SQL, and what runs
// a file that is not found, which another module may have.
func (f *Folder) addUnread(item liquibaseItem) {
	c, why := item.changeset, item.opaque
	if item.missing != "" {
		why = "its sqlFile " + path.Clean(item.missing) + " is not beside the changelog or on a way from a directory above"
	}
	f.steps = append(f.steps, step{
		name: c.author + ":" + c.id, key: c.file + "::" + c.id + "::" + c.author, path: item.file, raw: item.text, text: item.text,
		listed: wholeFile, tx: lint.TxFile, partOfFile: true, own: c, opaque: why, editable: c.anySum, repeatable: c.onChange || c.always,
	})
}

// withoutListed leaves out folders of which nothing is known but their SQL, where a
// changelog elsewhere lists it: db/migrations/001.sql of db/changelog/master.xml.
func withoutListed(all []candidate) []candidate {
	listed := map[string]bool{}
	for _, c := range all {
		if c.Tool != Liquibase || c.changelog == "" || c.Skip != "" || c.passed != "" {
			continue
		}
		changelogs, _ := c.directory.liquibaseItems(c.changelog)
		for _, item := range changelogs.items {
			if item.opaque == "" {
				listed[path.Dir(item.file)] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(c candidate) bool {
		return listed[c.Dir] && (c.Tool == Plain || c.Tool == Liquibase && c.changelog == "")
	})
}

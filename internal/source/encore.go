package source

import (
	"fmt"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Encore runs the migrations of each database with golang-migrate's driver, and
// is strict about their names.
const Encore = "Encore"

// https://github.com/encoredev/encore/blob/main/v2/parser/infra/sqldb/sqldb.go
var encoreName = lazyregexp.New(`^(\d+)(_[^.]+)?\.(up|down)\.sql$`)

func encore() tool {
	v := versions{
		tool: Encore, order: byNumber, late: lateSkipped,
		onLate: "Encore runs only what is newer than the version a database is at; give it the next number",
		onTwin: "Encore refuses to start with two of one number; take the next free one",
		unique: true,
	}
	l := layout{name: encoreStep, order: byNumber, tx: lint.TxNone, check: (*Folder).findMisnamed}
	return tool{
		name: Encore, key: "encore", takesAll: true,
		detect: func(d *directory) (Found, bool) {
			return d.claim(Encore, d.mostNamed(encoreName.String()) && d.aboveHas("encore.app"))
		},
		load:   l.load,
		onEdit: "Encore remembers versions and not what was in them, so databases that have run it stay at the old text",
		review: v.review,
		runner: func(r *review) Runner { return versionCursor(v, golangMigrateTable).ready(r) },
	}
}

func encoreStep(file string) (step, bool) {
	m := encoreName.FindStringSubmatch(file)
	if m == nil || m[3] == "down" {
		return step{}, false
	}
	return step{name: strings.TrimSuffix(file, ".up.sql"), key: withoutLeadingZeros(m[1])}, true
}

// findMisnamed looks for names on which Encore stops.
func (f *Folder) findMisnamed(d *directory) {
	for _, name := range d.sql() {
		m := encoreName.FindStringSubmatch(name)
		if m != nil && withoutLeadingZeros(m[1]) != "0" {
			continue
		}
		file := path.Join(f.Dir, name)
		f.broken = file + " has an invalid name"
		f.problems = append(f.problems, problem{rules.FileUnreadable.AtFile(file, fmt.Sprintf(
			"%s is not named NUMBER_NAME.up.sql or NUMBER_NAME.down.sql with a number from 1, so Encore refuses the whole folder; rename it, or move it out of the folder", name)), "misnamed " + file})
	}
}

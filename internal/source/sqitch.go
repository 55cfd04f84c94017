package source

import (
	"cmp"
	"crypto/sha1"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/migvet/migvet/internal/quote"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/rules"
)

// Sqitch deploys the changes of a plan, each a script that psql runs in a
// session of its own.
const Sqitch = "Sqitch"

// sqitchTable is in a registry of this name unless sqitch.conf has another.
const sqitchTable = `"sqitch"."changes"`

func sqitch() tool {
	return tool{
		name: Sqitch, key: "sqitch", inner: "deploy",
		detect: detectSqitch,
		load:   loadSqitch,
		onEdit: "Sqitch does not compare scripts before it deploys, so databases that have deployed it stay at the old text; sqitch rework makes a change that replaces it",
		onLoss: "the IDs of all behind it change, so where it has run sqitch deploy finds itself nowhere in the plan and runs nothing (“Cannot find change”)",
		review: reviewSqitch,
		runner: func(r *review) Runner { return newSqitchRunner(r) },
		table:  sqitchTable, schemaOnly: true,
		tableIn: func(d *directory) (schema, table string) { return d.sqitchPlaces().registry, "" },
		places:  func(d *directory) []string { return d.sqitchPlaces().settings() },
		undo: &undoing{forget: func(table quote.SQL, s, _ *step) quote.SQL {
			return sqitchSessionEnds + "DELETE FROM " + table + " WHERE change_id = " + quote.Text(s.key)
		}},
		withoutDown: "sqitch revert fails on it",
		outlasts:    func(string) bool { return false }, // psql ends with its script
	}
}

func detectSqitch(d *directory) (Found, bool) {
	p := d.sqitchPlaces()
	if p.broken != "" && (d.dir == p.conf || d.has(sqitchPlanFile)) {
		return Found{
			Dir: d.dir, Tool: Sqitch, Doubtful: true,
			Skip: path.Join(p.conf, "sqitch.conf") + " " + p.broken + ", so it is not known what Sqitch deploys; write it plainly",
		}, true
	}
	if p.home == "" && d.has(sqitchPlanFile) {
		return Found{Dir: d.dir, Tool: Sqitch, Skip: "sqitch.conf puts its plan or its scripts outside of the repository, where migvet does not read"}, true
	}
	if p.home != d.dir || !d.has(p.plan) {
		return Found{}, false
	}
	found := Found{Dir: d.dir, Tool: Sqitch, Dialect: postgresql}
	if p.verifies {
		found.Untried = "sqitch.conf lets each deploy run the verify scripts, and what they would say is not tried"
	}
	if p.engine == "" {
		return found, true
	}
	return found.inDialect(d, canonicalDialect(strings.TrimPrefix(p.engine, "db:")), "sqitch.conf"), true
}

func loadSqitch(d *directory, found Found) (*Folder, error) {
	places := d.sqitchPlaces()
	if places.broken != "" {
		return nil, fmt.Errorf("%s %s", path.Join(places.conf, "sqitch.conf"), places.broken)
	}
	text, err := d.read(cmp.Or(places.plan, sqitchPlanFile))
	if err != nil {
		return nil, err
	}
	places.registry = cmp.Or(found.Schema, places.registry)
	f := &Folder{Found: found, files: map[string]string{}, own: places, parse: places.parse}
	plan := f.sqitchPlanPath()
	f.files[plan] = text
	if finding, bad := whyUnreadable(plan, text); bad {
		f.broken = plan + " cannot be read"
		f.problems = append(f.problems, problem{finding, "unreadable " + plan + "\n" + text})
		return f, nil
	}
	p := parseSqitchPlan(text)
	if p.wrong != "" {
		f.broken = plan + " " + p.wrong
		f.problems = append(f.problems, problem{rules.JournalInvalid.At(plan, p.at.Start, p.at.End,
			path.Base(plan)+" "+p.wrong+", so sqitch deploy runs nothing; correct the plan"), "plan " + p.wrong})
	}
	listed := map[string]bool{}
	for _, c := range p.changes {
		if err := f.addSqitch(d, p, c, listed); err != nil {
			return nil, err
		}
	}
	return f, f.findUnplanned(d, p, listed)
}

func (f *Folder) addSqitch(d *directory, p *sqitchPlan, c sqitchChange, listed map[string]bool) error {
	places := f.sqitchPlaces()
	file := c.file(d, places)
	s := step{
		name: c.title(), path: path.Join(f.Dir, file), key: c.id, listed: c.line, tx: lint.TxNone, aliases: c.otherNames(),
	}
	listed[file] = true
	text, err := d.read(file)
	if errors.Is(err, fs.ErrNotExist) {
		s.missing = true
		f.problems = append(f.problems, problem{rules.MigrationMissing.AtFile(s.path, fmt.Sprintf(
			"%s is in %s, but %s does not exist, so sqitch deploy fails on it; add the script", s.name, path.Base(places.plan), file)), "missing " + s.path})
		f.steps = append(f.steps, s)
		return nil
	}
	if err != nil {
		return err
	}
	places.parse(f, &s, text)
	s.record = p.record(c, text, quote.Name(places.registry))
	places.downs().downFile(f, d, &s, places.reverts(d))
	f.steps = append(f.steps, s)
	return nil
}

// sqitchPlaces are where the folder has its plan and scripts; zero for other tools.
func (f *Folder) sqitchPlaces() sqitchPlaces {
	p, _ := f.own.(sqitchPlaces)
	return p
}

func (f *Folder) sqitchPlanPath() string { return path.Join(f.Dir, f.sqitchPlaces().plan) }

// parse reads a script that deploys.
func (p sqitchPlaces) parse(f *Folder, s *step, text string) {
	f.read(s, text, []lint.Span{{Start: 0, End: len(text)}})
	if !s.unreadable {
		f.runByPsql(s, p.variables())
	}
}

// variables are set by Sqitch in every session of psql.
func (p sqitchPlaces) variables() map[string]string { return map[string]string{"registry": p.registry} }

// downs is how the scripts that revert are read.
func (p sqitchPlaces) downs() layout {
	return layout{tx: lint.TxNone, prepare: func(f *Folder, back *step) { f.runByPsql(back, p.variables()) }}
}

// reverts finds revert/a.sql for deploy/a.sql.
func (p sqitchPlaces) reverts(d *directory) findDown {
	return func(s *step) string {
		file := strings.TrimPrefix(s.path, d.dir+"/")
		for _, dirs := range [][2]string{{p.deploy, p.revert}, {p.reworkedDeploy, p.reworkedRevert}} {
			if name, ok := strings.CutPrefix(file, dirs[0]+"/"); ok && d.has(dirs[1]+"/"+name) {
				return dirs[1] + "/" + name
			}
		}
		return ""
	}
}

// file returns where the script of a change is. That of one that was reworked
// is kept under the name of a tag.
func (c sqitchChange) file(d *directory, p sqitchPlaces) string {
	if len(c.reworked) == 0 {
		return p.deploy + "/" + c.name + "." + p.extension
	}
	script := func(tag string) string { return p.reworkedDeploy + "/" + c.name + "@" + tag + "." + p.extension }
	for _, tag := range c.reworked {
		if d.has(script(tag)) {
			return script(tag)
		}
	}
	return script(c.reworked[0])
}

// title tells the changes of one name apart, in a way that reworking a change
// does not alter.
func (c sqitchChange) title() string {
	switch c.occurrence {
	case 0:
		return c.name
	case 1:
		return c.name + " (reworked)"
	default:
		return fmt.Sprintf("%s (reworked %d times)", c.name, c.occurrence)
	}
}

// otherNames are those by which Sqitch's own commands know the change.
// https://sqitch.org/docs/manual/sqitchchanges/
func (c sqitchChange) otherNames() []string {
	names := []string{c.name}
	for _, tag := range c.tags {
		names = append(names, "@"+tag, c.name+"@"+tag)
	}
	if c.occurrence > 0 {
		names = append(names, c.name+"@HEAD")
	}
	return names
}

// findUnplanned looks for scripts that no change of the plan runs.
func (f *Folder) findUnplanned(d *directory, p *sqitchPlan, listed map[string]bool) error {
	places := f.sqitchPlaces()
	deploy, err := openDirectory(d.fsys, path.Join(d.dir, places.deploy))
	if errors.Is(err, fs.ErrNotExist) || p.wrong != "" {
		return nil
	}
	if err != nil {
		return err
	}
	for _, file := range deploy.sqlBelow(places.deploy) {
		if listed[file] || !strings.HasSuffix(file, "."+places.extension) {
			continue
		}
		full := path.Join(f.Dir, file)
		f.problems = append(f.problems, problem{rules.MigrationOrphaned.AtFile(full,
			file+" is the script of no change in "+path.Base(places.plan)+", so Sqitch never runs it; add it with sqitch add, or remove it"), "orphan " + full})
	}
	return nil
}

func reviewSqitch(r *review) {
	versions{tool: Sqitch}.renamed(r)
	if r.inserted() || len(r.gone) > 0 || r.guessed() {
		return
	}
	for _, p := range r.pairs {
		if p.from.key == p.to.key {
			continue
		}
		r.report(rules.MigrationEdited.At(r.to.sqitchPlanPath(), p.to.listed.Start, p.to.listed.End, fmt.Sprintf(
			"what sqitch.plan says of %s or before it is on %s and was changed here; the IDs of all behind it change, so where it has run sqitch deploy finds itself nowhere in the plan and runs nothing (“Cannot find change”); put the lines back", p.to.name, r.base)))
		return
	}
}

// inserted reports new changes that stand in the plan before one of the base.
func (r *review) inserted() bool {
	last := -1
	for i := range r.to.steps {
		if s := &r.to.steps[i]; !r.isNew[s] {
			last = i
		}
	}
	found := false
	for i := range r.to.steps[:last+1] {
		s := &r.to.steps[i]
		if !r.isNew[s] {
			continue
		}
		found = true
		r.report(rules.MigrationOutOfOrder.At(r.to.sqitchPlanPath(), s.listed.Start, s.listed.End, fmt.Sprintf(
			"%s stands in sqitch.plan before %s, which is on %s; the IDs of all behind it change, so sqitch deploy finds itself nowhere in the plan and runs nothing (“Cannot find change”); move the line to the end", s.name, r.to.steps[last].name, r.base)))
	}
	return found
}

// sqitchSessionEnds does what the end of psql does: what it left open is rolled
// back, what it set is gone.
const sqitchSessionEnds = "ROLLBACK; RESET ALL; SET SESSION AUTHORIZATION DEFAULT; DISCARD TEMP;\n"

// record is the SQL by which Sqitch notes a change, on a connection of its own.
func (p *sqitchPlan) record(c sqitchChange, script string, registry quote.SQL) quote.SQL {
	hash := sha1.Sum([]byte(script))
	values := []string{c.name, p.project, c.note}
	plan := []string{c.date, c.planner, c.email}
	return sqitchSessionEnds + `INSERT INTO ` + registry + `.changes (change_id, script_hash, change, project, note, committer_name, committer_email, planned_at, planner_name, planner_email)
VALUES (` + quote.Text(c.id) + `, '` + quote.Hex(hash[:]) + `', ` + quote.List(values, quote.Text) + `, 'migvet', 'migvet@localhost', ` + quote.List(plan, quote.Text) + `)`
}

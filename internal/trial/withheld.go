package trial

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A preset's stand-in gives way to what the repository makes itself: a migration of
// Nhost's own service has CREATE TABLE auth.users, so no database has the table before it.
// Only what has run somewhere tells that. A migration under review that makes what the
// platform has fails in production.

// standIns are what presets make, with the statements that do.
func standIns(all []presets.Preset) (names []facts.Name, err error) {
	for _, p := range all {
		statements, err := p.SQL()
		if err != nil {
			return nil, err
		}
		for _, sql := range statements {
			names = append(names, madeBy(string(sql))...)
		}
		for _, name := range p.Extensions {
			names = append(names, facts.Name{Kind: facts.Extension, Schema: "public", Name: name})
		}
	}
	return names, nil
}

// madeBy are the objects that SQL makes, without their parts.
func madeBy(sql string) (names []facts.Name) {
	statements, _ := lint.Parse(sql)
	for _, s := range statements {
		for _, f := range s.Facts() {
			if isMade(f) {
				names = append(names, inPublic(f.Name))
			}
		}
	}
	return names
}

func isMade(f facts.Fact) bool {
	return f.Verb&facts.Made != 0 && !f.Derived && f.Name.Table == "" && f.Name.Name != ""
}

// deployed are the migrations that have run on some database: those of the base and of the
// folders before it, and the dump that stands for them. A history that is under review as a
// whole has run somewhere, as far as anybody knows.
func (t *trial) deployed() []*lint.Migration {
	var all []*lint.Migration
	for _, s := range t.Preceding {
		all = append(all, historyOf(s.History)...)
	}
	if t.BaseSchema != nil {
		all = append(all, t.BaseSchema.Dump)
	}
	return append(all, historyOf(t.Source.History)...)
}

func historyOf(h *lint.History) []*lint.Migration {
	if len(h.Base) == 0 {
		return h.New
	}
	return h.Base
}

// noteWithheld says which stand-ins give way to migrations that may never have run: on a
// database of the platform these fail.
func (t *trial) noteWithheld() {
	if len(t.withheld) == 0 || len(t.Source.History.Base) > 0 {
		return
	}
	var names []string
	for _, n := range t.withheld {
		if !n.Kind.IsPart() {
			names = append(names, n.Phrase())
		}
	}
	t.leaveUnchecked(Unchecked{Path: t.Source.Dir, Start: lint.NoPos, Minor: true, Reason: fmt.Sprintf(
		"whether the platform has these before the first migration: %s; the presets (%s) would make them, and were left without, since the migrations do", strings.Join(names, ", "), strings.Join(t.presetNames(), ", "))})
}

// findWithheld returns the stand-ins that the migrations or the before: file make, and
// those that a run has met in the way. One that they drop first is the platform's.
func (t *trial) findWithheld() ([]facts.Name, error) {
	all, err := standIns(t.Environment.Presets)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return append(t.makersOf(all), t.Environment.Without...), nil
}

func (t *trial) withholds(n facts.Name) bool { return slices.Contains(t.withheld, n) }

// makersOf returns those of some names that are made without IF NOT EXISTS and OR REPLACE,
// and what is made with it in the schemas of these: their maker is the platform itself.
func (t *trial) makersOf(names []facts.Name) (made []facts.Name) {
	m := makers{names: names, met: map[facts.Name]fate{}}
	m.read(t.Environment.beforeStatements())
	for _, migration := range t.deployed() {
		if m.mentionsAny(migration.Source) {
			m.read(migration.Statements())
		}
	}
	return m.made()
}

// A fate is what becomes first of a stand-in.
type fate int

const (
	fateMade fate = iota + 1
	fateMaybe
	fateDropped
)

// makers finds out which of some names migrations make.
type makers struct {
	names []facts.Name
	met   map[facts.Name]fate
}

func (m *makers) mentionsAny(sql string) bool {
	lower := strings.ToLower(sql)
	return slices.ContainsFunc(m.names, func(n facts.Name) bool { return strings.Contains(lower, strings.ToLower(n.Name)) })
}

func (m *makers) read(statements []*lint.Statement) {
	for _, s := range statements {
		for _, f := range s.Facts() {
			n := inPublic(f.Name)
			if earlier := m.met[n]; earlier != 0 && earlier != fateMaybe || !slices.Contains(m.names, n) {
				continue
			}
			switch {
			case f.Verb&facts.Dropped != 0:
				m.met[n] = fateDropped
			case !isMade(f):
			case f.Maybe:
				m.met[n] = fateMaybe
			default:
				m.met[n] = fateMade
			}
		}
	}
}

func (m *makers) made() (made []facts.Name) {
	own := map[string]bool{}
	for n, f := range m.met {
		if f == fateMade && n.Schema != "public" {
			own[n.Schema] = true
		}
	}
	for _, n := range m.names {
		if f := m.met[n]; f == fateMade || f == fateMaybe && own[n.Schema] {
			made = append(made, n)
		}
	}
	return made
}

// makesPreset reports whether the repository itself makes what a preset has in a schema.
func (t *trial) makesPreset(name, schema string) bool {
	all, err := standIns(presets.Named(name))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(t.makersOf(all), func(n facts.Name) bool {
		return n.Schema == schema || n.Kind == facts.Schema && n.Name == schema
	})
}

// existing is what PostgreSQL says of what is there already.
var existing = lazyregexp.New(`^(relation|type|role|schema|function|extension) "(.+?)" already exists`)

// A standInMet is a stand-in that was in the way of what code makes, such as EXECUTE
// 'CREATE ROLE anon': the trial begins anew without it.
type standInMet struct{ name facts.Name }

func (e *standInMet) Error() string { return fmt.Sprintf("the stand-in %s is in the way", e.name) }

// unlessStandIn returns a *standInMet where a stand-in is in the way of a statement.
func (t *trial) unlessStandIn(r *session.Refused) error {
	if !slices.Contains(t.deployed(), r.Migration) {
		return nil
	}
	n, _, err := t.standInOf(r)
	if n.Name == "" || err != nil {
		return err
	}
	return &standInMet{n}
}

// standInOf is the stand-in that is in the way of a statement, and the preset that has it;
// none where the migrations themselves have made what is there.
func (t *trial) standInOf(r *session.Refused) (n facts.Name, preset string, err error) {
	m := existing.FindStringSubmatch(r.Err.Message)
	if m == nil || !session.IsDuplicate(r.Err.SQLState) || r.Statement == nil {
		return n, "", nil
	}
	visible := madeBy(r.Statement.SQL)
	for _, p := range t.Environment.Presets {
		all, err := standIns([]presets.Preset{p})
		if err != nil {
			return n, "", err
		}
		for _, n := range all {
			if n.Name == m[2] && isCalled(n.Kind, m[1]) && !t.withholds(n) && mayMean(visible, n) {
				return n, p.Name, nil
			}
		}
	}
	return n, "", nil
}

// mayMean reports whether a statement that visibly makes some objects may make one of a
// name: that one, or in code nobody sees.
func mayMean(visible []facts.Name, n facts.Name) bool {
	return slices.Contains(visible, n) || !slices.ContainsFunc(visible, func(v facts.Name) bool { return v.Name == n.Name })
}

// standInHint says of what a new migration makes a second time that the platform has it.
func (t *trial) standInHint(r *session.Refused) string {
	n, preset, err := t.standInOf(r)
	if n.Name == "" || err != nil {
		return ""
	}
	return fmt.Sprintf("; the preset %s has %s, as the platform does before the first migration; where production has no such platform, write presets: %s in .migvet.yml",
		preset, n.Phrase(), yamltext.List(slices.DeleteFunc(t.presetNames(), func(name string) bool { return name == preset })))
}

// isCalled reports whether a message calls objects of a kind by a word.
func isCalled(kind facts.Kind, word string) bool {
	return string(kind) == word || word == "relation" && kind.Space() == facts.Table
}

// metStandIn is the stand-in that an error is about.
func metStandIn(err error) (n facts.Name, met bool) {
	var e *standInMet
	if errors.As(err, &e) {
		return e.name, true
	}
	return n, false
}

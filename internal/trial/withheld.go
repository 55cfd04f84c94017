package trial

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/internal/presets"
	"github.com/migvet/migvet/internal/session"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A preset's stand-in gives way to what the repository makes itself: a migration of
// Nhost's own service has CREATE TABLE auth.users, so no database has the table before it.

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
	for _, migration := range slices.Concat(t.besides(), t.Source.History.Base, t.Source.Head) {
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
	m := existing.FindStringSubmatch(r.Err.Message)
	if m == nil || !session.IsDuplicate(r.Err.SQLState) || r.Statement == nil {
		return nil
	}
	all, err := standIns(t.Environment.Presets)
	if err != nil {
		return err
	}
	visible := madeBy(r.Statement.SQL)
	for _, n := range all {
		if n.Name != m[2] || !isCalled(n.Kind, m[1]) || t.withholds(n) {
			continue
		}
		if slices.Contains(visible, n) || !slices.ContainsFunc(visible, func(v facts.Name) bool { return v.Name == n.Name }) {
			return &standInMet{n}
		}
	}
	return nil
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

package rules

import (
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A wholeName is what DROP TABLE temporary and CREATE TEMPORARY TABLE temporary have in
// common: a name that can mean one object, whatever the arguments of a function are. Its
// schema is "" for the one in which a name without one is made.
type wholeName struct {
	space        facts.Kind
	schema, name string
}

func wholeNamed(p *lint.Pass, n facts.Name) wholeName {
	schema := p.Qualified(n).Schema
	if schema == p.HomeSchema() || schema == facts.TemporarySchema {
		schema = ""
	}
	return wholeName{n.Kind.Space(), schema, n.Name}
}

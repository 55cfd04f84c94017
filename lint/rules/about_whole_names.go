package rules

import "github.com/migvet/migvet/lint/facts"

// A wholeName is what DROP TABLE temporary and CREATE TEMPORARY TABLE temporary have in
// common: a name that can mean one object, whatever the arguments of a function are.
type wholeName struct {
	space        facts.Kind
	schema, name string
}

func wholeNamed(n facts.Name) wholeName {
	schema := n.Schema
	if schema == "public" || schema == facts.TemporarySchema {
		schema = ""
	}
	return wholeName{n.Kind.Space(), schema, n.Name}
}

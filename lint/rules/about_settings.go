package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/sqlvalue"
)

// A setting is a parameter that a statement sets.
type setting struct {
	name     string
	value    string // as text, when it is a constant
	text     string // all values of a list: "app, public"
	local    bool   // ends with the transaction
	reset    bool   // back to what the session began with
	location int32
}

// settingsIn returns what a statement sets, by SET or by set_config.
// https://www.postgresql.org/docs/current/sql-set.html
func settingsIn(s *lint.Statement) []setting {
	switch n := s.Node.GetNode().(type) {
	case *pg.Node_VariableSetStmt:
		return []setting{readVariableSet(n.VariableSetStmt)}
	case *pg.Node_SelectStmt:
		var found []setting
		facts.Walk(s.Node, func(n *pg.Node) bool {
			if facts.FunctionName(n) == "set_config" && len(n.GetFuncCall().GetArgs()) == 3 {
				found = append(found, readSetConfig(n.GetFuncCall()))
			}
			return true
		})
		return found
	}
	return nil
}

func readVariableSet(v *pg.VariableSetStmt) setting {
	set := setting{name: v.Name, local: v.IsLocal}
	switch v.Kind {
	case pg.VariableSetKind_VAR_RESET, pg.VariableSetKind_VAR_SET_DEFAULT:
		set.reset = true
	case pg.VariableSetKind_VAR_RESET_ALL:
		set.name, set.reset = "all", true
	}
	var texts []string
	for _, n := range v.Args {
		l, _ := sqlvalue.ReadLiteral(n)
		texts = append(texts, l.Text)
	}
	if set.text = strings.Join(texts, ", "); len(texts) == 1 {
		set.value = texts[0]
	}
	return set
}

func readSetConfig(call *pg.FuncCall) setting {
	name, _ := sqlvalue.ReadLiteral(call.Args[0])
	value, _ := sqlvalue.ReadLiteral(call.Args[1])
	local, _ := sqlvalue.ReadLiteral(call.Args[2])
	return setting{name: name.Text, value: value.Text, text: value.Text, local: local.Text == "true" || local.Text == "t", location: call.Location}
}

// timeoutIsSet tells whether the last statement of the review that sets a timeout sets
// one; 0 is none.
func timeoutIsSet(p *lint.Pass, timeout string) bool { return timeoutSet(p, timeout) != "" }

// timeoutSet is what it sets: "5s"; "" for none.
func timeoutSet(p *lint.Pass, timeout string) string {
	for e := range p.Object(facts.Name{Kind: facts.Setting, Name: timeout}).Before(p) {
		if !e.New {
			return ""
		}
		for _, set := range settingsIn(e.Statement) {
			if !strings.EqualFold(set.name, timeout) {
				continue
			}
			if set.reset || strings.Trim(set.value, "0 ms") == "" || resetsAll(p, &e) {
				return ""
			}
			return set.value
		}
	}
	return ""
}

// resetsAll tells whether RESET ALL takes back what was set.
func resetsAll(p *lint.Pass, set *lint.Event) bool {
	for e := range p.Object(facts.Name{Kind: facts.Setting, Name: "all"}).Before(p) {
		return e.IsBehind(set)
	}
	return false
}

package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/internal/noun"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

var rowSecurityMissing = &lint.Rule{
	ID: "row-security-missing", Group: lint.GroupSecurity, Severity: lint.Warning,
	On:    facts.Made,
	Title: "A new table has no row security, unlike the others of its schema",
	Why: "Where most tables of a schema have row security, roles are usually granted the tables and told apart by policies alone: on Supabase and PostgREST anybody with the public key reads and writes a table without it.\n\n" +
		"Reported when the migrations enable row security on at least half of the other tables they make in the schema. A policy alone does nothing either: it counts only once row security is enabled, and a table with policies but without it is reported in any schema.\n\n" +
		"https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
	Fix: "```sql\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own_notes ON notes USING (owner_id = auth.uid());\n```",
	Check: func(p *lint.Pass) {
		switch n := p.Node().GetNode().(type) {
		case *pg.Node_CreateStmt:
			checkSecured(p, n.CreateStmt)
		case *pg.Node_CreatePolicyStmt:
			checkPolicy(p, n.CreatePolicyStmt)
		}
	},
}

func checkSecured(p *lint.Pass, s *pg.CreateStmt) {
	if facts.IsTemporary(s.Relation) || s.Partbound != nil || !bool(findSecurity(p)) {
		return
	}
	own := madeSecurity(p, facts.Named(facts.Table, s.Relation))
	if own == nil || own.RowSecurity || own.Policies > 0 {
		return
	}
	in := countSecured(p)[own.Schema]
	others := in.tables - 1
	if in.secured > 0 && 2*in.secured >= others {
		f := p.Reportf(s.Relation.GetLocation(), "%s has no row security, which %d of the %s of its schema have; ENABLE ROW LEVEL SECURITY, and add its policies", tableName(s.Relation), in.secured, noun.Count(others, "other table"))
		p.TellInSeries(f, "none", tableName(s.Relation))
	}
}

// A securityFound tells that a statement of the history enables row security, without
// which there is nothing to compare a table with: most histories have none.
type securityFound bool

func findSecurity(p *lint.Pass) securityFound {
	return lint.Remember(p, func() securityFound {
		for _, s := range p.Statements() {
			if slices.ContainsFunc(alterCommands(s), func(c alterCommand) bool { return c.Subtype == pg.AlterTableType_AT_EnableRowSecurity }) {
				return true
			}
		}
		return false
	})
}

// A securedSchema counts the tables that the history makes in a schema, as it
// leaves them.
type securedSchema struct{ tables, secured int }

// securedSchemas counts by the name of the schema. Partitions have no row
// security of their own.
type securedSchemas map[string]securedSchema

func countSecured(p *lint.Pass) securedSchemas {
	return lint.Remember(p, func() securedSchemas {
		counted := securedSchemas{}
		for _, o := range p.Tables() {
			t := p.FinalOf(o)
			if t == nil || t.Partition {
				continue
			}
			in := counted[t.Schema]
			in.tables++
			if t.RowSecurity {
				in.secured++
			}
			counted[t.Schema] = in
		}
		return counted
	})
}

func checkPolicy(p *lint.Pass, s *pg.CreatePolicyStmt) {
	own := madeSecurity(p, facts.Named(facts.Table, s.Table))
	if own != nil && !own.RowSecurity {
		f := p.Reportf(s.Table.GetLocation(), "policy %s does nothing while row security of %s is not enabled; ALTER TABLE … ENABLE ROW LEVEL SECURITY", s.PolicyName, tableName(s.Table))
		p.TellInSeries(f, "policy", s.PolicyName+" of "+tableName(s.Table))
	}
}

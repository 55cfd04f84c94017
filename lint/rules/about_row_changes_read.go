package rules

import (
	"slices"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// readRowChanges returns what a statement changes, MERGE included; of one that is
// not parsed, what its tokens tell.
func readRowChanges(p *lint.Pass, s *lint.Statement) []rowChange {
	if s.Node == nil {
		return scanRowChanges(s)
	}
	query := queryIn(p, s.Node)
	if m := query.GetMergeStmt(); m != nil {
		return mergedRowChanges(m)
	}
	return rowChangesIn(query)
}

// queryIn returns the query that a statement runs for its own purpose.
func queryIn(p *lint.Pass, n *pg.Node) *pg.Node {
	switch n := n.GetNode().(type) {
	case *pg.Node_ExplainStmt:
		return queryIn(p, n.ExplainStmt.Query)
	case *pg.Node_CopyStmt:
		return n.CopyStmt.Query
	case *pg.Node_CreateTableAsStmt:
		return queryIn(p, n.CreateTableAsStmt.Query)
	case *pg.Node_ExecuteStmt:
		return preparedQuery(p, n.ExecuteStmt.Name)
	}
	return n
}

// preparedQuery returns the query of a statement that the review prepared.
func preparedQuery(p *lint.Pass, name string) *pg.Node {
	made := p.Object(facts.Name{Kind: facts.Prepared, Name: name}).Made()
	if made == nil || !made.New {
		return nil
	}
	return made.Statement.Node.GetPrepareStmt().GetQuery()
}

// mergedRowChanges returns what MERGE changes. Joined with anything but itself or a
// constant it says which rows are meant.
func mergedRowChanges(m *pg.MergeStmt) []rowChange {
	var found []rowChange
	for _, n := range m.MergeWhenClauses {
		when := n.GetMergeWhenClause()
		c := rowChange{table: m.Relation, where: when.GetCondition(), joined: !joinsAll(m), columns: targetColumns(when.GetTargetList())}
		switch when.GetCommandType() {
		case pg.CmdType_CMD_DELETE:
			c.isDelete = true
		case pg.CmdType_CMD_UPDATE:
		default:
			continue
		}
		found = append(found, c)
	}
	return found
}

// joinsAll tells whether MERGE matches every row: by a condition without columns,
// or with all rows of the table itself.
func joinsAll(m *pg.MergeStmt) bool {
	asks, picks := false, false
	facts.Walk(m.JoinCondition, func(n *pg.Node) bool {
		asks = asks || n.GetColumnRef() != nil
		return true
	})
	facts.Walk(m.SourceRelation, func(n *pg.Node) bool {
		s := n.GetSelectStmt()
		picks = picks || s.GetWhereClause() != nil || s.GetLimitCount() != nil || s.GetHavingClause() != nil || s.GetLimitOffset() != nil
		return true
	})
	itself := slices.ContainsFunc(facts.RelationsIn(m.SourceRelation), func(r *pg.RangeVar) bool { return facts.SameRelation(r, m.Relation) })
	return !asks || itself && !picks
}

// scanRowChanges reads tokens. Whatever has a WHERE, FROM or USING of its own
// says which rows it means.
func scanRowChanges(s *lint.Statement) []rowChange {
	var found []rowChange
	words := wordsOf(s)
	for i, word := range words.text {
		var c rowChange
		switch {
		case word == "delete" && words.at(i+1) == "from":
			c = rowChange{isDelete: true, table: words.relation(i + 2)}
			c.joined = words.has(i+2, "where", "using")
		case word == "update" && words.startsUpdate(i):
			c = rowChange{table: words.relation(i + 1)}
			c.joined = words.has(i+1, "where", "from")
		default:
			continue
		}
		found = append(found, c)
	}
	return found
}

// startsUpdate leaves out FOR UPDATE, ON UPDATE, DO UPDATE.
func (w wordList) startsUpdate(i int) bool {
	return !slices.Contains([]string{"for", "key", "on", "do", "then"}, w.at(i-1)) && w.has(i, "set")
}

// has tells whether a word follows in the same brackets.
func (w wordList) has(first int, words ...string) bool {
	depth := 0
	for _, text := range w.text[min(first, len(w.text)):] {
		switch {
		case text == "(":
			depth++
		case text == ")":
			depth--
		case depth == 0 && slices.Contains(words, text):
			return true
		}
		if depth < 0 {
			return false
		}
	}
	return false
}

// relation reads a table's name: ONLY a.b.
func (w wordList) relation(i int) *pg.RangeVar {
	if w.at(i) == "only" {
		i++
	}
	r := &pg.RangeVar{Relname: w.at(i), Inh: true}
	if w.at(i+1) == "." {
		r.Schemaname, r.Relname = w.at(i), w.at(i+2)
	}
	return r
}

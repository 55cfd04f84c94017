package rules

import (
	"iter"
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"

	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
	"github.com/migvet/migvet/lint/plpgsql"
)

// A wholeTable is a table all of whose rows a statement was seen to delete, or
// to update, without saying so in its own tree.
type wholeTable struct {
	name     string
	rows     int64
	location int32 // of the command that did it
}

// wholeTables returns the tables that lost all rows, or had all of them changed,
// to something that does not say which rows it means. Rows of a trial are few
// and alike: WHERE id > 0 takes them all, and says what it takes.
func wholeTables(p *lint.Pass, isDelete bool) []wholeTable {
	if !p.Tried() {
		return nil
	}
	var found []wholeTable
	for _, w := range p.Effect().Wrote {
		rows := w.Updated
		if isDelete {
			rows = w.Deleted
		}
		t := touched{p, w.Table, w.Had, isDelete}
		if w.Had == 0 || rows < w.Had || t.saidAll() {
			continue
		}
		if location, yes := t.entirely(); yes {
			found = append(found, wholeTable{unqualified(w.Table), w.Had, location})
		}
	}
	return found
}

// A touched table lost or changed all rows in the trial.
type touched struct {
	*lint.Pass
	table    string // "public.tasks"
	rows     int64  // it had
	isDelete bool
}

// saidAll tells whether the statement's own text has every row of the table
// changed, which is told without a trial.
func (t touched) saidAll() bool {
	return slices.ContainsFunc(changes(t.Pass), func(c change) bool { return c.isDelete == t.isDelete && c.all() && t.isIt(c.table) })
}

// entirely looks for what did it among all that the statement runs: a command
// for all rows, or else, when no command for some of them explains it, one that
// nobody can read.
func (t touched) entirely() (location int32, yes bool) {
	explained, unread := false, int32(-1)
	if t.lostOnTheWay() {
		return 0, true
	}
	for c := range commandsOf(t.Pass) {
		for _, s := range c.Statements {
			for _, change := range changesRead(t.Pass, s) {
				switch {
				case change.isDelete != t.isDelete:
				case t.isIt(change.table) && t.all(change):
					return c.placeOf(s, change.table), true
				case t.isIt(change.table):
					explained = true
				case t.isView(change.table) && change.all():
					unread = c.placeOf(s, change.table)
				}
			}
		}
		if unread < 0 && c.Open && !slices.ContainsFunc(c.Statements, isParsed) {
			unread = c.location()
		}
	}
	return unread, unread >= 0 && !explained && !t.isPartition() && !t.hasNewColumn()
}

// lostOnTheWay tells whether the statement inserts fewer rows than it deletes:
// WITH moved AS (DELETE … RETURNING …) INSERT … moves them only if it takes all.
func (t touched) lostOnTheWay() bool {
	target := t.Node().GetInsertStmt().GetRelation()
	after := t.After(target)
	if target == nil || after == nil || !t.isDelete {
		return false
	}
	deletes := false
	facts.Walk(t.Node(), func(n *pg.Node) bool {
		d := n.GetDeleteStmt()
		deletes = deletes || d != nil && len(d.UsingClause) == 0 && everyRow(d.WhereClause) && t.isIt(d.Relation)
		return true
	})
	var before int64
	if was := t.Table(target); was != nil {
		before = was.Rows
	}
	return deletes && after.Rows-before < t.rows
}

// placeOf is where in the statement a command names a table.
func (c codeCommand) placeOf(s *lint.Statement, table *pg.RangeVar) int32 {
	if c.Dynamic {
		return c.location()
	}
	return c.place(s.Start + int(table.GetLocation()))
}

// wholeStatement is the place of code that stands elsewhere.
func wholeStatement(int) int32 { return 0 }

func isParsed(s *lint.Statement) bool { return s.Node != nil }

// isIt tells whether a name means the table, or can mean any.
func (t touched) isIt(r *pg.RangeVar) bool {
	if r.GetRelname() == plpgsql.Placeholder {
		return true
	}
	_, name, _ := strings.Cut(t.table, ".")
	return catalogName(t.Pass, r) == t.table || r.GetSchemaname() == "" && r.GetRelname() == name
}

// isView tells whether a name means a view, whose rows are those of tables.
func (t touched) isView(r *pg.RangeVar) bool {
	is := t.Table(r)
	return is != nil && is.Kind == lint.View
}

// all tells whether a change leaves out no row. An UPDATE that sets new columns
// takes no value away.
func (t touched) all(c change) bool {
	if !c.all() {
		return false
	}
	return t.isDelete || !c.fillsNewColumns(t.Pass) && !t.setsOnlyNew(c)
}

// setsOnlyNew tells whether an UPDATE sets only columns that the same statement
// adds.
func (t touched) setsOnlyNew(c change) bool {
	before, after := t.Table(t.relation()), t.After(t.relation())
	return len(c.columns) > 0 && after != nil && !slices.ContainsFunc(c.columns, func(name string) bool {
		return before.Column(name) != nil || after.Column(name) == nil
	})
}

// hasNewColumn tells whether the review added a column, which unread code is
// likely to fill.
func (t touched) hasNewColumn() bool {
	after := t.After(t.relation())
	return !t.isDelete && after != nil && slices.ContainsFunc(after.Columns, func(c lint.Column) bool {
		return isNewObject(t.Pass, facts.PartOf(facts.Column, t.relation(), c.Name)) || t.Table(t.relation()).Column(c.Name) == nil
	})
}

// isPartition tells that the table's parent is told of.
func (t touched) isPartition() bool {
	is := t.Table(t.relation())
	return is != nil && is.Partition
}

func (t touched) relation() *pg.RangeVar {
	schema, name, _ := strings.Cut(t.table, ".")
	return &pg.RangeVar{Schemaname: schema, Relname: name}
}

// commandsOf yields the commands that a statement was seen to run, or may have
// run, by its text, by a rule of the review, or in code.
func commandsOf(p *lint.Pass) iter.Seq[codeCommand] {
	return func(yield func(codeCommand) bool) {
		for c := range writtenCommands(p.Statement) {
			if !yield(c) {
				return
			}
		}
		for _, b := range calledBodies(p) {
			for c := range b.commands() {
				if b.isBaseTrigger && !c.Open {
					continue // it does so for every program
				}
				c.place = wholeStatement
				if !yield(c) {
					return
				}
			}
		}
		for _, n := range slices.Concat(ruleActions(p), atomicQueries(p)) {
			if !yield(codeCommand{Command: plpgsql.Command{Statements: []*lint.Statement{{Node: n}}}, place: wholeStatement}) {
				return
			}
		}
	}
}

// calledBodies returns the code of the routines that the statement was seen to
// call.
func calledBodies(p *lint.Pass) []body {
	var bodies []body
	for _, r := range p.Effect().Called {
		_, name, _ := strings.Cut(r.Name, ".")
		b := body{routine: name, language: r.Language, text: r.Source}
		b.isBaseTrigger = r.Trigger && isOnBase(p, r.Source)
		bodies = append(bodies, b)
	}
	if p.Effect().CommitsItself && (p.Node().GetCallStmt() != nil || p.Node().GetDoStmt() != nil) {
		bodies = append(bodies, routinesNamed(p, callsIn(p.Statement))...)
	}
	return bodies
}

func isOnBase(p *lint.Pass, source string) bool {
	return slices.ContainsFunc(p.History.Base, func(m *lint.Migration) bool { return strings.Contains(m.Source, source) })
}

// ruleActions returns what the rules that the review makes run instead of the
// statement, or besides.
func ruleActions(p *lint.Pass) []*pg.Node {
	if !facts.IsQuery(p.Node()) {
		return nil
	}
	var actions []*pg.Node
	for e := range p.Happened(facts.Rule) {
		if s, is := e.Tree.(*pg.RuleStmt); is && e.New {
			actions = append(actions, s.Actions...)
		}
	}
	return actions
}

// atomicQueries returns the queries of functions in BEGIN ATOMIC that the
// statement was seen to call. The catalog has no text of those.
func atomicQueries(p *lint.Pass) (queries []*pg.Node) {
	names := map[string]bool{}
	for _, r := range p.Effect().Called {
		if _, name, _ := strings.Cut(r.Name, "."); r.Source == "" {
			names[name] = true
		}
	}
	if len(names) == 0 {
		return nil
	}
	for e := range p.Happened(facts.Function) {
		f, is := e.Tree.(*pg.CreateFunctionStmt)
		if !is || !names[e.Name.Name] {
			continue
		}
		facts.Walk(f.GetSqlBody(), func(n *pg.Node) bool {
			if facts.IsQuery(n) {
				queries = append(queries, n)
			}
			return !facts.IsQuery(n)
		})
	}
	return queries
}

// writtenCommands yields what stands in the text of a statement: the statements
// behind what of a long file is parsed, the commands of a block, or itself.
func writtenCommands(s *lint.Statement) iter.Seq[codeCommand] {
	if s.Rest {
		return body{language: "sql", text: s.SQL}.commands()
	}
	if b, found := bodyOf(s); found && b.routine == "" {
		return b.commands()
	}
	return func(yield func(codeCommand) bool) {
		own := &lint.Statement{Node: s.Node, ParseError: s.ParseError, End: len(s.SQL), SQL: s.SQL, Rows: s.Rows, Unread: s.Unread}
		yield(codeCommand{Command: plpgsql.Command{Statements: []*lint.Statement{own}, Always: true}, place: body{}.location})
	}
}

// changesRead returns what a statement changes, MERGE included; of one that is
// not parsed, what its tokens tell.
func changesRead(p *lint.Pass, s *lint.Statement) []change {
	if s.Node == nil {
		return changesScanned(s)
	}
	query := queryIn(p, s.Node)
	if m := query.GetMergeStmt(); m != nil {
		return merged(m)
	}
	return changesIn(query)
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
		return prepared(p, n.ExecuteStmt.Name)
	}
	return n
}

// prepared returns the query of a statement that the review prepared.
func prepared(p *lint.Pass, name string) *pg.Node {
	made := p.Object(facts.Name{Kind: facts.Prepared, Name: name}).Made()
	if made == nil || !made.New {
		return nil
	}
	return made.Statement.Node.GetPrepareStmt().GetQuery()
}

// merged returns what MERGE changes. Joined with anything but itself or a
// constant it says which rows are meant.
func merged(m *pg.MergeStmt) []change {
	var found []change
	for _, n := range m.MergeWhenClauses {
		when := n.GetMergeWhenClause()
		c := change{table: m.Relation, where: when.GetCondition(), joined: !joinsAll(m), columns: targets(when.GetTargetList())}
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

// changesScanned reads tokens. Whatever has a WHERE, FROM or USING of its own
// says which rows it means.
func changesScanned(s *lint.Statement) []change {
	var found []change
	words := wordsOf(s)
	for i, word := range words.text {
		var c change
		switch {
		case word == "delete" && words.at(i+1) == "from":
			c = change{isDelete: true, table: words.relation(i + 2)}
			c.joined = words.has(i+2, "where", "using")
		case word == "update" && words.startsUpdate(i):
			c = change{table: words.relation(i + 1)}
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

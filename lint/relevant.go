package lint

import (
	"maps"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/lazyregexp"
	"github.com/migvet/migvet/lint/facts"
)

// relevantMigrations returns the migrations of the base branch that can say something of
// what is under review, in their order. The others are never parsed: a history of
// 10,000 files has a dozen about one table.
//
// A migration is relevant when it has the name of a relation, a type or a routine
// that the review speaks of, or a name that one of the relevant statements leads
// to: ALTER TABLE a RENAME TO b leads from b to a, CREATE INDEX i ON a from a to
// i, which DROP INDEX i needs. What every statement can be about is always read.
func relevantMigrations(h *History) []*Migration {
	ParseAhead(h.New)
	if len(h.Base) == 0 {
		return nil
	}
	s := search{base: h.Base, read: make([]bool, len(h.Base)), wanted: map[string]bool{}}
	if s.review(h) || !s.follow() {
		ParseAhead(h.Base)
		return h.Base
	}
	i := -1
	return slices.DeleteFunc(slices.Clone(h.Base), func(*Migration) bool { i++; return !s.read[i] })
}

// A search goes from names to the statements that have them, and on.
type search struct {
	base  []*Migration
	read  []bool       // which of them are relevant
	open  []*Statement // of those: what no wanted name has led to
	index *wordIndex   // of the rest; nil as long as it is not worth it

	wanted map[string]bool // names, in lower case
	fresh  []string        // wanted since the last round

	everything bool // is wanted
}

// review wants what the review speaks of. It tells whether all of the base is
// wanted: a DO block can be about any table, and the row security of a new table is
// compared with that of all others.
func (s *search) review(h *History) (all bool) {
	workers := runtime.GOMAXPROCS(0)
	isParsed := !slices.ContainsFunc(h.New, func(m *Migration) bool { return !m.done.Load() })
	if restore, err := keepStderr(); err == nil {
		defer restore()
	} else {
		isParsed = false // nor can the bodies of functions be, by several at once
	}
	if !isParsed {
		workers = 1
	}
	parts := make([]search, workers)
	inParallel(len(parts), len(parts), func(i int) {
		parts[i].wanted = map[string]bool{}
		n := len(h.New)
		parts[i].everything = !parts[i].wantMigrations(h.New[i*n/len(parts) : (i+1)*n/len(parts)])
	})
	for i := range parts {
		s.everything = s.everything || parts[i].everything
		maps.Copy(s.wanted, parts[i].wanted)
	}
	return s.everything || s.wanted[newTable] && slices.ContainsFunc(h.Base, func(m *Migration) bool {
		return hasWord(m.Source, func(word string) bool { return word == "security" })
	})
}

// wantMigrations wants what migrations speak of; ok is false where that can be
// anything.
func (s *search) wantMigrations(migrations []*Migration) (ok bool) {
	for _, m := range migrations {
		if m.Opaque != "" {
			return false
		}
		for _, st := range m.Statements() {
			if !s.wantStatement(st) {
				return false
			}
		}
	}
	return !s.everything
}

// maxScans is how often texts are searched for all that is wanted before their words
// are put into an index: a history of some thousand domains, each over the one
// before, goes on and on.
const maxScans = 4

// follow reads the migrations that a wanted name is in, and wants the names that
// their statements lead to, until there is none left. ok is false when that turns
// out to be anything.
func (s *search) follow() (ok bool) {
	for round := 1; round == 1 || len(s.fresh) > 0; round++ {
		if round > maxScans && s.index == nil {
			s.index = s.newIndex()
		}
		found, statements := s.mentions()
		s.fresh = nil
		var migrations []*Migration
		for _, i := range found {
			s.read[i] = true
			migrations = append(migrations, s.base[i])
		}
		ParseAhead(migrations)
		for _, m := range migrations {
			statements = append(statements, s.sift(m.Statements())...)
		}
		for _, st := range statements {
			s.wantFrom(st)
		}
		if s.everything {
			return false
		}
	}
	return true
}

// mentions returns what has a wanted name: migrations that were not read, and
// statements of those that were.
func (s *search) mentions() (found []int, statements []*Statement) {
	if s.index != nil {
		return s.index.lookUp(s.fresh, s.read)
	}
	speaks := make([]bool, len(s.base))
	inParallel(len(s.base), runtime.GOMAXPROCS(0), func(i int) { speaks[i] = !s.read[i] && s.speaksOf(s.base[i].Source) })
	for i := range speaks {
		if speaks[i] {
			found = append(found, i)
		}
	}
	open := s.open
	s.open = nil
	return found, s.sift(open)
}

// sift returns the statements that have a wanted name, and keeps the others.
func (s *search) sift(statements []*Statement) (found []*Statement) {
	for _, st := range statements {
		switch {
		case s.speaksOf(st.SQL):
			found = append(found, st)
		case s.index != nil:
			s.index.add(st)
		default:
			s.open = append(s.open, st)
		}
	}
	return found
}

// wantStatement wants what a statement and the code in it speak of; ok is false
// where it can be anything.
func (s *search) wantStatement(st *Statement) (ok bool) {
	if st.Node == nil || facts.Verbs(st.Facts())&facts.Ran != 0 {
		return false
	}
	s.wantAll(st)
	f := st.Node.GetCreateFunctionStmt()
	if f == nil || f.SqlBody != nil {
		return true
	}
	language, code := facts.CodeOf(st.Node)
	if language != "sql" {
		return false
	}
	for _, text := range code {
		statements, _ := Parse(text)
		for _, inner := range statements {
			if !s.wantStatement(inner) {
				return false
			}
		}
	}
	return true
}

// wantPrivileges wants what may tell whether a REVOKE takes anything: each GRANT, as there
// are some on all tables of a schema, and the roles, which may be members of others.
func (s *search) wantPrivileges(tree any) {
	var roles []*pg.Node
	switch n := tree.(type) {
	case *pg.GrantStmt:
		if n.IsGrant {
			return
		}
		roles = n.Grantees
	case *pg.GrantRoleStmt:
		if n.IsGrant {
			return
		}
		roles = n.GranteeRoles
	default:
		return
	}
	s.want("grant")
	for _, n := range roles {
		s.want(n.GetRoleSpec().GetRolename())
	}
}

// newTable is in no text: no word begins with a blank.
const newTable = " new table"

// wantAll wants every name in a statement, but for columns: what they are called
// is in the statements of their tables.
func (s *search) wantAll(st *Statement) {
	for i := range st.Facts() {
		f := &st.facts[i]
		s.wantName(f.Name)
		if f.To != nil {
			s.wantName(*f.To)
		}
		if f.Verb&facts.Made != 0 && f.Name.Kind == facts.Table {
			s.wanted[newTable] = true
		}
		s.wantPrivileges(f.Tree)
	}
	facts.WalkMessages(st.Node, func(m proto.Message) bool {
		switch n := m.(type) {
		case *pg.RangeVar:
			s.want(n.Relname)
		case *pg.TypeName:
			s.wantType(n)
		case *pg.FuncCall:
			s.wantFunction(facts.LastWord(n.Funcname))
			s.wantSequence(n)
		}
		return true
	})
}

// wantSequence wants the sequence that a call names in a string: nextval('orders_id_seq'),
// or the table that it is asked of: pg_get_serial_sequence('orders', 'id').
func (s *search) wantSequence(call *pg.FuncCall) {
	function := facts.LastWord(call.Funcname)
	if function != "nextval" && function != "setval" && function != "pg_get_serial_sequence" || len(call.Args) == 0 {
		return
	}
	name := call.Args[0]
	if cast := name.GetTypeCast(); cast != nil {
		name = cast.Arg
	}
	parts := strings.Split(name.GetAConst().GetSval().GetSval(), ".")
	s.want(strings.Trim(parts[len(parts)-1], `"`))
}

// wantFrom wants the names that a relevant statement leads to.
func (s *search) wantFrom(st *Statement) {
	for i := range st.Facts() {
		f := &st.facts[i]
		if f.Verb&facts.Copied != 0 {
			continue
		}
		s.wantName(f.Name)
		if f.To != nil && (f.Verb&(facts.Renamed|facts.Moved|facts.Attached|facts.Detached) != 0 || f.Name.Kind == facts.Index) {
			s.wantName(*f.To)
		}
		s.wantTypes(f.Tree)
		s.wantDefaults(f.Tree)
	}
}

// wantDefaults wants the sequences that columns take their numbers from.
func (s *search) wantDefaults(tree any) {
	switch n := tree.(type) {
	case *pg.ColumnDef:
		for _, c := range n.Constraints {
			if call := c.GetConstraint().GetRawExpr().GetFuncCall(); call != nil {
				s.wantSequence(call)
			}
		}
	case *pg.AlterTableCmd:
		if call := n.Def.GetFuncCall(); call != nil {
			s.wantSequence(call)
		}
	}
}

// wantTypes wants the types of columns and the base types of domains.
func (s *search) wantTypes(tree any) {
	switch n := tree.(type) {
	case *pg.ColumnDef:
		s.wantType(n.TypeName)
	case *pg.AlterTableCmd:
		s.wantType(n.GetDef().GetColumnDef().GetTypeName())
	case *pg.CreateDomainStmt:
		s.wantType(n.TypeName)
	}
}

func (s *search) wantType(t *pg.TypeName) {
	if name := facts.LastWord(t.GetNames()); !facts.IsCommonType(name) {
		s.want(name)
	}
}

// wantFunction wants what the history makes, not now(), which every other migration
// calls.
func (s *search) wantFunction(name string) {
	if !facts.IsCommonFunction(name) {
		s.want(name)
	}
}

// wantName leaves out what lasts as long as a session, and roles: what was done to
// them before the review is of no account.
func (s *search) wantName(n facts.Name) {
	switch {
	case n.Kind.IsPart():
		s.want(n.Table)
	case n.Kind != facts.Setting && n.Kind != facts.Prepared && n.Kind != facts.Role:
		s.want(n.Name)
	}
}

// want looks for the longest word of a name, which in "two words" is enough. Names
// without a word, and those that PostgreSQL shortened, are not in a text as they are.
func (s *search) want(name string) {
	if name == "" {
		return
	}
	longest := ""
	hasWord(name, func(word string) bool {
		if len(word) > len(longest) {
			longest = word
		}
		return false
	})
	if longest == "" || len(name) > facts.MaxIdentifier-utf8.UTFMax {
		s.everything = true
		return
	}
	if s.wanted[longest] {
		return
	}
	s.wanted[longest] = true
	s.fresh = append(s.fresh, longest)
	if mayBeDerived(longest) {
		s.wantPrefixes(longest)
	}
}

// mayBeDerived reports whether PostgreSQL may have chosen a name, so that no text
// has it: orders_pkey, orders_total_key1.
func mayBeDerived(name string) bool {
	name = strings.TrimRight(name, "0123456789")
	return slices.ContainsFunc([]string{"_pkey", "_key", "_fkey", "_idx", "_check", "_excl", "_seq"}, func(label string) bool {
		return strings.HasSuffix(name, label)
	})
}

// wantPrefixes wants what may be the table of a derived name: orders_total_key is
// of orders, or of orders_total.
func (s *search) wantPrefixes(name string) {
	for i := strings.LastIndexByte(name, '_'); i > 0; i = strings.LastIndexByte(name[:i], '_') {
		s.want(name[:i])
	}
}

// setsSearchPath matches SET search_path = app; set_config('search_path', …) and ALTER
// DATABASE d SET search_path = app, but not the clause of a function, which its code follows.
var setsSearchPath = lazyregexp.New(`(?i)\bset\s+(session\s+)?search_path\b[^;$]*(;|\z)|\bset_config\b`)

// speaksOf reports whether a text has a name that is wanted, or a word after which
// it can be about any: a table that is renamed may be what a foreign key points at,
// one that is dropped with CASCADE takes the key along, and a publication can be FOR
// ALL TABLES. What sets the search path says where later names are found.
func (s *search) speaksOf(text string) bool {
	if strings.Contains(text, `&"`) {
		return true // U&"\0441": the name is not in the text
	}
	drops, sets := false, false
	return hasWord(text, func(word string) bool {
		switch word {
		case "search_path":
			if !sets && setsSearchPath.MatchString(text) {
				return true
			}
			sets = true
		case "rename", "schema", "policy", "security", "publication":
			return true
		case "drop":
			drops = true
		case "cascade":
			return drops || s.wanted[word]
		}
		return s.wanted[word]
	})
}

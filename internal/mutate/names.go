package mutate

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/migvet/migvet/lint"
)

// names are the names of objects, and words that may stand for something else.
type names struct{ made, relations, used map[string]bool }

// mixed returns a name in mixed case if it was made, and likewise what PostgreSQL
// derives from such: orders_total_check becomes Orders_Total_check.
func (n names) mixed(name string) string {
	if name != strings.ToLower(name) {
		return name
	}
	for _, end := range derivedEnds {
		if stem, ok := strings.CutSuffix(name, end); ok && n.stands(stem) {
			return n.mixedParts(stem) + end
		}
	}
	if n.made[name] && !n.used[name] && !isKeyword(name) {
		return mixedCase(name)
	}
	return name
}

var derivedEnds = []string{"_pkey", "_key", "_check", "_fkey", "_idx", "_seq", "_excl", "_not_null"}

// stands reports whether a derived name's stem begins with a relation.
func (n names) stands(stem string) bool {
	for relation := range n.relations {
		if stem == relation || strings.HasPrefix(stem, relation+"_") {
			return true
		}
	}
	return false
}

// mixedParts takes names from the front of a stem, the longest first.
func (n names) mixedParts(stem string) string {
	for end := len(stem); end > 0; end = strings.LastIndex(stem[:end], "_") {
		part := stem[:end]
		if !n.made[part] {
			continue
		}
		if !n.used[part] && !isKeyword(part) {
			part = mixedCase(part)
		}
		if end == len(stem) {
			return part
		}
		return part + "_" + n.mixedParts(stem[end+1:])
	}
	return stem
}

func isKeyword(name string) bool {
	tokens, err := lint.Scan(name)
	return err == nil && len(tokens) == 1 && tokens[0].KeywordKind != pg.KeywordKind_NO_KEYWORD
}

// namesMade collects the names in some texts.
func namesMade(texts []string) names {
	n := names{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for _, text := range texts {
		statements, _ := lint.Parse(text)
		for _, s := range statements {
			if s.Node != nil {
				n.collect(s.Node.ProtoReflect())
			}
		}
	}
	return n
}

func (n names) collect(m protoreflect.Message) {
	switch x := m.Interface().(type) {
	case *pg.CreateStmt:
		n.made[x.Relation.GetRelname()] = true
		n.relations[x.Relation.GetRelname()] = true
	case *pg.ViewStmt:
		n.made[x.View.GetRelname()] = true
	case *pg.IntoClause:
		n.made[x.Rel.GetRelname()] = true
	case *pg.CreateSeqStmt:
		n.made[x.Sequence.GetRelname()] = true
	case *pg.ColumnDef:
		n.made[x.Colname] = true
	case *pg.IndexStmt:
		n.made[x.Idxname] = true
	case *pg.Constraint:
		n.made[x.Conname] = true
	case *pg.CreateTrigStmt:
		n.made[x.Trigname] = true
	case *pg.CreatePolicyStmt:
		n.made[x.PolicyName] = true
	case *pg.CreateEnumStmt:
		n.made[lastOf(x.TypeName)] = true
	case *pg.CreateDomainStmt:
		n.made[lastOf(x.Domainname)] = true
	case *pg.CompositeTypeStmt:
		n.made[x.Typevar.GetRelname()] = true
	case *pg.RenameStmt:
		n.made[x.Newname] = true
	case *pg.TypeName:
		n.used[lastOf(x.Names)] = true
	case *pg.FuncCall:
		n.used[lastOf(x.Funcname)] = true
	case *pg.CreateFunctionStmt:
		n.used[lastOf(x.Funcname)] = true
	}
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() != protoreflect.MessageKind:
		case f.IsList():
			for i := range v.List().Len() {
				n.collect(v.List().Get(i).Message())
			}
		default:
			n.collect(v.Message())
		}
		return true
	})
}

func lastOf(list []*pg.Node) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1].GetString_().GetSval()
}

package trial

import (
	"slices"
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"

	"github.com/migvet/migvet/internal/yamltext"
	"github.com/migvet/migvet/lint"
	"github.com/migvet/migvet/lint/facts"
)

// A run stops at the first thing that is not there. Who writes the line for that would
// meet the next one, so one line has all of them: the migrations' texts tell.

// furnishing is what the configuration has to name.
type furnishing struct{ presets, roles, extensions []string }

// furnishingFor is all that migrations name and nobody makes, beside what a refusal is
// about.
func (t *trial) furnishingFor(missing object) (f furnishing) {
	f.add(t, missing)
	seen := map[object]bool{}
	for _, m := range t.Source.Head {
		for _, s := range m.Statements() {
			for _, o := range wantedIn(s) {
				if !seen[o] && !t.isFurnished(o) {
					f.add(t, o)
				}
				seen[o] = true
			}
		}
	}
	return f
}

func (f *furnishing) add(t *trial, o object) {
	switch extension := extensionOf(o); {
	case o.kind != "role" && extension != "":
		addName(&f.extensions, extension)
	case o.kind != "role":
	case platformOfRole[o.name] != "":
		addName(&f.presets, platformOfRole[o.name])
	default:
		addName(&f.roles, o.name)
	}
}

func addName(names *[]string, name string) {
	if !slices.Contains(*names, name) {
		*names = append(*names, name)
	}
}

// isFurnished reports whether an object is there, or made by a migration.
func (t *trial) isFurnished(o object) bool {
	if o.kind == "role" {
		_, there := t.shared.roles.roles[o.name]
		return there || strings.HasPrefix(o.name, "pg_") || slices.Contains(t.Environment.Roles, o.name) || t.presetMakes(facts.Role, o.name) || t.makes(o)
	}
	extension := extensionOf(o)
	return extension == "" || slices.Contains(t.Environment.Extensions, extension) || t.presetMakes(facts.Extension, extension) || t.makes(o) || t.creatorOf(extension) != nil
}

func (t *trial) presetMakes(kind facts.Kind, name string) bool {
	all, err := standIns(t.Environment.Presets)
	return err == nil && slices.ContainsFunc(all, func(n facts.Name) bool { return n.Kind == kind && n.Name == name })
}

// line is what to write, with what the configuration has already: a list replaces another.
func (f furnishing) line(t *trial) string {
	var keys []string
	key := func(name string, old, more []string) {
		if len(more) > 0 {
			keys = append(keys, name+": "+yamltext.List(append(slices.Clone(old), more...)))
		}
	}
	key("presets", t.presetNames(), f.presets)
	key("roles", t.Environment.Roles, f.roles)
	key("extensions", t.Environment.Extensions, f.extensions)
	return "write " + joinAnd(keys) + " in .migvet.yml"
}

func (t *trial) presetNames() (names []string) {
	for _, p := range t.Environment.Presets {
		names = append(names, p.Name)
	}
	return names
}

func joinAnd(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// wantedIn are the roles that a statement names, and what may be an extension's.
func wantedIn(s *lint.Statement) (all []object) {
	if drop := s.Node.GetDropRoleStmt(); drop != nil && drop.MissingOk || s.Node == nil {
		return nil
	}
	facts.WalkMessages(s.Node, func(m proto.Message) bool {
		if o := wantedOf(m); o.name != "" {
			all = append(all, o)
		}
		return true
	})
	return all
}

func wantedOf(m proto.Message) object {
	switch n := m.(type) {
	case *pg.RoleSpec:
		if n.Roletype == pg.RoleSpecType_ROLESPEC_CSTRING {
			return object{kind: "role", name: n.Rolename}
		}
	case *pg.TypeName:
		return wantedNamed("type", n.Names)
	case *pg.FuncCall:
		return wantedNamed("function", n.Funcname)
	case *pg.IndexElem:
		return wantedNamed("operator class", n.Opclass)
	case *pg.IndexStmt:
		return object{kind: "access method", name: n.AccessMethod}
	case *pg.AlterExtensionStmt:
		return object{kind: "extension", name: n.Extname}
	}
	return object{}
}

func wantedNamed(kind string, names []*pg.Node) object {
	o := object{kind: kind}
	for _, n := range names {
		o.schema, o.name = o.name, n.GetString_().GetSval()
	}
	return o
}

package facts

import pg "github.com/pganalyze/pg_query_go/v5"

// Kinds are the kinds of objects by the parser's numbers. A domain is a type,
// as it is for event triggers.
var Kinds = map[pg.ObjectType]Kind{
	pg.ObjectType_OBJECT_TABLE:         Table,
	pg.ObjectType_OBJECT_FOREIGN_TABLE: ForeignTable,
	pg.ObjectType_OBJECT_VIEW:          View,
	pg.ObjectType_OBJECT_MATVIEW:       MaterializedView,
	pg.ObjectType_OBJECT_INDEX:         Index,
	pg.ObjectType_OBJECT_SEQUENCE:      Sequence,
	pg.ObjectType_OBJECT_COLUMN:        Column,
	pg.ObjectType_OBJECT_TABCONSTRAINT: Constraint,
	pg.ObjectType_OBJECT_TYPE:          Type,
	pg.ObjectType_OBJECT_DOMAIN:        Type,
	pg.ObjectType_OBJECT_FUNCTION:      Function,
	pg.ObjectType_OBJECT_ROUTINE:       Function,
	pg.ObjectType_OBJECT_PROCEDURE:     Procedure,
	pg.ObjectType_OBJECT_AGGREGATE:     Aggregate,
	pg.ObjectType_OBJECT_SCHEMA:        Schema,
	pg.ObjectType_OBJECT_EXTENSION:     Extension,
	pg.ObjectType_OBJECT_PUBLICATION:   Publication,
	pg.ObjectType_OBJECT_TRIGGER:       Trigger,
	pg.ObjectType_OBJECT_POLICY:        Policy,
	pg.ObjectType_OBJECT_RULE:          Rule,
	pg.ObjectType_OBJECT_ROLE:          Role,

	pg.ObjectType_OBJECT_FOREIGN_SERVER:  "server",
	pg.ObjectType_OBJECT_FDW:             "foreign-data wrapper",
	pg.ObjectType_OBJECT_EVENT_TRIGGER:   "event trigger",
	pg.ObjectType_OBJECT_STATISTIC_EXT:   "statistics object",
	pg.ObjectType_OBJECT_ACCESS_METHOD:   "access method",
	pg.ObjectType_OBJECT_CAST:            "cast",
	pg.ObjectType_OBJECT_COLLATION:       "collation",
	pg.ObjectType_OBJECT_CONVERSION:      "conversion",
	pg.ObjectType_OBJECT_LANGUAGE:        "language",
	pg.ObjectType_OBJECT_OPERATOR:        "operator",
	pg.ObjectType_OBJECT_OPCLASS:         "operator class",
	pg.ObjectType_OBJECT_OPFAMILY:        "operator family",
	pg.ObjectType_OBJECT_TSCONFIGURATION: "text search configuration",
	pg.ObjectType_OBJECT_TSDICTIONARY:    "text search dictionary",
	pg.ObjectType_OBJECT_TSPARSER:        "text search parser",
	pg.ObjectType_OBJECT_TSTEMPLATE:      "text search template",
	pg.ObjectType_OBJECT_TRANSFORM:       "transform",
}

func (r *reader) drop(s *pg.DropStmt) {
	kind := Kinds[s.RemoveType]
	for _, object := range s.Objects {
		name := Qualified(kind, Parts(object))
		if table := name.Relation(); table != nil && (kind == Table || kind.IsPart()) {
			r.add(Fact{Verb: Locked, Name: Named(Table, table), Tree: s})
		}
		r.add(Fact{Verb: Dropped, Maybe: s.MissingOk, Name: name, Tree: s})
	}
}

func (r *reader) rename(s *pg.RenameStmt) {
	name := renamed(s)
	if name.Name == "" {
		return
	}
	to := name
	to.Name = s.Newname
	switch s.RenameType {
	case pg.ObjectType_OBJECT_TABLE, pg.ObjectType_OBJECT_COLUMN, pg.ObjectType_OBJECT_TABCONSTRAINT:
		r.add(Fact{Verb: Locked, Name: Named(Table, s.Relation), Tree: s})
	}
	r.add(Fact{Verb: Renamed, Maybe: s.MissingOk, Name: name, To: &to, Tree: s})
}

// renamed names what RENAME is about: a part of a relation, a relation, or
// what is named by a list.
func renamed(s *pg.RenameStmt) Name {
	kind := Kinds[s.RenameType]
	switch {
	case kind.IsPart() && s.Relation != nil:
		return PartOf(kind, s.Relation, s.Subname)
	case kind == Schema || kind == Role:
		return Name{Kind: kind, Name: s.Subname}
	case s.Relation != nil:
		return Named(kind, s.Relation)
	}
	return named(kind, s.Object)
}

func (r *reader) move(s *pg.AlterObjectSchemaStmt) {
	kind := Kinds[s.ObjectType]
	name := named(kind, s.Object)
	if s.Relation != nil {
		name = Named(kind, s.Relation)
	}
	to := name
	to.Schema = s.Newschema
	if kind == Table {
		r.add(Fact{Verb: Locked, Name: name, Tree: s})
	}
	r.add(Fact{Verb: Moved, Maybe: s.MissingOk, Name: name, To: &to, Tree: s})
}

// create reads CREATE and ALTER of what is neither table nor index.
func (r *reader) create(node *pg.Node) {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateTableAsStmt:
		as := n.CreateTableAsStmt
		r.add(Fact{Verb: Made | Filled, Maybe: as.IfNotExists, Name: Named(Kinds[as.Objtype], as.Into.GetRel()), Tree: as})
		r.copied(nil, as.Query, as.Into.GetRel())
	case *pg.Node_ViewStmt:
		r.add(Fact{Verb: Made, Maybe: n.ViewStmt.Replace, Name: Named(View, n.ViewStmt.View), Tree: n.ViewStmt})
	case *pg.Node_CreateSeqStmt:
		s := n.CreateSeqStmt
		r.owned(Fact{Verb: Made, Maybe: s.IfNotExists, Name: Named(Sequence, s.Sequence), Tree: s}, s.Options)
	case *pg.Node_AlterSeqStmt:
		s := n.AlterSeqStmt
		r.owned(Fact{Verb: Changed, Maybe: s.MissingOk, Name: Named(Sequence, s.Sequence), Tree: s}, s.Options)
	default:
		if !r.part(node) && !r.typ(node) && !r.routine(node) && !r.connection(node) {
			r.other(node)
		}
	}
}

// owned reads what is done to a sequence, and OWNED BY with it.
func (r *reader) owned(f Fact, options []*pg.Node) {
	for _, o := range options {
		owner := Words(o.GetDefElem().GetArg().GetList().GetItems())
		switch {
		case o.GetDefElem().GetDefname() != "owned_by":
		case len(owner) > 1:
			column := Qualified(Column, owner)
			f.Verb, f.To = f.Verb|Attached, &column
		default: // NONE
			f.Verb |= Detached
		}
	}
	r.add(f)
}

// part reads what is made on a table, under a lock on it.
func (r *reader) part(node *pg.Node) bool {
	var table *pg.RangeVar
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateTrigStmt:
		t := n.CreateTrigStmt
		table = t.Relation
		r.add(Fact{Verb: Made, Maybe: t.Replace, Name: PartOf(Trigger, table, t.Trigname), Tree: t})
	case *pg.Node_CreatePolicyStmt:
		table = n.CreatePolicyStmt.Table
		r.add(Fact{Verb: Made, Name: PartOf(Policy, table, n.CreatePolicyStmt.PolicyName), Tree: n.CreatePolicyStmt})
	case *pg.Node_AlterPolicyStmt:
		table = n.AlterPolicyStmt.Table
		r.add(Fact{Verb: Changed, Name: PartOf(Policy, table, n.AlterPolicyStmt.PolicyName), Tree: n.AlterPolicyStmt})
	case *pg.Node_RuleStmt:
		table = n.RuleStmt.Relation
		r.add(Fact{Verb: Made, Maybe: n.RuleStmt.Replace, Name: PartOf(Rule, table, n.RuleStmt.Rulename), Tree: n.RuleStmt})
	default:
		return false
	}
	r.add(Fact{Verb: Locked, Name: Named(Table, table), Tree: node})
	return true
}

func (r *reader) typ(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateEnumStmt:
		r.add(Fact{Verb: Made, Name: Qualified(Type, Words(n.CreateEnumStmt.TypeName)), Tree: n.CreateEnumStmt})
	case *pg.Node_AlterEnumStmt:
		r.add(Fact{Verb: Changed, Name: Qualified(Type, Words(n.AlterEnumStmt.TypeName)), Tree: n.AlterEnumStmt})
	case *pg.Node_CreateDomainStmt:
		r.add(Fact{Verb: Made, Name: Qualified(Type, Words(n.CreateDomainStmt.Domainname)), Tree: n.CreateDomainStmt})
	case *pg.Node_AlterDomainStmt:
		r.add(Fact{Verb: Changed, Name: Qualified(Type, Words(n.AlterDomainStmt.TypeName)), Tree: n.AlterDomainStmt})
	case *pg.Node_CreateRangeStmt:
		r.add(Fact{Verb: Made, Name: Qualified(Type, Words(n.CreateRangeStmt.TypeName)), Tree: n.CreateRangeStmt})
	case *pg.Node_CompositeTypeStmt:
		r.add(Fact{Verb: Made, Name: Named(Type, n.CompositeTypeStmt.Typevar), Tree: n.CompositeTypeStmt})
	case *pg.Node_DefineStmt:
		s := n.DefineStmt
		r.add(Fact{Verb: Made, Maybe: s.Replace, Name: Qualified(Kinds[s.Kind], Words(s.Defnames)), Tree: s})
	default:
		return false
	}
	return true
}

func (r *reader) routine(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateFunctionStmt:
		s := n.CreateFunctionStmt
		kind := Function
		if s.IsProcedure {
			kind = Procedure
		}
		r.add(Fact{Verb: Made, Maybe: s.Replace, Name: Qualified(kind, Words(s.Funcname)), Tree: s})
	case *pg.Node_AlterFunctionStmt:
		s := n.AlterFunctionStmt
		r.add(Fact{Verb: Changed, Name: Qualified(Kinds[s.Objtype], Words(s.GetFunc().GetObjname())), Tree: s})
	default:
		return false
	}
	return true
}

// connection reads databases, and what connects one with others.
func (r *reader) connection(node *pg.Node) bool {
	switch n := node.GetNode().(type) {
	case *pg.Node_DropdbStmt:
		r.add(Fact{Verb: Dropped, Maybe: n.DropdbStmt.MissingOk, Name: Name{Kind: Database, Name: n.DropdbStmt.Dbname}, Tree: n.DropdbStmt})
	case *pg.Node_CreatePublicationStmt:
		r.add(Fact{Verb: Made, Name: Name{Kind: Publication, Name: n.CreatePublicationStmt.Pubname}, Tree: n.CreatePublicationStmt})
		r.published(n.CreatePublicationStmt.Pubobjects, n.CreatePublicationStmt.Pubname, n.CreatePublicationStmt)
	case *pg.Node_AlterPublicationStmt:
		r.add(Fact{Verb: Changed, Name: Name{Kind: Publication, Name: n.AlterPublicationStmt.Pubname}, Tree: n.AlterPublicationStmt})
		r.published(n.AlterPublicationStmt.Pubobjects, n.AlterPublicationStmt.Pubname, n.AlterPublicationStmt)
	case *pg.Node_CreateSubscriptionStmt:
		r.add(Fact{Verb: Made, Name: Name{Kind: Subscription, Name: n.CreateSubscriptionStmt.Subname}, Tree: n.CreateSubscriptionStmt})
	case *pg.Node_AlterSubscriptionStmt:
		r.add(Fact{Verb: Changed, Name: Name{Kind: Subscription, Name: n.AlterSubscriptionStmt.Subname}, Tree: n.AlterSubscriptionStmt})
	case *pg.Node_DropSubscriptionStmt:
		r.add(Fact{Verb: Dropped, Maybe: n.DropSubscriptionStmt.MissingOk, Name: Name{Kind: Subscription, Name: n.DropSubscriptionStmt.Subname}, Tree: n.DropSubscriptionStmt})
	case *pg.Node_CreateUserMappingStmt:
		r.add(Fact{Verb: Made, Maybe: n.CreateUserMappingStmt.IfNotExists, Name: Name{Kind: UserMapping}, Tree: n.CreateUserMappingStmt})
	case *pg.Node_AlterUserMappingStmt:
		r.add(Fact{Verb: Changed, Name: Name{Kind: UserMapping}, Tree: n.AlterUserMappingStmt})
	case *pg.Node_DropUserMappingStmt:
		r.add(Fact{Verb: Dropped, Maybe: n.DropUserMappingStmt.MissingOk, Name: Name{Kind: UserMapping}, Tree: n.DropUserMappingStmt})
	default:
		return false
	}
	return true
}

// published reads the tables that a publication names.
func (r *reader) published(objects []*pg.Node, publication string, tree any) {
	to := Name{Kind: Publication, Name: publication}
	for _, o := range objects {
		if table := o.GetPublicationObjSpec().GetPubtable().GetRelation(); table != nil {
			r.add(Fact{Verb: Published, Name: Named(Table, table), To: &to, Tree: tree})
		}
	}
}

// other reads what few migrations make.
func (r *reader) other(node *pg.Node) {
	made := func(kind Kind, maybe bool, tree any, parts ...string) {
		r.add(Fact{Verb: Made, Maybe: maybe, Name: Qualified(kind, parts), Tree: tree})
	}
	switch n := node.GetNode().(type) {
	case *pg.Node_CreateSchemaStmt:
		r.schema(n.CreateSchemaStmt)
	case *pg.Node_CreateExtensionStmt:
		made(Extension, n.CreateExtensionStmt.IfNotExists, n.CreateExtensionStmt, n.CreateExtensionStmt.Extname)
	case *pg.Node_AlterExtensionStmt:
		r.add(Fact{Verb: Changed, Name: Name{Kind: Extension, Name: n.AlterExtensionStmt.Extname}, Tree: n.AlterExtensionStmt})
	case *pg.Node_CreateStatsStmt:
		made("statistics object", n.CreateStatsStmt.IfNotExists, n.CreateStatsStmt, Words(n.CreateStatsStmt.Defnames)...)
	case *pg.Node_CreateEventTrigStmt:
		made("event trigger", false, n.CreateEventTrigStmt, n.CreateEventTrigStmt.Trigname)
	case *pg.Node_CreateForeignServerStmt:
		made("server", n.CreateForeignServerStmt.IfNotExists, n.CreateForeignServerStmt, n.CreateForeignServerStmt.Servername)
	case *pg.Node_CreateFdwStmt:
		made("foreign-data wrapper", false, n.CreateFdwStmt, n.CreateFdwStmt.Fdwname)
	case *pg.Node_CreateRoleStmt:
		made(Role, false, n.CreateRoleStmt, n.CreateRoleStmt.Role)
	case *pg.Node_AlterOwnerStmt:
		s := n.AlterOwnerStmt
		r.add(Fact{Verb: Changed, Name: named(Kinds[s.ObjectType], s.Object), Tree: s})
	case *pg.Node_DropRoleStmt:
		for _, role := range n.DropRoleStmt.Roles {
			r.add(Fact{Verb: Dropped, Maybe: n.DropRoleStmt.MissingOk, Name: Name{Kind: Role, Name: RoleName(role)}, Tree: n.DropRoleStmt})
		}
	}
}

// schema reads CREATE SCHEMA with what it makes in it.
func (r *reader) schema(s *pg.CreateSchemaStmt) {
	r.add(Fact{Verb: Made, Maybe: s.IfNotExists, Name: Name{Kind: Schema, Name: s.Schemaname}, Tree: s})
	for _, element := range s.SchemaElts {
		var inner reader
		inner.statement(element)
		for _, f := range inner.facts {
			if f.Name.Schema == "" {
				f.Name.Schema = s.Schemaname
			}
			r.add(f)
		}
	}
}

package facts

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Walk visits a node and every node below it, the outer before the inner and
// the first before the next. Where visit returns false, it leaves out what is
// below. Of lower(name || $1) it visits the call, the operator, the column and
// the parameter. A nil node has nothing to visit.
//
// Some parts of a tree are no node: ALTER TABLE holds its table as a
// [pg.RangeVar], a column its type as a [pg.TypeName]. [WalkMessages] visits
// these too.
func Walk(n *pg.Node, visit func(n *pg.Node) (below bool)) {
	if n == nil || !visit(n) {
		return
	}
	switch node := n.Node.(type) {
	case *pg.Node_AConst, *pg.Node_String_, *pg.Node_Integer:
	case *pg.Node_ColumnRef:
		walkAll(node.ColumnRef.GetFields(), visit)
	case *pg.Node_FuncCall:
		if node.FuncCall.GetOver() != nil {
			walkOther(n, visit)
			return
		}
		walkAll(node.FuncCall.GetFuncname(), visit)
		walkAll(node.FuncCall.GetArgs(), visit)
		walkAll(node.FuncCall.GetAggOrder(), visit)
		Walk(node.FuncCall.GetAggFilter(), visit)
	case *pg.Node_TypeCast:
		Walk(node.TypeCast.GetArg(), visit)
		walkAll(node.TypeCast.GetTypeName().GetNames(), visit)
		walkAll(node.TypeCast.GetTypeName().GetTypmods(), visit)
		walkAll(node.TypeCast.GetTypeName().GetArrayBounds(), visit)
	default:
		walkOther(n, visit)
	}
}

func walkAll(nodes []*pg.Node, visit func(n *pg.Node) (below bool)) {
	for _, n := range nodes {
		Walk(n, visit)
	}
}

// walkOther goes on below a node by what protobuf tells of it, which takes ten times
// as long as to know it: defaults are mostly constants, calls and casts.
func walkOther(n *pg.Node, visit func(n *pg.Node) (below bool)) {
	walkNode(n.ProtoReflect(), func(m proto.Message) bool {
		child, isNode := m.(*pg.Node)
		if isNode {
			Walk(child, visit)
		}
		return !isNode
	})
}

// WalkMessages visits a message of a parse tree and every message below it, as
// [Walk] does. What a node wraps comes right after the node:
//
//	facts.WalkMessages(s.Node, func(m proto.Message) bool {
//		r, isRelation := m.(*pg.RangeVar)
//		if isRelation {
//			names = append(names, r.Relname)
//		}
//		return !isRelation
//	})
func WalkMessages(m proto.Message, visit func(m proto.Message) (below bool)) {
	if tree := m.ProtoReflect(); tree.IsValid() {
		walkMessage(tree, visit)
	}
}

func walkMessage(m protoreflect.Message, visit func(proto.Message) bool) {
	message := m.Interface()
	if !visit(message) {
		return
	}
	if _, isNode := message.(*pg.Node); isNode {
		walkNode(m, visit)
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); field.Message() != nil && m.Has(field) {
			walkField(m, field, visit)
		}
	}
}

// walkNode goes on with the one field of 250 that a node has: to ask for each
// of them makes lists slow.
func walkNode(m protoreflect.Message, visit func(proto.Message) bool) {
	if field := m.WhichOneof(m.Descriptor().Oneofs().Get(0)); field != nil {
		walkField(m, field, visit)
	}
}

func walkField(m protoreflect.Message, field protoreflect.FieldDescriptor, visit func(proto.Message) bool) {
	if !field.IsList() {
		walkMessage(m.Get(field).Message(), visit)
		return
	}
	list := m.Get(field).List()
	for i := range list.Len() {
		walkMessage(list.Get(i).Message(), visit)
	}
}

// bareFunctions are the functions that SQL calls without brackets.
// https://www.postgresql.org/docs/current/functions-datetime.html#FUNCTIONS-DATETIME-CURRENT
// https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION
var bareFunctions = map[pg.SQLValueFunctionOp]string{
	pg.SQLValueFunctionOp_SVFOP_CURRENT_DATE:        "current_date",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIME:        "current_time",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIME_N:      "current_time",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP:   "current_timestamp",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_TIMESTAMP_N: "current_timestamp",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIME:           "localtime",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIME_N:         "localtime",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP:      "localtimestamp",
	pg.SQLValueFunctionOp_SVFOP_LOCALTIMESTAMP_N:    "localtimestamp",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:        "current_role",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_USER:        "current_user",
	pg.SQLValueFunctionOp_SVFOP_USER:                "user",
	pg.SQLValueFunctionOp_SVFOP_SESSION_USER:        "session_user",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_CATALOG:     "current_catalog",
	pg.SQLValueFunctionOp_SVFOP_CURRENT_SCHEMA:      "current_schema",
}

// FunctionName returns the function that a node calls, "" when it calls none:
// "now" for now() and for pg_catalog.now(), "current_date" for CURRENT_DATE,
// "app.next_id" for app.next_id(1).
func FunctionName(n *pg.Node) string {
	if f := n.GetSqlvalueFunction(); f != nil {
		return bareFunctions[f.Op]
	}
	var parts []string
	for _, part := range n.GetFuncCall().GetFuncname() {
		parts = append(parts, part.GetString_().GetSval())
	}
	return strings.TrimPrefix(strings.Join(parts, "."), "pg_catalog.")
}

// CallText writes a call of a function, as [FunctionName] has it, as people
// do: now(), but CURRENT_TIMESTAMP.
func CallText(function string) string {
	for _, bare := range bareFunctions {
		if bare == function {
			return strings.ToUpper(function)
		}
	}
	return function + "()"
}

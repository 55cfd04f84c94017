package rules

import (
	"strings"

	pg "github.com/pganalyze/pg_query_go/v5"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// within visits an expression and all that is in it, outside first, until
// visit returns false, which leaves out what is below.
func within(expr *pg.Node, visit func(*pg.Node) bool) {
	if expr != nil {
		withinMessage(expr.ProtoReflect(), visit)
	}
}

func withinMessage(m protoreflect.Message, visit func(*pg.Node) bool) {
	if node, is := m.Interface().(*pg.Node); is {
		if visit(node) {
			withinNode(m, visit)
		}
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); field.Message() != nil && m.Has(field) {
			withinField(m, field, visit)
		}
	}
}

// withinNode goes on with the one field of 250 that a node has: to ask for each
// of them makes lists slow.
func withinNode(m protoreflect.Message, visit func(*pg.Node) bool) {
	if field := m.WhichOneof(m.Descriptor().Oneofs().Get(0)); field != nil {
		withinField(m, field, visit)
	}
}

func withinField(m protoreflect.Message, field protoreflect.FieldDescriptor, visit func(*pg.Node) bool) {
	if !field.IsList() {
		withinMessage(m.Get(field).Message(), visit)
		return
	}
	list := m.Get(field).List()
	for j := range list.Len() {
		withinMessage(list.Get(j).Message(), visit)
	}
}

// sqlValues names the functions that SQL writes without brackets.
var sqlValues = map[pg.SQLValueFunctionOp]string{
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

// functionName returns the function a node calls, "" when it calls none.
func functionName(n *pg.Node) string {
	if f := n.GetSqlvalueFunction(); f != nil {
		return sqlValues[f.Op]
	}
	return strings.TrimPrefix(strings.Join(words(n.GetFuncCall().GetFuncname()), "."), "pg_catalog.")
}

// called writes a function as people do: now(), but CURRENT_TIMESTAMP.
func called(name string) string {
	for _, word := range sqlValues {
		if word == name {
			return strings.ToUpper(name)
		}
	}
	return name + "()"
}
